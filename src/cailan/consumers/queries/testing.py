"""How lots stand with their tests."""

from collections.abc import Collection

from cailan.consumers.rules import Verdict, verdict
from cailan.quality import queries as quality


def verdicts_of(lot_ids: Collection[int]) -> dict[int, Verdict]:
    """Return the verdict on each lot, with what is known of the goods it was made from."""
    ids = set(lot_ids)
    if not ids:
        return {}
    states, baskets = quality.state_of(ids), quality.basket_of(ids)
    return {
        pk: verdict(self_test=states[pk].self_test, report=states[pk].report, basket=baskets[pk])
        for pk in ids
    }
