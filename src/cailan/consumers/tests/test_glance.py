"""The first look: no better than the worst part."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cailan.consumers.rules import Standing, Verdict, standing, verdict, weigh

STATES = st.sampled_from(["none", "pending", "passed", "failed"])
VERDICTS = st.sampled_from(list(Verdict))


@given(self_test=STATES, report=STATES, basket=st.sampled_from(["", "passed", "failed"]))
def test_one_failure_is_enough(self_test, report, basket):
    found = verdict(self_test=self_test, report=report, basket=basket)

    assert (found == Verdict.FAILED) == ("failed" in {self_test, report, basket})


@pytest.mark.parametrize(
    ("self_test", "report", "basket", "expected"),
    [
        ("passed", "passed", "", Verdict.PASSED),
        ("none", "none", "passed", Verdict.PASSED),
        ("passed", "none", "", Verdict.SELF_TESTED),
        ("passed", "pending", "", Verdict.SELF_TESTED),
        ("pending", "none", "", Verdict.PENDING),
        ("none", "pending", "", Verdict.PENDING),
        ("none", "none", "", Verdict.NONE),
    ],
)
def test_a_laboratory_counts_more_than_the_grower(self_test, report, basket, expected):
    assert verdict(self_test=self_test, report=report, basket=basket) == expected


@given(verdicts=st.lists(VERDICTS, max_size=6), is_held=st.booleans(), is_void=st.booleans())
def test_a_recall_is_said_before_everything(verdicts, is_held, is_void):
    assert standing(verdicts, is_recalled=True, is_held=is_held, is_void=is_void) == Standing.RECALLED


@given(verdicts=st.lists(VERDICTS, min_size=1, max_size=6))
def test_is_tested_only_if_every_line_is(verdicts):
    found = standing(verdicts, is_recalled=False, is_held=False)

    assert (found == Standing.TESTED) == (set(verdicts) == {Verdict.PASSED})


def test_nothing_known_is_not_safe():
    assert standing([], is_recalled=False, is_held=False) == Standing.UNTESTED


@pytest.mark.parametrize(
    ("quantity", "uom", "kilograms", "jin"),
    [
        ("12.5", "KGM", "12.5", "25"),
        ("350", "GRM", "0.35", "0.7"),
        ("1200", "KGM", "1,200", "2,400"),
        ("2", "TNE", "2,000", "4,000"),
    ],
)
def test_a_weight_in_both_units(quantity, uom, kilograms, jin):
    found = weigh(Decimal(quantity), uom)

    assert (found.kilograms, found.jin) == (kilograms, jin)


def test_what_is_counted_has_no_weight():
    assert weigh(Decimal(3), "H87") is None
