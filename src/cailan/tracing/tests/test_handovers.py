"""A hand-over told by both sides is one step of the chain; what nobody confirmed stays on its way."""

from datetime import timedelta
from decimal import Decimal

import pytest

from cailan.lots import services
from cailan.lots.rules.requests import Accept, Dispatch, Line, Parcel, TakeBack
from cailan.lots.tests.factories import AT, make_lot
from cailan.parties.tests.factories import make_actor, make_party
from cailan.tracing import queries
from cailan.tracing.rules import measures, story

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


@pytest.fixture
def hand_over():
    """Send 40 kg of 100 to a stall, which says that 38 came."""
    seller, buyer = make_actor(make_party("merchant", "阿强")), make_actor(make_party("merchant", "陈姐"))
    lot = make_lot(seller, "100", at=AT - timedelta(hours=1))
    sent = services.record(
        seller,
        Dispatch(
            occurred_at=AT, lines=(Line(lot.code, Decimal(40), "KGM"),), to_party_id=buyer.party_id, document="XS-1"
        ),
        at=AT,
    )  # fmt: skip
    parcel = Parcel(sent.holding_ids[0], Decimal(38), "KGM")
    services.record(buyer, Accept(occurred_at=LATER, parcels=(parcel,)), at=LATER)
    return seller, buyer, lot, sent.holding_ids[0]


def settle(seller, holding_id):
    parcel = Parcel(holding_id, Decimal(2), "KGM")
    services.record(seller, TakeBack(occurred_at=LATER, parcels=(parcel,)), at=LATER)


def test_the_step_goes_from_seller_to_buyer_with_the_sellers_paper_and_both_signatures(hand_over):
    seller, buyer, lot, _ = hand_over

    trace = queries.trace(seller, lot.code)

    holder = {node.id: node.holder_id for node in trace.chain.nodes}
    [step] = [edge for edge in trace.chain.edges if holder.get(edge.target_id) == buyer.party_id]
    assert holder[step.source_id] == seller.party_id
    assert (step.quantity, step.proof, step.document) == (38, "counter_signed", "XS-1")
    assert len(queries.seals(seller, trace)) == 3  # the lot, the sending, the acceptance
    assert [entry.step for entry in story.tell(trace.chain, trace.events, ())] == [
        "commissioning", "shipping", "accepting",
    ]  # fmt: skip


def test_what_is_not_confirmed_is_a_gap_and_counts_as_the_sellers(hand_over):
    seller, _, lot, holding_id = hand_over

    trace = queries.trace(seller, lot.code)

    assert [gap for gap in trace.gaps if gap.code == "not-confirmed"] == [
        measures.Gap(holding_id, "not-confirmed")
    ]
    [on_its_way] = [node for node in trace.chain.nodes if node.is_in_transit]
    assert (on_its_way.quantity, on_its_way.remaining, on_its_way.consignee) == (2, 2, "陈姐")
    row = {row.holder_id: row for row in queries.scope(seller, lot.code).holders}[seller.party_id]
    assert (row.received, row.in_stock, row.in_transit, row.passed_on) == (100, 62, 2, 38)
    assert trace.balance.closes


def test_a_settled_hand_over_leaves_no_gap(hand_over):
    seller, _, lot, holding_id = hand_over

    settle(seller, holding_id)

    trace = queries.trace(seller, lot.code)
    assert not any(node.is_in_transit for node in trace.chain.nodes)
    assert trace.gaps == ()
    assert trace.balance.closes
    rows = {row.holder_id: row for row in queries.scope(seller, lot.code).holders}
    assert (rows[seller.party_id].in_stock, rows[seller.party_id].passed_on) == (62, 38)
