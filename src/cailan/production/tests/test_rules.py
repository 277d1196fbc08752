"""Intervals and stores, for any treatments and any purchases."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cailan.production.rules.numbers import propose_number
from cailan.production.rules.safety import Ban, Treatment, earliest_harvest, why_not_harvest
from cailan.production.rules.store import (
    LabelInterval,
    NotEnoughInput,
    interval_for,
    take,
    why_not_use,
)

START = datetime(2026, 11, 1, 1, tzinfo=UTC)
amounts = st.decimals(min_value=Decimal("0.001"), max_value=Decimal(1000), places=3)


def treatment(number: int, day: int, interval: int) -> Treatment:
    start = START + timedelta(days=day)
    return Treatment(number, start, start.date(), f"药{number}", ("吡虫啉",), interval)


treatments = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8).map(
    lambda pairs: [treatment(number, *pair) for number, pair in enumerate(pairs, 1)]
)


class TestInterval:
    @given(treatments, st.integers(0, 130))
    def test_harvest_is_allowed_exactly_when_every_interval_has_passed(self, done, day):
        at = START + timedelta(days=day, hours=1)
        before = [one for one in done if one.started_at <= at]

        bar = why_not_harvest(done, at=at, day=at.date(), bans={})

        assert (bar is None) == all(at.date() >= one.free_from for one in before)
        if bar is not None:
            assert bar.allowed_from == max(one.free_from for one in before)
            assert bar.treatment.free_from == bar.allowed_from

    @given(treatments.filter(bool))
    def test_one_day_before_is_refused_and_the_day_itself_is_not(self, done):
        bar = earliest_harvest(done)
        at = START + timedelta(days=200)

        assert why_not_harvest(done, at=at, day=bar.allowed_from, bans={}) is None
        assert why_not_harvest(done, at=at, day=bar.allowed_from - timedelta(days=1), bans={})

    def test_counts_from_the_day_the_work_stopped(self):
        long_work = Treatment(1, START, date(2026, 11, 3), "药", (), 7)

        assert earliest_harvest([long_work]).allowed_from == date(2026, 11, 10)

    def test_work_after_the_harvest_does_not_count(self):
        assert why_not_harvest([treatment(1, 5, 30)], at=START, day=START.date(), bans={}) is None

    @given(st.integers(0, 5000))
    def test_after_a_banned_substance_it_is_never_allowed(self, days):
        at = START + timedelta(days=days)
        ban = Ban("克百威", date(2026, 6, 1), "公告")

        bar = why_not_harvest([treatment(7, 0, 0)], at=at, day=at.date(), bans={7: ban})

        assert (bar.allowed_from, bar.ban) == (None, ban)


class TestStore:
    @given(amounts, st.lists(amounts, max_size=12))
    def test_never_goes_below_zero_and_the_total_closes(self, bought, wishes):
        left, used = bought, Decimal(0)
        for wish in wishes:
            if wish > left:
                with pytest.raises(NotEnoughInput):
                    take(left, wish)
            else:
                left, used = take(left, wish), used + wish

        assert left >= 0
        assert bought == left + used

    @pytest.mark.parametrize("nothing", ["0", "-1"])
    def test_takes_something(self, nothing):
        with pytest.raises(NotEnoughInput):
            take(Decimal(5), Decimal(nothing))

    def test_a_crops_own_line_comes_before_the_line_for_every_crop(self):
        label = (LabelInterval(None, 7), LabelInterval(3, 14))

        assert (interval_for(label, 3), interval_for(label, 4)) == (14, 7)
        assert interval_for((LabelInterval(3, 14),), 4) is None

    def reason(self, **changes):
        asked = {
            "on": date(2026, 11, 20),
            "bought_on": date(2026, 11, 1),
            "expires_on": date(2026, 11, 20),
            "is_registered": True,
            "interval_days": 7,
            "crop": "菜心",
        }
        refusal = why_not_use("药", **(asked | changes))
        return refusal.code if refusal else ""

    def test_may_be_used_to_the_last_day(self):
        assert self.reason() == ""
        assert self.reason(on=date(2026, 11, 21)) == "input-expired"

    def test_is_used_after_it_was_bought(self):
        assert self.reason(on=date(2026, 10, 31)) == "input-not-bought-yet"

    def test_is_used_on_what_its_label_names(self):
        assert self.reason(interval_days=None) == "input-not-for-crop"
        assert self.reason(interval_days=None, is_registered=False) == ""


def test_numbers_count_on_where_one_is_taken():
    day = date(2026, 11, 20)

    assert propose_number("7", day, set()) == "7-261120"
    assert propose_number("7", day, {"7-261120", "7-261120-2"}) == "7-261120-3"
    assert len(propose_number("很" * 200, day, set())) <= 80
