"""Goods are booked wholly or not at all, and every total closes."""

from datetime import timedelta
from decimal import Decimal

import orjson
import pytest
from django.db import connection

from cailan.epcis import queries as epcis
from cailan.kernel.access import SYSTEM
from cailan.kernel.models import OutboxEvent
from cailan.kernel.problems import InvalidInput, KeyReused, NotAllowed, NotFound
from cailan.ledger import services as ledger
from cailan.ledger.models import Record
from cailan.lots import queries, services
from cailan.lots.models import Flow, Hold, Holding, Lot
from cailan.lots.rules.requests import (
    Adjust,
    Create,
    Line,
    Lose,
    NewLot,
    Receive,
    Retail,
    Transfer,
    Transform,
)
from cailan.lots.tests.factories import AT, hand_over, make_lot, make_product
from cailan.parties.tests.factories import make_actor, make_party, make_site

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


@pytest.fixture
def grower():
    return make_actor(make_party("base", "绿源基地"))


@pytest.fixture
def stall():
    return make_actor(make_party("merchant", "老陈菜档"))


def line(lot, quantity, uom="KGM", **more):
    return Line(lot.code, Decimal(quantity), uom, **more)


def left(actor):
    return {h.lot.number: h.remaining for h in queries.stock(actor).items}


class TestCreate:
    def test_makes_lot_holding_flow_event_seal_and_news_in_one(self, grower):
        site = make_site(make_party())
        lot = make_lot(grower, "40", number="7-1120", site_id=site.pk)

        [holding] = Holding.objects.filter(lot_id=lot.id)
        [flow] = Flow.objects.filter(target=holding)
        [event] = epcis.events_about([lot.uri])
        assert (holding.remaining_quantity, flow.kind, flow.proof) == (Decimal(40), "create", "declared")
        assert (event.type, event.action, event.biz_step) == ("ObjectEvent", "ADD", "commissioning")
        body = orjson.loads(event.body)
        assert body["quantityList"] == [{"epcClass": lot.uri, "quantity": 40, "uom": "KGM"}]
        assert body["readPoint"]["id"] == site.uri
        assert Record.objects.filter(subject=event.event_id, kind="lots.create").exists()
        assert OutboxEvent.objects.filter(name="lots.moved", payload__event_id=event.event_id).exists()

    def test_uses_a_digital_link_where_there_is_a_gtin(self, grower):
        new = NewLot(
            number="A/1", quantity=Decimal(5), uom="KGM", product_id=make_product(), gtin="6901234567892"
        )
        code = services.record(grower, Create(occurred_at=AT, lot=new), at=AT).lot_codes[0]
        lot = queries.get_lot(grower, code)
        assert lot.uri == "https://id.gs1.org/01/06901234567892/10/A%2F1"
        assert queries.get_lot(grower, "(01)06901234567892(10)A/1").code == code

    def test_refuses_a_number_its_maker_used_for_this_product(self, grower):
        make_lot(grower, number="7")
        with pytest.raises(services.NumberTaken):
            make_lot(grower, number="7")
        assert Lot.objects.count() == 1

    @pytest.mark.parametrize("quantity", ["0", "-3", "NaN", "1e20", "0.0000001"])
    def test_refuses_what_cannot_be_a_weight(self, grower, quantity):
        with pytest.raises(InvalidInput):
            make_lot(grower, quantity)
        assert not Record.objects.filter(kind="lots.create").exists()

    def test_refuses_the_future_and_the_far_past(self, grower):
        for moment in (AT + timedelta(days=1), AT - timedelta(days=9000)):
            new = NewLot(number="9", quantity=Decimal(1), uom="KGM", product_id=make_product())
            with pytest.raises(InvalidInput):
                services.record(grower, Create(occurred_at=moment, lot=new), at=AT)

    def test_refuses_an_actor_without_the_right(self, grower):
        auditor = make_actor(make_party("base"), role="auditor")
        with pytest.raises(NotAllowed):
            make_lot(auditor)


