"""Limits by day, judgements, quick tests, windows, the certificate's rules: as the field says them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cailan.quality.rules import certificate, judging, limit_file, limits, lineage, quick, sampling
from cailan.quality.rules.judging import Measured
from cailan.quality.rules.limits import Commodity, Limit

CHOY_SUM = Commodity(7, ("cabbages", "vegetables", "plants"))
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
AMOUNTS = st.decimals(Decimal("0.001"), Decimal(50), places=3)
D = Decimal


def limit(
    place="CN", value="0.1", *, product=None, category="", begins=date(2021, 1, 1), ends=None, unit="mg/kg"
):
    return Limit(
        1, place, product, category, "毒死蜱", None if value is None else D(value), unit, "", "GB 2763", "2021", "",
        begins, ends, is_verified=False,
    )  # fmt: skip


class TestWhichLimit:
    def test_the_products_own_comes_before_its_class_and_that_before_the_branch(self):
        rows = [
            limit(value="3", category="vegetables"),
            limit(value="2", category="cabbages"),
            limit(value="1", product=7),
            limit(value="9", category="fruit"),
        ]

        assert limits.in_force(rows, CHOY_SUM, date(2026, 1, 1))["CN"].value == 1
        assert limits.in_force(rows[:2], CHOY_SUM, date(2026, 1, 1))["CN"].value == 2
        assert limits.in_force(rows[:1], CHOY_SUM, date(2026, 1, 1))["CN"].value == 3
        assert limits.in_force(rows[3:], CHOY_SUM, date(2026, 1, 1)) == {}

    @given(change=DAYS, day=DAYS)
    def test_an_edition_holds_from_its_day_and_the_former_until_the_day_before(self, change, day):
        rows = [
            limit(value="2", category="vegetables", begins=date(2019, 1, 1), ends=change - timedelta(days=1)),
            limit(value="1", category="vegetables", begins=change),
        ]

        found = limits.in_force(rows, CHOY_SUM, day)["CN"]

        assert found.value == (1 if day >= change else 2)

    @given(begins=st.lists(DAYS, min_size=1, unique=True), day=DAYS)
    def test_of_open_editions_the_newest_that_has_begun_holds(self, begins, day):
        rows = [limit(value=str(one.toordinal()), category="vegetables", begins=one) for one in begins]

        found = limits.in_force(rows, CHOY_SUM, day).get("CN")

        started = [one for one in begins if one <= day]
        assert (found is None) == (not started)
        assert found is None or found.valid_from == max(started)

    @given(st.dictionaries(st.sampled_from(["CN", "HK", "MO", "GBA"]), st.none() | AMOUNTS, min_size=1))
    def test_the_strictest_is_below_all_others(self, values):
        found = limits.strictest(
            {place: limit(place, None if v is None else str(v)) for place, v in values.items()}
        )

        assert found.in_mg == min(D(0) if v is None else v for v in values.values())

    def test_units_are_compared_by_weight(self):
        found = limits.strictest({"CN": limit("CN", "0.2"), "HK": limit("HK", "100", unit="µg/kg")})

        assert found.place == "HK"


class TestJudging:
    @given(value=AMOUNTS, cn=AMOUNTS, hk=AMOUNTS, mo=AMOUNTS)
    def test_refused_by_exactly_those_whose_limit_is_passed(self, value, cn, hk, mo):
        known = {"CN": limit("CN", str(cn)), "HK": limit("HK", str(hk)), "MO": limit("MO", str(mo))}

        judged = judging.judge(Measured(value, "mg/kg"), known)

        assert judged.refused_by == tuple(p for p, one in known.items() if value > one.value)
        assert (judged.verdict == "failed") == (value > min(cn, hk, mo))

    def test_above_hong_kong_under_the_mainland_fails_the_basket_and_may_stay_on_the_mainland(self):
        judged = judging.judge(
            Measured(D("1.3"), "mg/kg"), {"CN": limit("CN", "2"), "HK": limit("HK", "0.7")}
        )
        concluded = judging.conclude([(judged.verdict, judged.refused_by)])

        assert [one.reason for one in judged.places] == ["within", "above", "no-limit"]
        assert concluded == judging.Conclusion("failed", ("HK",), ("CN", "MO"))

    def test_no_limit_known_is_said_and_neither_passes_nor_fails(self):
        judged = judging.judge(Measured(D(5), "mg/kg"), {})

        assert judged.verdict == "unknown"
        assert {one.reason for one in judged.places} == {"no-limit"}
        assert judging.conclude([("unknown", ())]).may_go_to == ()

    @pytest.mark.parametrize(
        ("value", "lod", "reason"),
        [("0.001", None, "found"), (None, "0.0005", "not-found"), (None, None, "not-found")],
    )
    def test_what_must_not_be_detected(self, value, lod, reason):
        measured = Measured(D(value) if value else None, "mg/kg", D(lod) if lod else None)

        assert judging.judge(measured, {"CN": limit(value=None)}).of("CN").reason == reason

    def test_a_method_that_cannot_see_the_limit_proves_nothing(self):
        judged = judging.judge(Measured(None, "mg/kg", D("0.5")), {"CN": limit(value="0.02")})

        assert judged.of("CN").reason == "too-coarse"
        assert judged.verdict == "unknown"

    @given(st.lists(st.tuples(st.sampled_from(["passed", "failed", "unknown"]), st.just(("HK",)))))
    def test_one_failure_fails_the_lot(self, judged):
        verdicts = {verdict for verdict, _places in judged}

        assert (judging.conclude(judged).verdict == "failed") == ("failed" in verdicts)


class TestQuick:
    @pytest.mark.parametrize(
        ("method", "values", "said"),
        [
            ("enzyme", ("12",), "negative"), ("enzyme", ("49.9",), "negative"), ("enzyme", ("50",), "repeat"),
            ("enzyme", ("62", "55"), "positive"), ("enzyme", ("62", "20"), "repeat"),
            ("enzyme", ("62", "20", "18"), "negative"), ("enzyme", (), "invalid"),
            ("enzyme-ny448", ("69",), "negative"), ("enzyme-ny448", ("70", "71"), "positive"),
            ("enzyme", ("140",), "invalid"),
        ],
    )  # fmt: skip
    def test_a_reader(self, method, values, said):
        assert quick.read(method, quick.Reading(tuple(map(D, values)))) == said

    @pytest.mark.parametrize(
        ("pad", "said"),
        [("white", "positive"), ("faint", "positive"), ("blue", "negative"), ("red", "invalid")],
    )
    def test_a_card(self, pad, said):
        assert quick.read("card", quick.Reading(pad=pad)) == said

    @pytest.mark.parametrize(
        ("line", "has_control", "said"),
        [("darker", True, "negative"), ("equal", True, "negative"), ("lighter", True, "positive"),
         ("none", True, "positive"), ("darker", False, "invalid"), ("", True, "invalid")],
    )  # fmt: skip
    def test_a_strip_is_competitive_and_without_its_control_line_invalid(self, line, has_control, said):
        assert quick.read("colloidal-gold", quick.Reading(line=line, has_control_line=has_control)) == said

    def test_chives_mislead_the_enzyme_not_the_strip(self):
        assert quick.is_misleading("enzyme", slug="chive", categories=("alliums", "vegetables"))
        assert not quick.is_misleading("colloidal-gold", slug="chive", categories=("alliums",))
        assert not quick.is_misleading("enzyme", slug="choy-sum", categories=("cabbages",))

    @given(st.integers(-10, 20_000))
    def test_one_may_object_for_four_hours(self, seconds):
        told = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)

        assert quick.may_object(told, told + timedelta(seconds=seconds)) == (0 <= seconds <= 4 * 3600)

    def test_working_days_pass_the_weekend(self):
        friday = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

        assert quick.after_working_days(friday, 7) == datetime(2026, 12, 1, 9, 0, tzinfo=UTC)

    def test_no_quick_test_confirms_a_quick_test(self):
        assert quick.why_not_confirmed("enzyme") == "quick-again"
        assert quick.why_not_confirmed("GB 23200.113") is None


class TestSigning:
    def found(self, *rows):
        return sampling.why_not_signed([sampling.Found(*row) for row in rows])

    def test_needs_a_method_of_the_laboratory(self):
        assert self.found() == ("no-results", ())
        assert self.found(("毒死蜱", "colloidal-gold", "passed"))[0] == "only-quick"
        assert self.found(("毒死蜱", "GB 23200.113", "passed")) is None

    def test_a_positive_quick_test_needs_the_same_substance_by_another_method(self):
        positive = ("毒死蜱", "colloidal-gold", "failed")

        assert self.found(positive, ("镉", "GB 5009.15", "passed")) == ("unconfirmed", ("毒死蜱",))
        assert self.found(positive, ("毒死蜱", "GB 23200.113", "passed")) is None

    def test_needs_something_that_a_limit_judges(self):
        assert self.found(("某物", "GB 1", "unknown"))[0] == "nothing-judged"


def case(**fields):
    values = {
        "pattern": "producer", "day": date(2026, 11, 20), "bases": ("control",), "quantity": D(100), "uom": "KGM",
        "is_held": False, "has_failed": False, "banned": (), "uncovered": {}, "untested": (), "sources": (),
    }  # fmt: skip
    return certificate.Case(**(values | fields))


def sources(*quantities, is_void=False):
    return tuple(
        certificate.Source(pk, D(quantity), "KGM", is_void=is_void) for pk, quantity in enumerate(quantities)
    )


class TestCertificate:
    @given(DAYS)
    def test_the_form_is_that_of_the_day(self, day):
        form = certificate.form_on("producer", day)

        wanted = None if day < date(2021, 11, 4) else "2021" if day < date(2026, 2, 1) else "2026"
        assert (form.version if form else None) == wanted

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({}, None),
            ({"banned": ("克百威",)}, "banned-used"),
            ({"is_held": True}, "lot-held"),
            ({"has_failed": True}, "lot-failed"),
            ({"bases": ()}, "no-basis"),
            ({"bases": ("own-word",)}, "other-form"),
            ({"bases": ("own-word",), "day": date(2025, 5, 1)}, None),
            ({"bases": ("self-test",), "untested": ("self-test",)}, "no-self-test"),
            ({"bases": ("self-test",), "uncovered": {"self-test": ("吡虫啉",)}}, "not-covered"),
            ({"day": date(2020, 1, 1)}, "no-form"),
            ({"pattern": "purchaser"}, "no-source"),
            ({"pattern": "purchaser", "sources": sources("60")}, "sources-too-small"),
            ({"pattern": "purchaser", "sources": sources("100", is_void=True)}, "no-source"),
            ({"pattern": "purchaser", "sources": sources("50", "50")}, None),
        ],
    )  # fmt: skip
    def test_may_or_may_not_be_issued(self, fields, code):
        refusal = certificate.why_not(case(**fields))

        assert (refusal.code if refusal else None) == code

    def test_both_patterns_promise_something_else(self):
        producer, purchaser = (
            certificate.form_on(one, date(2026, 3, 1)) for one in ("producer", "purchaser")
        )

        assert "未使用禁用农药" in producer.promises[0]
        assert "收取并保存" in purchaser.promises[0]


HEAD = "place,product,category,substance,value,unit,source,valid_from\n"


class TestLimitFile:
    def test_reads_a_row_also_with_chinese_heads(self):
        [row] = limit_file.read(
            "地区,类别,物质,限量,单位,标准,生效\n香港,蔬菜,毒死蜱,不得检出,微克/千克,Cap. 132CM,2014-08-01\n"
        )

        assert (row.place, row.category, row.value, row.unit) == ("HK", "蔬菜", None, "µg/kg")

    @pytest.mark.parametrize(
        ("line", "where"),
        [
            ("XX,,,毒死蜱,1,mg/kg,GB,2021-01-01", "place"), ("CN,,,毒死蜱,-1,mg/kg,GB,2021-01-01", "value"),
            ("CN,,,毒死蜱,much,mg/kg,GB,2021-01-01", "value"), ("CN,,,毒死蜱,NaN,mg/kg,GB,2021-01-01", "value"),
            ("CN,,,毒死蜱,1e9,mg/kg,GB,2021-01-01", "value"), ("CN,,,毒死蜱,1,kg,GB,2021-01-01", "unit"),
            ("CN,,,毒死蜱,1,mg/kg,GB,yesterday", "valid_from"), ("CN,a,b,毒死蜱,1,mg/kg,GB,2021-01-01", "category"),
            ("CN,,,,1,mg/kg,GB,2021-01-01", "substance"), ("CN,,,毒\x00,1,mg/kg,GB,2021-01-01", "substance"),
        ],
    )  # fmt: skip
    def test_says_where_a_row_is_wrong(self, line, where):
        [problem] = limit_file.read(HEAD + line)

        assert (problem.line, problem.where) == (2, where)

    @given(st.text(max_size=400))
    def test_any_text_is_read_without_breaking(self, text):
        assert all(one.line >= 0 for one in limit_file.read(HEAD + text))

    def test_a_missing_column_is_named(self):
        [problem] = limit_file.read("place,value\nCN,1\n")

        assert problem.where == "substance"


class TestLineage:
    def test_a_packed_lot_stands_as_all_its_inputs(self):
        made_from = {3: frozenset({1, 2})}

        assert lineage.standing(3, {1: "passed", 2: "passed"}, made_from) == "passed"
        assert lineage.standing(3, {1: "passed", 2: "none"}, made_from) == ""
        assert lineage.standing(3, {1: "passed", 2: "failed", 3: "passed"}, made_from) == "failed"

    def test_loops_of_repacking_end(self):
        assert lineage.standing(1, {}, {1: frozenset({2}), 2: frozenset({1})}) == ""

    def test_parents_are_read_from_processes(self):
        parents = lineage.parents([(10, 1), (11, None), (12, 3)])

        assert parents.of([(10, 11), (11, 12), (None, 10)]) == {3: frozenset({1})}
