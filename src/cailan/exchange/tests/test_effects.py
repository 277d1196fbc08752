"""What events of others do to goods."""

from decimal import Decimal

import orjson
import pytest

from cailan.epcis import queries as epcis
from cailan.exchange.services.problems import CaptureRefused
from cailan.exchange.tests.documents import (
    AT,
    BOX,
    CENTRE,
    FARM,
    GLN_CENTRE,
    GLN_FARM,
    GLN_SHOP,
    GTIN,
    ITEM,
    LOT,
    OTHER,
    OTHER_BOX,
    SHOP,
    capture,
    event,
    quantity,
    where,
)
from cailan.ledger.models import Record
from cailan.lots import queries as lots
from cailan.lots import services as lot_services
from cailan.lots.models import Flow, Holding, Lot
from cailan.lots.tests.factories import make_lot
from cailan.parties import queries as parties
from cailan.parties.tests.factories import make_actor, make_party, make_site
from cailan.tracing import queries as tracing

pytestmark = pytest.mark.django_db
AT_FARM, AT_CENTRE, AT_SHOP = (f"GLN {gln}" for gln in (GLN_FARM, GLN_CENTRE, GLN_SHOP))
FARMER, TRADER = (f"https://id.gs1.org/417/{gln}" for gln in (GLN_FARM, GLN_CENTRE))


@pytest.fixture
def actor():
    return make_actor(make_party("circulation", name="抄录者"))


def made(amount=100, lot=LOT):
    return event(0, action="ADD", at=FARM, quantityList=[quantity(lot, amount)])


def test_goods_move_where_they_are_seen(actor):
    capture(actor, made(), event(1, at=CENTRE, quantityList=[quantity(LOT, 40)]))

    assert where() == [(AT_FARM, 60), (AT_CENTRE, 40)]


def test_events_are_booked_by_their_time_not_their_order(actor):
    capture(actor, event(1, at=CENTRE, quantityList=[quantity(LOT, 40)]), made())

    assert where() == [(AT_FARM, 60), (AT_CENTRE, 40)]
    assert not Flow.objects.exclude(reason="").exists()


def test_seeing_goods_where_they_are_moves_nothing(actor):
    capture(actor, made(), event(1, at=FARM, quantityList=[quantity(LOT, 100)]))

    assert where() == [(AT_FARM, 100)]
    assert Flow.objects.count() == 1


def test_shipping_and_receiving_are_one_delivery(actor):
    ends = {"sold_by": FARMER, "sold_to": TRADER}
    goods = {"quantityList": [quantity(LOT, 40)]}
    capture(
        actor,
        made(),
        event(1, bizStep="shipping", **ends, **goods),
        event(2, bizStep="receiving", at=CENTRE, **ends, **goods),
        event(3, bizStep="receiving", at=CENTRE, **ends, **goods),
    )

    assert where() == [(AT_FARM, 20), (AT_CENTRE, 40), (AT_CENTRE, 40)]


def test_more_than_is_known_shows_a_gap(actor):
    capture(
        actor,
        made(30),
        event(1, bizStep="receiving", at=CENTRE, sold_by=FARMER, quantityList=[quantity(LOT, 50)]),
    )

    assert sum(quantity for _holder, quantity in where()) == 50
    gaps = Flow.objects.filter(kind="create", reason="not covered by earlier records")
    assert [gap.quantity for gap in gaps] == [20]


def test_unknown_quantities_stay_unknown(actor):
    capture(
        actor,
        event(0, action="ADD", at=FARM, quantityList=[quantity()]),
        event(1, at=CENTRE, quantityList=[quantity()]),
    )

    assert where() == [(AT_FARM, None), (AT_CENTRE, None)]


def test_another_unit_is_converted_or_stated_in_words(actor):
    capture(
        actor,
        made(),
        event(1, at=CENTRE, quantityList=[quantity(LOT, 5000, "GRM")]),
        event(2, at=SHOP, sold_by=TRADER, quantityList=[quantity(LOT, 3, "XBX")]),
    )

    assert (AT_CENTRE, Decimal(5)) in where()
    assert Flow.objects.get(quantity=None).reason == "stated as 3 XBX"


def test_sold_and_destroyed_goods_leave(actor):
    capture(
        actor,
        made(),
        event(1, at=FARM, bizStep="retail_selling", quantityList=[quantity(LOT, 10)]),
        event(2, action="DELETE", at=FARM, quantityList=[quantity(LOT, 5)]),
    )

    assert where() == [(AT_FARM, 85)]
    assert list(Flow.objects.filter(target=None).values_list("kind", "reason").order_by("pk")) == [
        ("retail", ""),
        ("loss", "destroying"),
    ]