class TestTransfer:
    def test_moves_goods_and_ties_them_to_the_ticket(self, grower, stall):
        lot = make_lot(grower, "100")
        event_id = hand_over(grower, stall, lot, "40", document="T-0001")

        assert left(grower) == {lot.number: Decimal(60)}
        assert left(stall) == {lot.number: Decimal(40)}
        body = orjson.loads(epcis.bodies([event_id])[event_id])
        assert (body["type"], body["bizStep"]) == ("TransactionEvent", "accepting")
        assert body["bizTransactionList"][0]["bizTransaction"].endswith("/document/T-0001")
        assert body["sourceList"][0]["type"] == body["destinationList"][0]["type"] == "owning_party"

    def test_draws_the_oldest_stock_first_over_several_holdings(self, grower, stall):
        lot = make_lot(grower, "100")
        hand_over(grower, stall, lot, "10")
        hand_over(grower, stall, lot, "20", at=AT + timedelta(minutes=5))
        hand_over(stall, grower, lot, "25", at=LATER)
        assert [h.remaining for h in queries.stock(stall).items] == [Decimal(5)]
        assert queries.unbalanced() == ()

    def test_counts_each_line_of_the_same_lot(self, grower, stall):
        lot = make_lot(grower, "10")
        request = Transfer(occurred_at=AT, lines=(line(lot, 6), line(lot, 6)), to_party_id=stall.party_id)
        with pytest.raises(services.NotEnough):
            services.record(grower, request, at=AT)
        assert left(grower) == {lot.number: Decimal(10)}

    def test_a_named_acquisition_and_the_rest_do_not_count_twice(self, grower, stall):
        lot = make_lot(grower, "20")
        hand_over(grower, stall, lot, "10")
        hand_over(grower, stall, lot, "10", at=AT + timedelta(minutes=5))
        oldest = queries.stock(stall).items[1].id
        lines = (line(lot, 12), line(lot, 6, holding_id=oldest))
        services.record(
            stall, Transfer(occurred_at=LATER, lines=lines, to_party_id=grower.party_id), at=LATER
        )
        assert left(stall) == {lot.number: Decimal(2)}

    def test_converts_jin_to_the_lots_unit(self, grower, stall):
        lot = make_lot(grower, "10")
        request = Transfer(occurred_at=AT, lines=(line(lot, 3, "斤"),), to_party_id=stall.party_id)
        services.record(grower, request, at=AT)
        assert left(stall) == {lot.number: Decimal("1.5")}

    def test_refuses_a_strangers_stock_and_an_unknown_code(self, grower, stall):
        lot = make_lot(grower)
        for wanted, refusal in (
            (line(lot, 1), services.NotYours),
            (Line("nix", Decimal(1), "KGM"), services.UnknownLot),
        ):
            with pytest.raises(refusal):
                services.record(stall, Transfer(occurred_at=AT, lines=(wanted,), to_party_id=1), at=AT)

    def test_refuses_no_lines(self, grower):
        with pytest.raises(InvalidInput):
            services.record(grower, Transfer(occurred_at=AT, lines=(), to_party_id=1), at=AT)


class TestReceive:
    def test_begins_the_lot_at_the_supplier_and_moves_it_here(self, stall):
        supplier = make_party("external", "湖南某合作社", status="external")
        new = NewLot(number="HN1", quantity=Decimal(50), uom="KGM", product_id=make_product())
        request = Receive(occurred_at=AT, lot=new, supplier_id=supplier.pk, document="V-9")
        code = services.record(stall, request, at=AT).lot_codes[0]
        assert left(stall) == {"HN1": Decimal(50)}
        assert Lot.objects.get(code=code).maker_id == supplier.pk
        assert services.record(stall, request, at=LATER).lot_codes == ()
        assert queries.remaining_everywhere([Lot.objects.get(code=code).pk]) == {
            Lot.objects.get().pk: Decimal(100)
        }
        assert queries.unbalanced() == ()


class TestTransform:
    def test_joins_many_inputs_to_many_outputs_through_one_process(self, grower):
        inputs = [make_lot(grower, "30"), make_lot(grower, "20")]
        outputs = tuple(
            NewLot(number=n, quantity=Decimal(q), uom="KGM", product_id=make_product("净菜"))
            for n, q in (("P1", 28), ("P2", 19))
        )
        request = Transform(occurred_at=LATER, inputs=tuple(line(lot, 20) for lot in inputs), outputs=outputs)
        outcome = services.record(grower, request, at=LATER)

        assert left(grower) == {inputs[0].number: Decimal(10), "P1": Decimal(28), "P2": Decimal(19)}
        [process] = Holding.objects.exclude(process="")
        assert process.inflows.count() == process.outflows.count() == 2
        body = orjson.loads(epcis.bodies([outcome.event_id])[outcome.event_id])
        assert body["transformationID"] == process.process
        assert len(body["inputQuantityList"]) == len(body["outputQuantityList"]) == 2

    def test_undoes_everything_when_the_last_output_is_refused(self, grower):
        lot = make_lot(grower, "30")
        outputs = tuple(
            NewLot(number="same", quantity=Decimal(5), uom="KGM", product_id=make_product()) for _ in "ab"
        )
        with pytest.raises(services.NumberTaken):
            services.record(
                grower, Transform(occurred_at=AT, inputs=(line(lot, 10),), outputs=outputs), at=AT
            )
        assert left(grower) == {lot.number: Decimal(30)}
        assert Lot.objects.count() == 1


