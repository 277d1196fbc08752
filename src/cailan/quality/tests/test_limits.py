"""Loading limits, and the places side by side."""

from datetime import date
from decimal import Decimal

import pytest

from cailan.kernel.access import SYSTEM
from cailan.kernel.problems import NotAllowed
from cailan.ledger import services as ledger
from cailan.lots.tests.factories import make_product
from cailan.parties.tests.factories import make_actor, make_party
from cailan.quality import queries, services
from cailan.quality.tests.factories import AT, LIMITS, make_limits

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return make_actor(make_party("operator"))


@pytest.fixture
def choy_sum():
    return make_product("菜心")


class TestLoading:
    def test_a_dry_run_counts_and_changes_nothing(self, operator, choy_sum):
        make_limits("place,substance,value,unit,source,valid_from\n")

        tried = services.load_limits(operator, LIMITS, at=AT, is_dry_run=True)
        loaded = services.load_limits(operator, LIMITS, at=AT)

        assert (tried.new, tried.is_dry_run) == (7, True)
        assert (loaded.new, loaded.same) == (7, 0)

    def test_again_changes_nothing_and_another_number_corrects(self, operator, choy_sum):
        make_limits()

        again = services.load_limits(operator, LIMITS, at=AT)
        corrected = services.load_limits(operator, LIMITS.replace("毒死蜱,0.02", "毒死蜱,0.05"), at=AT)

        assert (again.same, again.taken) == (7, 0)
        assert (corrected.same, corrected.changed) == (6, 1)
        judged = queries.judge(
            operator, product_id=choy_sum, substance="毒死蜱", value=Decimal("0.03"), unit="mg/kg", lod=None,
            on=date(2026, 11, 20),
        )  # fmt: skip
        assert judged.of("CN").verdict == "passed"

    def test_names_each_row_that_is_not_taken(self, operator, choy_sum):
        make_limits()
        text = (
            LIMITS
            + "CN,moonstones,毒死蜱,1,mg/kg,GB,,2021-01-01\nCN,vegetables,仙气,1,mg/kg,GB,,2021-01-01\n"
        )

        report = services.load_limits(operator, text, at=AT)

        assert [(one.line, one.where) for one in report.problems] == [(9, "category"), (10, "substance")]

    def test_only_who_manages_limits(self, choy_sum):
        with pytest.raises(NotAllowed):
            services.load_limits(make_actor(make_party("base")), LIMITS, at=AT)

    def test_the_starter_set_is_whole_and_all_of_it_to_be_verified(self):
        from django.core.management import call_command

        call_command("load_reference", verbosity=0)

        report = services.load_starter(at=AT)

        assert not report.problems
        sources = queries.sources_in_force(SYSTEM, on=date(2026, 11, 20))
        assert {place for place, *_ in sources} == {"CN", "HK", "MO"}
        assert sum(verified for *_rest, verified in sources) == 0
        assert services.load_starter(at=AT).taken == 0

    def test_the_starter_set_yields_to_what_somebody_verified(self, operator):
        from django.core.management import call_command

        call_command("load_reference", verbosity=0)
        services.load_starter(at=AT)
        head = "place,category,substance,value,unit,source,edition,valid_from,verified\n"
        services.load_limits(
            operator, f"{head}CN,vegetables,毒死蜱,0.01,mg/kg,GB 2763,2026,2021-09-03,1\n", at=AT
        )

        services.load_starter(at=AT)

        [line, *_rest] = queries.side_by_side(
            operator, on=date(2026, 11, 20), product_id=make_product("菠菜"), substance="毒死蜱"
        ).items
        assert (line.cells[0].value, line.cells[0].is_verified) == (Decimal("0.01"), True)

    def test_the_audit_finds_a_limit_changed_behind_its_back(self, choy_sum):
        from cailan.quality.models import Limit

        make_limits()
        ledger.sequence_once()
        Limit.objects.filter(substance__name_zh="吡虫啉").update(value=Decimal(50))

        report = ledger.audit(SYSTEM)

        assert [(one.kind, one.where) for one in report.alterations] == [("quality.limit", "value")]


class TestSideBySide:
    @pytest.mark.requirement("S0-1-2")
    def test_one_product_one_substance_three_places_and_the_strictest(self, operator, choy_sum):
        make_limits()

        [line] = queries.side_by_side(
            operator, on=date(2026, 11, 20), product_id=choy_sum, substance="毒死蜱"
        ).items

        assert [cell.value for cell in line.cells] == [Decimal("0.02"), Decimal(1), Decimal("0.1")]
        assert line.strictest.place == "CN"

    def test_a_day_before_the_edition_knows_less(self, operator, choy_sum):
        make_limits()

        [line] = queries.side_by_side(
            operator, on=date(2021, 1, 1), product_id=choy_sum, substance="毒死蜱"
        ).items

        assert line.cells[0] is None
        assert line.strictest.place == "MO"

    def test_pages_follow_each_other(self, operator, choy_sum):
        make_limits()

        first = queries.side_by_side(operator, on=date(2026, 11, 20), limit=2)
        second = queries.side_by_side(operator, on=date(2026, 11, 20), limit=2, cursor=first.next)

        assert len({one.substance for one in [*first.items, *second.items]}) == 4
        assert second.next == ""

    def test_costs_the_same_for_many(self, operator, choy_sum, django_assert_max_num_queries):
        make_limits()
        with django_assert_max_num_queries(5):
            queries.side_by_side(operator, on=date(2026, 11, 20), product_id=choy_sum)
