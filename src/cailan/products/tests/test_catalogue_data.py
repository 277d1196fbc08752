"""The base product library is wide enough to choose from, and every name leads to one product."""

import csv
from collections import defaultdict
from decimal import Decimal
from importlib import resources

import pytest

from cailan.products.rules import units

BASKET = {"vegetables", "fruit", "aquatic", "poultry", "eggs", "pigs", "fungi"}


def rows_of(name):
    with (resources.files("cailan.products") / "data" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def products():
    return rows_of("products.csv")


@pytest.fixture(scope="module")
def categories():
    return {row["code"]: row for row in rows_of("categories.csv")}


@pytest.fixture(scope="module")
def by_name(products):
    found = defaultdict(set)
    for row in products:
        for name in [
            row["name_zh"],
            row["name_zh_hant"],
            row["name_en"],
            row["name_yue"],
            *row["aliases"].split("|"),
        ]:
            if name:
                found["".join(name.split()).lower()].add(row["slug"])
    return found


def ancestors(categories, code):
    while code:
        yield code
        code = categories[code]["parent"]


def test_the_tree_grows_from_plants_animals_and_micro_organisms(categories):
    assert {code for code, row in categories.items() if not row["parent"]} == {
        "plants",
        "animals",
        "micro_organisms",
    }
    for code in categories:
        assert len(list(ancestors(categories, code))) <= 3


def test_the_six_basket_categories_and_fungi_are_marked(categories):
    assert {code for code, row in categories.items() if row["is_basket"] == "1"} == BASKET


def test_a_finer_class_begins_with_its_parents_code(categories):
    for row in categories.values():
        if row["nyt3177_code"] and row["parent"]:
            assert row["nyt3177_code"].startswith(categories[row["parent"]]["nyt3177_code"]), row


def test_there_is_enough_to_choose_from(products, categories):
    counts = defaultdict(int)
    for row in products:
        for code in ancestors(categories, row["category"]):
            counts[code] += 1

    assert len(products) >= 170
    assert {code: counts[code] for code in BASKET if counts[code] < 8} == {}


def test_slugs_are_unique_and_ascii(products):
    slugs = [row["slug"] for row in products]

    assert len(set(slugs)) == len(slugs)
    assert all(slug.isascii() and slug == slug.lower() and len(slug) <= 60 for slug in slugs)


def test_no_name_leads_to_two_products(by_name):
    assert {name: slugs for name, slugs in by_name.items() if len(slugs) > 1} == {}


def test_every_product_is_complete(products, categories):
    for row in products:
        assert row["category"] in categories, row
        assert all(row[column] for column in ("name_zh", "name_zh_hant", "name_en", "pinyin", "uom")), row
        assert row["pinyin"].isascii(), row
        assert len(row["pinyin"].split()) == len(row["name_zh"]), row
        assert row["uom"] in units.UNITS, row
        assert Decimal(row["storage_min_celsius"]) <= Decimal(row["storage_max_celsius"]), row


def test_codes_have_the_shape_of_their_standard(products, categories):
    for row in products:
        assert len(row["nyt3177_code"]) in {0, 2, 4, 6}, row
        assert len(row["gbt7635_code"]) in {0, 8}, row
        assert len(row["hs_code"]) in {0, 6}, row
        own = categories[row["category"]]["nyt3177_code"]
        assert (
            not row["nyt3177_code"]
            or own.startswith(row["nyt3177_code"])
            or row["nyt3177_code"].startswith(own)
        )


def test_no_two_products_share_a_gbt7635_code(products):
    codes = [row["gbt7635_code"] for row in products if row["gbt7635_code"]]

    assert len(set(codes)) == len(codes) >= 50


@pytest.mark.parametrize(
    ("name", "zh"),
    [
        ("菜芯", "菜心"),
        ("菜薹", "菜心"),
        ("choy sum", "菜心"),
        ("Choy Sum", "菜心"),
        ("通菜", "蕹菜"),
        ("空心菜", "蕹菜"),
        ("西蘭花", "青花菜"),
        ("土豆", "马铃薯"),
        ("薯仔", "马铃薯"),
        ("豆角", "长豇豆"),
        ("矮瓜", "茄子"),
        ("鯇魚", "草鱼"),
        ("鲩鱼", "草鱼"),
        ("生蚝", "牡蛎"),
        ("豬脷", "猪舌"),
        ("车厘子", "樱桃"),
        ("皮皮虾", "濑尿虾"),
    ],
)
def test_market_names_lead_to_the_product(products, by_name, name, zh):
    (slug,) = by_name["".join(name.split()).lower()]

    assert next(row["name_zh"] for row in products if row["slug"] == slug) == zh