class TestLeaving:
    def test_retail_and_loss_leave_the_system(self, stall):
        lot = make_lot(stall, "10")
        services.record(stall, Retail(occurred_at=AT, lines=(line(lot, 4),)), at=AT)
        services.record(stall, Lose(occurred_at=AT, lines=(line(lot, 1),), reason="烂叶"), at=AT)
        assert left(stall) == {lot.number: Decimal(5)}
        assert sorted(Flow.objects.filter(target=None).values_list("kind", "reason")) == [
            ("loss", "烂叶"),
            ("retail", ""),
        ]

    def test_a_count_adjusts_up_and_down(self, stall):
        lot = make_lot(stall, "10")
        holding = queries.stock(stall).items[0]
        for counted in ("12.5", "12.5", "7", "0"):
            request = Adjust(
                occurred_at=AT,
                lot=lot.code,
                holding_id=holding.id,
                counted=Decimal(counted),
                uom="KGM",
                reason="盘点",
            )
            services.record(stall, request, at=AT)
        assert queries.stock(stall).items == ()
        assert queries.unbalanced() == ()


class TestHold:
    def test_stops_every_outgoing_flow_at_every_holder(self, grower, stall):
        lot = make_lot(grower, "100")
        hand_over(grower, stall, lot, "40")
        services.hold(grower, lot=lot.code, reason="农残超标", at=LATER)
        for actor in (grower, stall):
            for request in (
                Retail(occurred_at=LATER, lines=(line(lot, 1),)),
                Transfer(occurred_at=LATER, lines=(line(lot, 1),), to_party_id=grower.party_id),
                Lose(occurred_at=LATER, lines=(line(lot, 1),), reason="x"),
            ):
                with pytest.raises(services.LotOnHold):
                    services.record(actor, request, at=LATER)
        services.release(grower, lot=lot.code, reason="复检合格", at=LATER)
        services.record(stall, Retail(occurred_at=LATER, lines=(line(lot, 1),)), at=LATER)

    def test_spreads_to_everything_made_from_it_when_asked(self, grower):
        lot = make_lot(grower, "100")
        other = make_lot(grower, "5")
        new = NewLot(number="P", quantity=Decimal(9), uom="KGM", product_id=make_product("净菜"))
        made = services.record(
            grower, Transform(occurred_at=AT, inputs=(line(lot, 10),), outputs=(new,)), at=AT
        ).lot_codes[0]
        held = services.hold(grower, lot=lot.code, reason="x", at=LATER, with_derived=True)
        assert set(held) == {lot.code, made}
        assert not queries.get_lot(grower, other.code).is_held
        assert set(services.release(grower, lot=lot.code, reason="y", at=LATER)) == {lot.code, made}
        assert Hold.objects.filter(released_at=None).count() == 0

    def test_two_holds_need_two_releases(self, grower):
        lot = make_lot(grower)
        officer = make_actor(make_party("regulator", area="440100"))
        services.hold(grower, lot=lot.code, reason="a", at=LATER)
        services.hold(officer, lot=lot.code, reason="b", at=LATER)
        services.release(grower, lot=lot.code, reason="c", at=LATER)
        assert queries.get_lot(grower, lot.code).is_held
        with pytest.raises(services.NotHeld):
            services.release(grower, lot=lot.code, reason="c", at=LATER)

    def test_a_mere_buyer_may_not_hold_it_everywhere_and_a_stranger_does_not_see_it(self, grower, stall):
        lot = make_lot(grower)
        with pytest.raises(NotFound):
            services.hold(stall, lot=lot.code, reason="x", at=LATER)
        hand_over(grower, stall, lot, "1")
        with pytest.raises(NotAllowed):
            services.hold(stall, lot=lot.code, reason="x", at=LATER)
        with pytest.raises(InvalidInput):
            services.hold(grower, lot=lot.code, reason=" ", at=LATER)


class TestClientKeys:
    def test_the_second_arrival_gets_the_first_answer(self, stall):
        lot = make_lot(stall, "10")
        request = Retail(occurred_at=AT, lines=(line(lot, 4),))
        first = services.record(stall, request, at=AT, client_key="phone-1")
        second = services.record(stall, request, at=LATER, client_key="phone-1")
        assert second.event_id == first.event_id
        assert second.was_known
        assert left(stall) == {lot.number: Decimal(6)}

    def test_a_key_reused_for_something_else_is_refused_and_changes_nothing(self, stall):
        lot = make_lot(stall, "10")
        services.record(stall, Retail(occurred_at=AT, lines=(line(lot, 4),)), at=AT, client_key="k")
        with pytest.raises(KeyReused):
            services.record(stall, Retail(occurred_at=AT, lines=(line(lot, 5),)), at=AT, client_key="k")
        assert left(stall) == {lot.number: Decimal(6)}

    def test_a_refused_request_gives_its_key_back(self, stall):
        lot = make_lot(stall, "10")
        too_much = Retail(occurred_at=AT, lines=(line(lot, 40),))
        with pytest.raises(services.NotEnough):
            services.record(stall, too_much, at=AT, client_key="k")
        services.record(stall, Retail(occurred_at=AT, lines=(line(lot, 4),)), at=AT, client_key="k")


