"""Goods on their way belong to their giver until the taker says what came; what waits for a test stays."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cailan.kernel.access import SYSTEM
from cailan.kernel.problems import NotFound
from cailan.ledger import services as ledger
from cailan.lots import queries, services
from cailan.lots.models import Flow, Holding
from cailan.lots.rules.requests import (
    Accept,
    Adjust,
    Create,
    Dispatch,
    Line,
    Lose,
    NewLot,
    Parcel,
    Receive,
    Retail,
    TakeBack,
    Transfer,
)
from cailan.lots.tests.factories import AT, make_lot, make_product
from cailan.parties.tests.factories import make_actor, make_party

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


@pytest.fixture
def seller():
    return make_actor(make_party("merchant", "阿强蔬菜行"))


@pytest.fixture
def buyer():
    return make_actor(make_party("merchant", "陈姐菜档"))


@pytest.fixture
def lab():
    return make_actor(make_party("lab", "明鉴检测"))


def line(lot, quantity, **more):
    return Line(lot.code, Decimal(quantity), "KGM", **more)


def send(seller, lot, quantity, buyer=None, **more):
    request = Dispatch(
        occurred_at=AT, lines=(line(lot, quantity),), to_party_id=buyer and buyer.party_id, **more
    )
    return services.record(seller, request, at=AT).holding_ids[0]


def accept(buyer, holding_id, quantity, **more):
    parcel = Parcel(holding_id, Decimal(quantity), "KGM")
    return services.record(buyer, Accept(occurred_at=LATER, parcels=(parcel,), **more), at=LATER)


def take_back(seller, holding_id, quantity):
    parcel = Parcel(holding_id, Decimal(quantity), "KGM")
    return services.record(seller, TakeBack(occurred_at=LATER, parcels=(parcel,)), at=LATER)


def stock(actor):
    return sum((holding.remaining for holding in queries.stock(actor).items), Decimal(0))


class TestDispatch:
    def test_takes_goods_out_of_stock_but_not_from_the_giver(self, seller, buyer):
        lot = make_lot(seller, "100")

        holding_id = send(seller, lot, "40", buyer)

        assert stock(seller) == 60
        [on_its_way] = queries.in_transit(seller).items
        assert (on_its_way.id, on_its_way.remaining, on_its_way.consignee_id) == (
            holding_id, 40, buyer.party_id,
        )  # fmt: skip
        assert queries.in_transit(buyer, is_coming=True).items == (on_its_way,)
        assert stock(buyer) == 0

    def test_joins_what_is_drawn_from_several_stocks(self, seller, buyer):
        supplier = make_party("external", "某供货人")
        product = make_product()
        for _ in range(2):
            lot = NewLot(number="T-1", quantity=Decimal(30), uom="KGM", product_id=product)
            services.record(seller, Receive(occurred_at=AT, lot=lot, supplier_id=supplier.pk), at=AT)
        lot = queries.stock(seller).items[0].lot

        holding_id = send(seller, lot, "50", buyer)

        assert Flow.objects.filter(target_id=holding_id).count() == 2
        assert queries.holding_facts_of([holding_id])[holding_id].remaining == 50

    def test_cannot_send_again_what_is_on_its_way(self, seller, buyer):
        lot = make_lot(seller, "40")
        holding_id = send(seller, lot, "40", buyer)

        with pytest.raises(services.NotYours):
            send(seller, lot, "1", buyer)
        again = Dispatch(occurred_at=AT, lines=(line(lot, "1", holding_id=holding_id),))
        with pytest.raises(services.InTransit):
            services.record(seller, again, at=AT)

    def test_cannot_be_counted(self, seller, buyer):
        lot = make_lot(seller, "40")
        holding_id = send(seller, lot, "40", buyer)
        count = Adjust(
            occurred_at=AT, lot=lot.code, holding_id=holding_id, counted=Decimal(3), uom="KGM", reason="x"
        )

        with pytest.raises(services.InTransit):
            services.record(seller, count, at=AT)


class TestAccept:
    def test_moves_what_came_counter_signed_and_leaves_the_rest_on_its_way(self, seller, buyer):
        lot = make_lot(seller, "100")
        holding_id = send(seller, lot, "40", buyer)

        [arrived] = accept(buyer, holding_id, "38", document="XS-1").holding_ids

        assert stock(buyer) == 38
        assert Flow.objects.get(target_id=arrived).proof == "counter_signed"
        assert queries.in_transit(seller).items[0].remaining == 2

    def test_is_for_the_consignee_alone(self, seller, buyer):
        holding_id = send(seller, make_lot(seller, "40"), "40", buyer)

        with pytest.raises(services.NotYours):
            accept(make_actor(make_party("merchant", "别人")), holding_id, "40")

    def test_is_for_whoever_comes_first_where_nobody_is_named(self, seller, buyer):
        holding_id = send(seller, make_lot(seller, "40"), "40")

        accept(buyer, holding_id, "40")

        with pytest.raises(services.NotEnough):
            accept(make_actor(make_party("merchant", "迟来的")), holding_id, "40")

    def test_takes_nothing_out_of_a_stock_that_was_not_sent(self, seller, buyer):
        make_lot(seller, "40")

        with pytest.raises(services.NotEnough):
            accept(buyer, queries.stock(seller).items[0].id, "1")

    def test_stops_at_a_hold(self, seller, buyer):
        lot = make_lot(seller, "40")
        holding_id = send(seller, lot, "40", buyer)
        services.hold(seller, lot=lot.code, reason="复检", at=AT)

        with pytest.raises(services.LotOnHold):
            accept(buyer, holding_id, "40")

        accept(buyer, holding_id, "40", order="召回-1")
        assert stock(buyer) == 40


class TestTakeBack:
    def test_brings_back_what_nobody_took(self, seller, buyer):
        holding_id = send(seller, make_lot(seller, "40"), "40", buyer)
        accept(buyer, holding_id, "30")

        take_back(seller, holding_id, "10")

        assert (stock(seller), stock(buyer)) == (10, 30)
        assert queries.in_transit(seller).items == ()

    def test_is_for_the_giver_alone(self, seller, buyer):
        holding_id = send(seller, make_lot(seller, "40"), "40", buyer)

        with pytest.raises(services.NotYours):
            take_back(buyer, holding_id, "40")


def test_a_ticket_that_nobody_scans_can_be_closed_as_sold(seller):
    lot = make_lot(seller, "40")
    holding_id = send(seller, lot, "40")
    sold = Retail(occurred_at=LATER, lines=(line(lot, "40", holding_id=holding_id),))

    services.record(seller, sold, at=LATER)

    assert queries.remaining_everywhere([lot.id])[lot.id] == 0


class TestWaiting:
    def harvest(self, actor, awaits="self-test"):
        new = NewLot(number="7-1", quantity=Decimal(100), uom="KGM", product_id=make_product())
        outcome = services.record(actor, Create(occurred_at=AT, lot=new, awaits=awaits), at=AT)
        return queries.get_lot(actor, outcome.lot_codes[0])

    def test_stops_every_way_on_but_not_loss_and_count(self, seller, buyer):
        base = make_actor(make_party("base"))
        lot = self.harvest(base)

        for request in (
            Transfer(occurred_at=AT, lines=(line(lot, "1"),), to_party_id=buyer.party_id),
            Dispatch(occurred_at=AT, lines=(line(lot, "1"),)),
            Retail(occurred_at=AT, lines=(line(lot, "1"),)),
        ):
            with override("en"), pytest.raises(services.AwaitsTest) as refusal:
                services.record(base, request, at=AT)
            with override("en"):
                assert "self-test" in str(refusal.value.detail)
        services.record(base, Lose(occurred_at=AT, lines=(line(lot, "5"),), reason="spoiled"), at=AT)
        assert queries.waiting(base).items[0].remaining == 95

    def test_ends_by_a_passed_test_for_that_holder_alone(self, lab):
        base = make_actor(make_party("base"))
        centre, other = (make_actor(make_party("distribution_centre", name)) for name in ("一号", "二号"))
        lot = make_lot(base, "100")
        for taker in (centre, other):
            accept(taker, send(base, lot, "40", taker), "40", awaits="incoming-test")
        services.show_to(base, lots=[lot.code], party_id=lab.party_id, at=AT)

        freed = services.clear(
            lab, lot=lot.code, holder_id=centre.party_id, awaits="incoming-test", reason="合格", at=LATER
        )

        assert freed == (queries.stock(centre).items[0].id,)
        assert queries.waiting(centre).items == ()
        assert queries.waiting(other).items[0].is_waiting
        send(centre, lot, "10")
        with pytest.raises(services.AwaitsTest):
            send(other, lot, "10")

    def test_draws_on_what_has_passed_before_it_names_what_waits(self, buyer, lab):
        base, centre = make_actor(make_party("base")), make_actor(make_party("distribution_centre"))
        lot = make_lot(base, "100")
        services.show_to(base, lots=[lot.code], party_id=lab.party_id, at=AT)
        accept(centre, send(base, lot, "40", centre), "40", awaits="incoming-test")
        services.clear(
            lab, lot=lot.code, holder_id=centre.party_id, awaits="incoming-test", reason="合格", at=LATER
        )
        accept(centre, send(base, lot, "40", centre), "40", awaits="incoming-test")

        send(centre, lot, "40", buyer)
        with pytest.raises(services.AwaitsTest):
            send(centre, lot, "1", buyer)

    def test_is_sealed_and_an_altered_row_is_named(self, lab):
        base = make_actor(make_party("base"))
        lot = self.harvest(base)
        services.clear(base, lot=lot.code, holder_id=base.party_id, awaits="self-test", reason="合格", at=AT)
        assert ledger.audit(SYSTEM).is_sound

        Holding.objects.filter(lot_id=lot.id).update(awaits="", cleared_at=LATER)

        named = [(one.kind, one.where) for one in ledger.audit(SYSTEM).alterations]
        assert any(kind == "lots.create" and "awaits" in where for kind, where in named), named
        assert any(kind == "lots.clear" for kind, _ in named), named


class TestShowing:
    def test_lets_a_laboratory_see_what_it_never_had(self, seller, lab):
        lot = make_lot(seller)
        with pytest.raises(NotFound):
            queries.get_lot(lab, lot.code)

        services.show_to(seller, lots=[lot.code], party_id=lab.party_id, at=AT)

        assert queries.get_lot(lab, lot.code) == lot
        assert lot in queries.list_lots(lab).items

    def test_is_for_those_who_see_the_lot(self, seller, buyer, lab):
        with pytest.raises(NotFound):
            services.show_to(buyer, lots=[make_lot(seller).code], party_id=lab.party_id, at=AT)


def test_the_same_acceptance_sent_again_gets_the_first_answer(seller, buyer):
    holding_id = send(seller, make_lot(seller, "40"), "40", buyer)
    request = Accept(occurred_at=LATER, parcels=(Parcel(holding_id, Decimal(40), "KGM"),))
    first = services.record(buyer, request, at=LATER, client_key="scan-1")

    again = services.record(buyer, request, at=LATER, client_key="scan-1")

    assert again == replace(first, was_known=True)
    assert stock(buyer) == 40


STEPS = st.lists(
    st.tuples(st.sampled_from(["send", "accept", "back", "sell"]), st.integers(0, 3), st.integers(1, 60)),
    max_size=12,
)


class TestRandomHandOvers(TestCase):
    @settings(max_examples=25)
    @given(STEPS)
    def test_close_whatever_happens(self, steps):
        seller, buyer = make_actor(make_party("merchant")), make_actor(make_party("merchant"))
        lot = make_lot(seller, "100")
        sent: list[int] = []
        for verb, which, quantity in steps:
            try:
                if verb == "send":
                    sent.append(send(seller, lot, str(quantity), buyer))
                elif verb == "sell":
                    services.record(buyer, Retail(occurred_at=LATER, lines=(line(lot, quantity),)), at=LATER)
                elif sent:
                    act, actor = (accept, buyer) if verb == "accept" else (take_back, seller)
                    act(actor, sent[which % len(sent)], str(quantity))
            except (services.NotEnough, services.NotYours):
                continue

        sold = sum(Flow.objects.filter(kind="retail").values_list("quantity", flat=True), Decimal(0))
        assert queries.remaining_everywhere([lot.id])[lot.id] + sold == 100
        assert queries.unbalanced() == ()
