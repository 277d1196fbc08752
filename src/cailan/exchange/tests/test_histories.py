"""After any history of foreign events, in one document or two, every balance closes."""

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cailan.exchange.tests.documents import (
    BOX,
    CENTRE,
    FARM,
    ITEM,
    LOT,
    OTHER,
    SHOP,
    capture,
    event,
    quantity,
)
from cailan.lots import queries as lots
from cailan.parties.tests.factories import make_actor, make_party

PLACES = st.sampled_from([FARM, CENTRE, SHOP])
LOTS = st.sampled_from([LOT, OTHER])
AMOUNTS = st.one_of(st.none(), st.integers(0, 50), st.decimals("0.001", "50", places=3).map(float))


@st.composite
def any_event(draw, hour):
    kind = draw(
        st.sampled_from(["add", "see", "sell", "lose", "pack", "unpack", "empty", "process", "box", "deal"])
    )
    things = [quantity(draw(LOTS), draw(AMOUNTS)) for _ in range(draw(st.integers(1, 2)))]
    at = draw(PLACES)
    step = draw(st.sampled_from(["storing", "receiving", "shipping", "accepting"]))
    match kind:
        case "add":
            return event(
                hour, action="ADD", at=at, quantityList=things, epcList=draw(st.sampled_from([[], [ITEM]]))
            )
        case "see":
            return event(hour, at=at, bizStep=step, quantityList=things)
        case "sell":
            return event(hour, at=at, bizStep="retail_selling", quantityList=things)
        case "lose":
            return event(hour, action="DELETE", at=at, quantityList=things)
        case "pack":
            return event(
                hour,
                "AggregationEvent",
                "ADD",
                at=at,
                parentID=BOX,
                childQuantityList=things,
                childEPCs=[ITEM],
            )
        case "unpack":
            return event(hour, "AggregationEvent", "DELETE", parentID=BOX, childQuantityList=things)
        case "empty":
            return event(hour, "AggregationEvent", "DELETE", parentID=BOX)
        case "box":
            return event(hour, at=at, bizStep=step, epcList=[BOX, ITEM])
        case "deal":
            return event(
                hour,
                "TransactionEvent",
                "ADD",
                sold_by=draw(PLACES),
                sold_to=draw(PLACES),
                quantityList=things,
                bizTransactionList=[{"bizTransaction": "urn:x:po:1"}],
            )
    return event(
        hour,
        "TransformationEvent",
        at=at,
        inputQuantityList=things,
        outputQuantityList=[quantity(draw(LOTS), draw(AMOUNTS))],
    )


HISTORIES = st.integers(1, 8).flatmap(lambda length: st.tuples(*(any_event(hour) for hour in range(length))))


class TestAnyHistory(TestCase):
    @given(HISTORIES, st.integers(1, 8))
    def test_every_balance_closes(self, history, cut):
        actor = make_actor(make_party("circulation"))

        capture(actor, *history[:cut])
        if history[cut:]:
            capture(actor, *history[cut:])

        assert lots.unbalanced() == ()
        assert capture(actor, *history, instanceIdentifier="again").new_count == 0