class TestMany:
    def test_names_the_refused_and_books_the_rest(self, stall):
        lot = make_lot(stall, "10")
        requests = [Retail(occurred_at=AT, lines=(line(lot, q),)) for q in ("4", "40", "5", "2")]
        outcomes = services.record_many(stall, requests, at=AT)
        assert [outcome.problem is None for outcome in outcomes] == [True, False, True, False]
        assert outcomes[3].problem.extra["available"] == "1"
        assert left(stall) == {lot.number: Decimal(1)}
        assert queries.unbalanced() == ()

    def test_a_key_twice_in_one_batch_is_booked_once(self, stall):
        lot = make_lot(stall, "10")
        four, five = (Retail(occurred_at=AT, lines=(line(lot, q),)) for q in ("4", "5"))
        first, again, other = services.record_many(
            stall, [four, four, five], at=AT, client_keys=["k", "k", "k"]
        )
        assert (again.event_id, again.was_known) == (first.event_id, True)
        assert isinstance(other.problem, KeyReused)
        assert left(stall) == {lot.number: Decimal(6)}
        assert services.record(stall, four, at=AT, client_key="k").was_known

    def test_costs_the_same_number_of_statements_for_one_and_for_many(
        self, stall, django_assert_max_num_queries
    ):
        lot = make_lot(stall, "1000")
        with django_assert_max_num_queries(18):
            services.record_many(stall, [Retail(occurred_at=AT, lines=(line(lot, "1"),))] * 200, at=AT)


def test_what_is_sealed_is_rebuilt_from_the_rows_and_a_change_shows(grower, stall):
    lot = make_lot(grower, "40")
    event_id = hand_over(grower, stall, lot, "40", document="T-1")
    sealed = orjson.loads(Record.objects.get(subject=event_id).payload)
    assert queries.rebuild_movements([event_id])[event_id] == sealed
    Flow.objects.filter(event_id=event_id).update(quantity=400)
    assert queries.rebuild_movements([event_id])[event_id] != sealed
    assert len(queries.unbalanced()) == 2


class TestAudit:
    """A row changed by hand is named, whichever table it stands in."""

    @pytest.mark.parametrize(
        ("change", "named"),
        [
            ("UPDATE lots_flow SET quantity = quantity + 1 WHERE kind = 'transfer'", "quantity"),
            (
                "UPDATE lots_holding SET remaining_quantity = 1 WHERE remaining_quantity > 1",
                "remaining_quantity",
            ),
            ("UPDATE lots_lot SET attributes = '{\"a\": 1}'", "attributes_sha256"),
            ("UPDATE lots_lot SET is_held = false", "is_held"),
            ("UPDATE lots_hold SET reason = 'other'", "reason"),
            ("UPDATE lots_hold SET release_reason = 'other' WHERE released_at IS NOT NULL", "reason"),
            ("UPDATE epcis_event SET body = replace(body, 'accepting', 'accepted')", "event_sha256"),
            ("DELETE FROM lots_flow WHERE kind = 'retail'", "flows"),
            ("UPDATE lots_flow SET recorder_id = (SELECT max(id) FROM parties_party)", "recorder"),
            ("UPDATE lots_hold SET placed_by_id = (SELECT max(id) FROM parties_party)", "party"),
            ("UPDATE epcis_event SET owner_id = (SELECT max(id) FROM parties_party)", "owner"),
            ("UPDATE lots_holding SET container_id = lot_id", "container"),
        ],
    )
    def test_a_row_changed_by_hand_is_named(self, grower, stall, change, named):
        lot = make_lot(grower, "100")
        hand_over(grower, stall, lot, "40")
        services.record(stall, Retail(occurred_at=LATER, lines=(line(lot, 1),)), at=LATER)
        services.hold(grower, lot=lot.code, reason="x", at=LATER)
        services.release(grower, lot=lot.code, reason="y", at=LATER)
        services.hold(grower, lot=lot.code, reason="z", at=LATER)
        ledger.sequence_once()
        assert ledger.audit(SYSTEM).is_sound

        with connection.cursor() as cursor:
            cursor.execute(change)
        found = ledger.audit(SYSTEM).alterations
        assert any(named in one.where for one in found), found
