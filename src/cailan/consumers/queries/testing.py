"""How lots stand with their tests."""

from collections.abc import Collection

from cailan.consumers.rules import Verdict, verdict
from cailan.quality import queries as quality


def verdicts_of(lot_ids: Collection[int]) -> dict[int, Verdict]:
    """Return the verdict on each lot, with what is known of the goods it was made from."""
    if not lot_ids:
        return {}
    return {
        pk: verdict(self_test=state.self_test, report=state.report, basket=basket)
        for pk, (state, basket) in quality.standing_of(lot_ids).items()
    }
