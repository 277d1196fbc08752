"""Substances by any name, prohibitions by day and by what they are used on."""

import csv
from collections import Counter
from datetime import date
from importlib import resources

import pytest
from django.core.management import call_command
from django.db import connection

from cailan.kernel.access import SYSTEM
from cailan.ledger import services as ledger
from cailan.products import queries
from cailan.products.rules.names import key_of
from cailan.products.rules.substances import SubstanceKind

NOW, BEFORE = date(2026, 11, 20), date(2026, 5, 31)


def rows_of(name):
    with (resources.files("cailan.products") / "data" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def is_cas(number: str) -> bool:
    *body, check = number.replace("-", "")
    return sum(place * int(digit) for place, digit in enumerate(reversed(body), 1)) % 10 == int(check)


class TestLists:
    def test_no_name_leads_to_two_substances(self):
        names = Counter(
            key
            for row in rows_of("substances.csv")
            for key in {
                key_of(name) for name in (row["name_zh"], row["name_en"], *row["aliases"].split("|")) if name
            }
        )

        assert [name for name, times in names.items() if times > 1] == []

    def test_numbers_and_kinds_are_what_they_say(self):
        rows = rows_of("substances.csv")

        assert [row["name_zh"] for row in rows if row["cas"] and not is_cas(row["cas"])] == []
        assert {row["kind"] for row in rows} == set(SubstanceKind)

    def test_every_prohibition_is_of_a_listed_substance(self):
        known = {row["name_zh"] for row in rows_of("substances.csv")}

        assert {row["substance"] for row in rows_of("banned.csv")} <= known

    def test_fifty_four_pesticides_are_forbidden_everywhere_since_june_2026(self):
        everywhere = {row["substance"] for row in rows_of("banned.csv") if row["scope"] == "all"}

        assert len(everywhere - {"氟虫腈"}) == 54


@pytest.mark.django_db
class TestQueries:
    @pytest.fixture(autouse=True)
    def _loaded(self):
        call_command("load_reference", verbosity=0)

    @pytest.mark.parametrize(
        ("said", "meant"),
        [
            ("呋喃丹", "克百威"),
            ("万灵", "灭多威"),
            ("铁灭克", "涕灭威"),
            ("3911", "甲拌磷"),
            ("乐斯本", "毒死蜱"),
            ("Carbofuran", "克百威"),
            (" 1563-66-2 ", "克百威"),
            ("2,4-滴丁酯", "2,4-滴丁酯"),
        ],
    )
    def test_finds_by_any_name(self, said, meant):
        assert queries.substance_named(said).name_zh == meant

    def test_knows_nothing_of_other_names(self):
        assert queries.substance_named("茶枯粉") is None
        assert queries.substance_named("") is None

    def test_searches_parts_of_names(self):
        assert "克百威" in [one.name_zh for one in queries.search_substances("百威")]

    def test_a_ban_begins_on_its_day(self):
        assert queries.banned(["呋喃丹"], category="fungi", on=BEFORE) == {}
        ban = queries.banned(["呋喃丹"], category="fungi", on=date(2026, 6, 1))["呋喃丹"]

        assert (ban.substance, ban.valid_from, ban.is_for_all) == ("克百威", date(2026, 6, 1), True)

    def test_before_its_ban_it_was_restricted(self):
        ban = queries.banned(["克百威"], category="leafy", on=BEFORE)["克百威"]

        assert (ban.is_for_all, ban.valid_from) == (False, date(2002, 6, 5))

    def test_a_restriction_covers_the_branch_and_no_other(self):
        assert "毒死蜱" in queries.banned(["毒死蜱"], category="leafy", on=NOW)
        assert queries.banned(["毒死蜱"], category="citrus", on=NOW) == {}

    def test_a_restriction_on_one_product_leaves_its_branch_free(self):
        assert "比久" in queries.banned(["比久"], category="grains", product="peanut", on=NOW)
        assert queries.banned(["比久"], category="grains", product="rice", on=NOW) == {}

    def test_coating_of_seed_is_spared_where_the_order_spares_it(self):
        assert queries.banned(["氟虫腈"], category="grains", on=NOW, use="seed_coating") == {}
        assert "氟虫腈" in queries.banned(["氟虫腈"], category="grains", on=NOW)
        assert "氟虫腈" in queries.banned(["氟虫腈"], category="leafy", on=NOW, use="seed_coating")

    def test_loading_again_changes_nothing_and_a_changed_row_is_named(self):
        call_command("load_reference", verbosity=0)
        assert not ledger.audit(SYSTEM).alterations

        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE products_bannedsubstance SET valid_from = '2027-06-01' WHERE notice LIKE '%736%'"
            )
            cursor.execute("UPDATE products_substance SET cas = '' WHERE name_zh = '毒死蜱'")

        named = Counter(one.where for one in ledger.audit(SYSTEM).alterations)
        assert named == {"missing": 4, "added": 4, "substance": 1}