class TestContainers:
    def packed(self):
        return event(
            1,
            "AggregationEvent",
            "ADD",
            bizStep="packing",
            parentID=BOX,
            readPoint={"id": FARM},
            childQuantityList=[quantity(LOT, 60)],
            childEPCs=[ITEM],
        )

    def test_contents_move_with_their_container(self, actor):
        capture(actor, made(), self.packed(), event(2, at=CENTRE, epcList=[BOX]))

        assert where() == [(AT_FARM, 40), (AT_CENTRE, 60)]
        assert where(ITEM) == [(AT_CENTRE, 1)]
        assert where(BOX) == [(AT_CENTRE, 1)]

    def test_emptying_takes_all_out_where_the_container_stands(self, actor):
        capture(
            actor,
            made(),
            self.packed(),
            event(2, at=CENTRE, epcList=[BOX]),
            event(3, "AggregationEvent", "DELETE", bizStep="unpacking", parentID=BOX),
            event(4, at=SHOP, epcList=[BOX]),
        )

        assert where() == [(AT_FARM, 40), (AT_CENTRE, 60)]
        assert where(BOX) == [(AT_SHOP, 1)]
        assert not Holding.objects.exclude(container=None).exclude(remaining_quantity=0).exists()

    def test_a_later_document_finds_the_contents(self, actor):
        capture(actor, made(), self.packed())
        capture(actor, event(2, at=CENTRE, epcList=[BOX]))

        assert where() == [(AT_FARM, 40), (AT_CENTRE, 60)]

    def test_a_destroyed_container_takes_its_contents_along(self, actor):
        capture(actor, made(), self.packed(), event(2, action="DELETE", at=FARM, epcList=[BOX]))

        assert where() == [(AT_FARM, 40)]

    def test_a_container_in_itself_ends(self, actor):
        nest = {"readPoint": {"id": FARM}, "bizStep": "packing"}
        capture(
            actor,
            event(0, "AggregationEvent", "ADD", parentID=BOX, childEPCs=[OTHER_BOX], **nest),
            event(1, "AggregationEvent", "ADD", parentID=OTHER_BOX, childEPCs=[BOX], **nest),
            event(2, at=CENTRE, epcList=[BOX]),
        )

        assert where(BOX)[-1] == (AT_CENTRE, 1)


class TestTransformation:
    def test_one_process_for_all_events_with_its_id(self, actor):
        process = "https://id.example.org/process/1"
        capture(
            actor,
            made(),
            made(50, OTHER),
            event(
                1,
                "TransformationEvent",
                at=FARM,
                transformationID=process,
                inputQuantityList=[quantity(LOT, 70)],
            ),
            event(
                2,
                "TransformationEvent",
                at=FARM,
                transformationID=process,
                inputQuantityList=[quantity(OTHER, 30)],
            ),
        )
        capture(
            actor,
            event(
                3,
                "TransformationEvent",
                at=FARM,
                transformationID=process,
                outputEPCList=[ITEM],
                inputQuantityList=[],
            ),
        )

        assert Holding.objects.filter(process=process).count() == 1
        found = tracing.trace(actor, ITEM)
        assert {node.uri for node in found.chain.nodes if node.kind == "stock"} == {LOT, OTHER, ITEM}
        assert where() == [(AT_FARM, 30)]

    def test_traces_forward_and_the_totals_close(self, actor):
        capture(
            actor,
            made(),
            event(
                1,
                "TransformationEvent",
                at=FARM,
                inputQuantityList=[quantity(LOT, 70)],
                outputQuantityList=[quantity(OTHER, 65)],
            ),
            event(2, at=CENTRE, quantityList=[quantity(OTHER, 65)]),
            event(3, at=CENTRE, bizStep="retail_selling", quantityList=[quantity(OTHER, 20)]),
        )

        found = tracing.trace(actor, LOT)
        assert where(OTHER) == [(AT_CENTRE, 45)]
        assert [edge.kind for edge in found.chain.edges] == [
            "create",
            "transform",
            "transform",
            "transfer",
            "retail",
        ]
        assert found.balance.closes


