"""Time limits against a plain calendar, levels, measures, sums."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cailan.supervision.queries.calendar import listed_workdays
from cailan.supervision.rules.deadlines import (
    FINISH_DAYS,
    START_HOURS,
    Calendar,
    Level,
    after_working_days,
    limits,
)
from cailan.supervision.rules.measures import Measure, number_of, propose_level, propose_measure
from cailan.supervision.rules.regions import above
from cailan.supervision.rules.sums import Account, Figures, TooMuch, add, bars

DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))
KILOS = st.decimals(0, 1000, places=2)
SHIPPED = Calendar({one.day: one.is_workday for one in listed_workdays()})


def plainly(day, count, exceptions):
    """Count day by day, as one does with a finger on a paper calendar."""
    paper = {}
    one = day
    for _ in range(count * 12 + 40):
        one += timedelta(days=1)
        paper[one] = exceptions[one] if one in exceptions else one.isoweekday() <= 5
    working = [one for one, works in paper.items() if works]
    return working[count - 1]


class TestDeadlines:
    @given(DAYS, st.sampled_from([10, 20, 30]), st.dictionaries(DAYS, st.booleans(), max_size=40))
    def test_working_days_are_counted_as_on_paper(self, day, count, exceptions):
        assert after_working_days(day, count, Calendar(exceptions)) == plainly(day, count, exceptions)

    @given(DAYS, st.sampled_from([10, 20, 30]))
    def test_so_with_the_calendar_that_ships(self, day, count):
        assert after_working_days(day, count, SHIPPED) == plainly(day, count, SHIPPED.exceptions)

    @pytest.mark.parametrize(
        ("level", "hours", "last"),
        # 2026: 25–27 September and 1–7 October rest, 10 October works.
        [(Level.FIRST, 24, date(2026, 10, 15)), (Level.SECOND, 48, date(2026, 10, 29)),
         (Level.THIRD, 72, date(2026, 11, 12))],
    )  # fmt: skip
    def test_the_law_around_the_national_day(self, level, hours, last):
        known = datetime(2026, 9, 24, 1, tzinfo=UTC)

        found = limits(level, known_at=known, announced_at=known, calendar=SHIPPED)

        assert found.start_due == known + timedelta(hours=hours)
        assert found.finish_due.date() == last
        assert found.finish_due.utcoffset() == timedelta(hours=8)

    def test_an_announcement_before_midnight_counts_from_its_shanghai_day(self):
        late = datetime(2026, 11, 20, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai, a Friday
        later = late + timedelta(minutes=2)
        plain = Calendar()

        first, second = (
            limits(Level.FIRST, known_at=late, announced_at=at, calendar=plain).finish_due.date()
            for at in (late, later)
        )

        assert (first, second) == (date(2026, 12, 4), date(2026, 12, 4))
        assert set(START_HOURS) == set(FINISH_DAYS) == set(Level)


class TestMeasures:
    def test_consumers_make_it_a_recall(self):
        assert propose_measure(Decimal("0.5")) == Measure.RECALL
        assert propose_measure(Decimal(0)) == Measure.WITHDRAWAL

    @pytest.mark.parametrize(
        ("findings", "level"),
        [(["检出禁用农药 甲胺磷"], "1"), (["毒死蜱 0.37 mg/kg‖≤0.02 mg/kg"], "2"), (["标签无生产日期"], "3"),
         ([], "2"), (["标签; 毒死蜱 0.37 mg/kg"], "2")],
    )  # fmt: skip
    def test_level_by_what_was_found(self, findings, level):
        assert propose_level(findings).level == level

    def test_numbers(self):
        day = datetime(2026, 11, 20, tzinfo=UTC)
        assert number_of(Measure.RECALL, "440118", day, 7) == "ZH-440118-261120-007"
        assert number_of(Measure.WITHDRAWAL, "", day, 12) == "CH-000000-261120-012"

    def test_the_authority_above(self):
        assert [above(c) for c in ("440118107", "440118", "440100", "440000", "CN")] == [
            "440118", "440100", "440000", "CN", "",
        ]  # fmt: skip


FIGURES = st.builds(Figures, *[st.decimals(0, 40, places=1)] * 4)


class TestSums:
    @given(st.decimals(0, 100, places=1), st.lists(FIGURES, max_size=12))
    def test_never_more_than_there_was_and_nothing_settled_is_lost(self, start, answers):
        account = Account("KGM", start)
        for figures in answers:
            before = account
            try:
                account = add(before, figures)
            except TooMuch:
                continue
            assert account.returned == before.returned + figures.returned
            assert account.destroyed == before.destroyed + figures.destroyed
            assert account.told <= start
            assert account.recovered + account.kept + account.missing <= start
            assert min(account.secured, account.missing, account.untold) >= 0

    @given(st.decimals(1, 100, places=1), FIGURES)
    def test_the_most_that_is_named_may_be_entered(self, start, figures):
        account = Account("KGM", start)
        for _ in range(8):
            try:
                add(account, figures)
                return
            except TooMuch as error:
                refused = error
            is_less = 0 <= refused.most < getattr(figures, refused.field)
            assert is_less
            values = {n: getattr(figures, n) for n in ("set_aside", "returned", "destroyed", "missing")}
            figures = Figures(**{**values, refused.field: refused.most})
        raise AssertionError("lowering to what is named ends in an answer that is taken")

    def test_destroying_what_was_put_aside_counts_once(self):
        account = add(Account("KGM", Decimal(40)), Figures(set_aside=Decimal(40)))
        account = add(account, Figures(destroyed=Decimal(30)))
        assert (account.secured, account.destroyed, account.untold) == (10, 30, 0)

    def test_found_again_is_missing_no_more(self):
        account = add(Account("KGM", Decimal(10)), Figures(missing=Decimal(4), set_aside=Decimal(6)))
        account = add(account, Figures(set_aside=Decimal(3)))
        assert (account.secured, account.missing) == (9, 1)

    def test_a_responsible_party_destroys_its_own_first(self):
        account = Account("KGM", Decimal(10), received=Decimal(20))
        account = add(account, Figures(destroyed=Decimal(25)))
        assert account.recovered == 10

    def test_consumers_bring_back_at_most_what_they_bought(self):
        account = add(Account("KGM", Decimal(0), sold=Decimal(5)), Figures(taken_back=Decimal(5)))
        with pytest.raises(TooMuch):
            add(account, Figures(taken_back=Decimal("0.1")))

    def test_bars_add_weights_and_keep_pieces_apart(self):
        made = bars(
            [
                Account("KGM", Decimal(40), returned=Decimal(10)),
                Account("GRM", Decimal(500), destroyed=Decimal(500)),
                Account("H87", Decimal(3)),
                Account("KGM", None, destroyed=Decimal(7)),
                Account("KGM", Decimal(8), returned=Decimal(2), is_outside=True),
            ]
        )
        kilos, pieces = made
        assert (kilos.start, kilos.recovered, kilos.has_unstated) == (Decimal("40.5"), Decimal("10.5"), True)
        assert (kilos.outside, kilos.outside_recovered) == (8, 2)
        assert kilos.recovered_share == Decimal("25.9")
        assert (pieces.uom, pieces.start, pieces.open) == ("H87", 3, 3)
