"""The region table is whole: every province, the Greater Bay Area down to its districts and towns."""

import csv
from importlib import resources

import pytest

MAINLAND_BAY_CITIES = ("4401", "4403", "4404", "4406", "4407", "4412", "4413", "4419", "4420")


@pytest.fixture(scope="module")
def regions():
    with (resources.files("cailan.parties") / "data" / "regions.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def by_code(regions):
    return {row["code"]: row for row in regions}


def codes(regions, level, prefix=""):
    return [row["code"] for row in regions if row["level"] == level and row["code"].startswith(prefix)]


def test_no_code_stands_twice(regions, by_code):
    assert len(by_code) == len(regions)


def test_parents_exist_and_are_larger(regions, by_code):
    order = ["country", "province", "city", "district", "town"]
    roots = [row["code"] for row in regions if not row["parent"]]

    assert roots == ["CN"]
    for row in regions[1:]:
        parent = by_code[row["parent"]]
        assert order.index(parent["level"]) < order.index(row["level"]), row["code"]


def test_codes_are_as_long_as_their_level_asks_and_begin_with_the_parent(regions, by_code):
    for row in regions[1:]:
        length = 9 if row["level"] == "town" else 6
        assert len(row["code"]) == length
        if row["parent"] != "CN":
            assert row["code"].startswith(row["parent"].rstrip("0")[:4]), row


def test_names_stand_in_three_languages(regions):
    for row in regions:
        assert row["name_zh"]
        assert row["name_zh_hant"]
        assert row["name_en"]
        assert not set(row["name_en"]) & set("市区县镇")


def test_all_provinces(regions):
    assert len(codes(regions, "province")) == 34


def test_guangdong(regions):
    assert len(codes(regions, "city", "44")) == 21
    assert len(codes(regions, "district", "44")) >= 120
    assert len(codes(regions, "district", "4401")) == 11


def test_hong_kong_and_macao(regions, by_code):
    assert len(codes(regions, "district", "81")) == 18
    assert len(codes(regions, "district", "82")) == 8
    assert by_code["810011"]["name_en"] == "Tuen Mun"
    assert by_code["820007"]["name_en"] == "Cotai"


@pytest.mark.parametrize("city", MAINLAND_BAY_CITIES)
def test_the_bay_area_has_its_towns(regions, city):
    assert len(codes(regions, "town", city)) >= 20


@pytest.mark.parametrize("code", ["440113", "440115", "440117", "440118", "441900", "442000"])
def test_territorial_supervision_reaches_the_towns(regions, code):
    assert [row for row in regions if row["parent"] == code and row["level"] == "town"]


def test_the_bay_area_lies_where_it_is(regions):
    for row in regions:
        if row["code"][:2] in {"44", "81", "82"} and row["level"] in {"city", "district"}:
            assert 20 < float(row["latitude"]) < 26, row
            assert 109 < float(row["longitude"]) < 118, row


@pytest.mark.parametrize(
    ("code", "name_zh", "name_en", "name_zh_hant"),
    [
        ("440118", "增城区", "Zengcheng", "增城區"),
        ("440118107", "仙村镇", "Xiancun", "仙村鎮"),
        ("441422", "大埔县", "Dabu", "大埔縣"),
        ("440605126", "里水镇", "Lishui", "里水鎮"),
        ("610100", "西安市", "Xi'an", "西安市"),
        ("441900", "东莞市", "Dongguan", "東莞市"),
    ],
)
def test_known_places(by_code, code, name_zh, name_en, name_zh_hant):
    row = by_code[code]

    assert (row["name_zh"], row["name_en"], row["name_zh_hant"]) == (name_zh, name_en, name_zh_hant)