class TestCorrections:
    def declare(self, original):
        return {
            **original,
            "errorDeclaration": {"declarationTime": AT.isoformat(), "reason": "did_not_occur"},
        }

    def test_a_wrong_event_is_taken_back(self, actor):
        moved = {**event(1, at=CENTRE, quantityList=[quantity(LOT, 40)]), "eventID": "urn:x:moved"}
        capture(actor, made(), moved)

        capture(actor, self.declare(moved))

        assert where() == [(AT_FARM, 100)]
        assert epcis.corrected(["urn:x:moved"]) == {"urn:x:moved"}
        assert Flow.objects.filter(kind="adjust").get().reason == "declared wrong: did_not_occur"
        assert capture(actor, self.declare(moved), instanceIdentifier="2").new_count == 0

    def test_what_was_drawn_from_already_stays(self, actor):
        moved = {**event(1, at=CENTRE, quantityList=[quantity(LOT, 40)]), "eventID": "urn:x:moved"}
        capture(
            actor,
            made(),
            moved,
            event(2, at=CENTRE, bizStep="retail_selling", quantityList=[quantity(LOT, 10)]),
        )

        capture(actor, self.declare(moved))

        assert where() == [(AT_FARM, 60), (AT_CENTRE, 30)]
        assert "urn:x:moved" in tracing.trace(actor, LOT).corrected

    def test_only_the_recorder_corrects(self, actor):
        moved = {**event(1, at=CENTRE, quantityList=[quantity(LOT, 40)]), "eventID": "urn:x:moved"}
        capture(actor, made(), moved)

        with pytest.raises(CaptureRefused) as refusal:
            capture(make_actor(make_party()), self.declare(moved))

        assert refusal.value.extra["errors"][0]["event"] == 0
        assert where() == [(AT_FARM, 60), (AT_CENTRE, 40)]

    def test_an_event_declared_wrong_before_it_came_moves_nothing(self, actor):
        moved = {**made(), "eventID": "urn:x:made"}

        capture(actor, moved, self.declare(moved))

        assert not Lot.objects.exists()


class TestRegisteredParties:
    @pytest.fixture
    def theirs(self):
        owner = make_actor(make_party("base", name="基地"))
        site = make_site(make_party("circulation", name="别人"), uri=SHOP)
        return owner, make_lot(owner), site

    def test_strangers_move_nothing_of_theirs(self, actor, theirs):
        _owner, lot, _site = theirs

        with pytest.raises(CaptureRefused) as refusal:
            capture(
                actor, made(), event(1, at=CENTRE, sold_by=_party(lot), quantityList=[quantity(lot.uri, 10)])
            )

        assert refusal.value.extra["errors"][0]["event"] == 1
        assert refusal.value.extra["errors"][0]["code"] == "not-in-your-stock"
        assert not Lot.objects.filter(uri=LOT).exists()
        assert where(lot.uri) == [("基地", 100)]

    def test_strangers_put_nothing_into_their_books(self, actor, theirs):
        with pytest.raises(CaptureRefused):
            capture(actor, event(0, action="ADD", at=SHOP, quantityList=[quantity(LOT, 10)]))

    def test_the_holder_hands_over_and_the_taker_receives(self, theirs):
        owner, lot, site = theirs
        capture(owner, event(1, at=SHOP, quantityList=[quantity(lot.uri, 10)], bizStep="shipping"))
        taker = make_actor(site.party)
        capture(taker, event(2, at=SHOP, quantityList=[quantity(lot.uri, 10)], bizStep="receiving"))

        assert where(lot.uri) == [("基地", 90), ("别人", 10)]

    def test_a_held_lot_does_not_move(self, theirs):
        owner, lot, _site = theirs
        lot_services.hold(owner, lot=lot.code, reason="residue", at=AT)

        with pytest.raises(CaptureRefused) as refusal:
            capture(owner, event(1, at=CENTRE, quantityList=[quantity(lot.uri, 10)]))

        assert refusal.value.extra["errors"][0]["code"] == "lot-on-hold"


def _party(lot):
    return parties.facts([lot.maker_id])[lot.maker_id].uri


def test_master_data_gives_names_and_positions(actor):
    vocabulary = {
        "type": "urn:epcglobal:epcis:vtype:BusinessLocation",
        "vocabularyElementList": [
            {
                "id": FARM,
                "attributes": [
                    {"id": "cbvmda:name", "attribute": "Xiancun farm"},
                    {"id": "cbvmda:latitude", "attribute": "23.2"},
                    {"id": "cbvmda:longitude", "attribute": "113.7"},
                ],
            },
            {
                "id": f"https://id.gs1.org/01/{GTIN}",
                "attributes": [{"id": "cbvmda:descriptionShort", "attribute": "Choy sum"}],
            },
        ],
    }
    capture(actor, made(), epcisHeader={"epcisMasterData": {"vocabularyList": [vocabulary]}})

    [node] = tracing.trace(actor, LOT).chain.nodes
    assert (node.holder, node.product, node.latitude) == ("Xiancun farm", "Choy sum", 23.2)


def test_what_was_captured_is_sealed_and_agrees(actor):
    moved = {**event(1, at=CENTRE, quantityList=[quantity(LOT, 40)]), "eventID": "urn:x:moved"}
    capture(actor, made(), moved)
    capture(actor, TestCorrections().declare(moved))
    ids = list(Flow.objects.values_list("event_id", flat=True).distinct())

    for record in Record.objects.filter(kind="lots.follow"):
        assert orjson.loads(record.payload) == lots.rebuild_movements([record.subject])[record.subject]
    assert len(ids) == 3
