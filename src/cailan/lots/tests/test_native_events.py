"""Every event that a verb writes is valid EPCIS 2.0, and says the same quantities as the flows."""

import json
from datetime import timedelta
from decimal import Decimal

import jsonschema_rs
import pytest

from cailan.epcis import queries as epcis
from cailan.epcis.models import Event
from cailan.epcis.rules import read, validate
from cailan.lots import queries, services
from cailan.lots.models import Flow
from cailan.lots.rules.requests import Adjust, Line, Lose, NewLot, Proof, Receive, Retail, Transfer, Transform
from cailan.lots.tests.events import BOX, pack, tell
from cailan.lots.tests.factories import AT, make_lot, make_product
from cailan.parties.tests.factories import make_actor, make_party, make_site

pytestmark = pytest.mark.django_db
SCHEMAS = "https://gs1.github.io/EPCIS/JSON-Schema/"
ODD = Decimal("999999.123457")


@pytest.fixture(scope="module")
def official(conformance_data):
    folder = conformance_data / "epcis"
    parts = [*folder.glob("EPCIS-*JSON-Schema*.json"), *(folder / "JSON-Schema" / "schemas").glob("*.json")]
    schemas = [json.loads(path.read_text()) for path in parts]
    registry = jsonschema_rs.Registry([(schema["$id"], schema) for schema in schemas])
    main = next(one for one in schemas if one["$id"] == f"{SCHEMAS}EPCIS-JSON-Schema.json")
    return jsonschema_rs.validator_for(main, registry=registry, validate_formats=True)


def play():
    """Carry out every verb, with and without paper, of goods by weight, by piece and packed."""
    grower, stall = make_actor(make_party("base")), make_actor(make_party("merchant"))
    site, other = make_site(make_party("base")), make_site(make_party("base"))
    supplier = make_party("external", status="external")
    more = {"occurred_at": AT, "site_id": site.pk, "proof": Proof.SCANNED}
    lot = make_lot(grower, str(ODD), site_id=site.pk)
    pieces = make_lot(grower, "20", uom="H87")
    lines = (Line(lot.code, Decimal("0.001"), "KGM"), Line(pieces.code, Decimal(2), "H87"))
    made = tuple(
        NewLot(n, Decimal("7.5"), "KGM", make_product("净菜"), gtin="6901234567892", attributes=attributes)
        for n, attributes in (("A/1", {"grade": "一级", "cailan:note": "x"}), ("二", {}))
    )
    bought = NewLot("H-1", Decimal(5), "KGM", make_product(), attributes={"variety": "四九"})
    holding = queries.stock(grower).items[-1]
    box = pack(grower, lot, 60)
    assert tell(grower, box) == ""
    for request in (
        Receive(lot=bought, supplier_id=supplier.pk, document="V-9", **more),
        Receive(lot=bought, supplier_id=supplier.pk, **more),
        Transform(inputs=lines, outputs=made, document="P 1/甲", **more),
        Transform(inputs=lines, outputs=(NewLot("one", Decimal(1), "KGM", product_name="x"),), **more),
        Transfer(lines=lines, to_party_id=stall.party_id, document="urn:x:1", **more),
        Transfer(lines=lines, to_party_id=stall.party_id, **more),
        Transfer(lines=lines, to_party_id=grower.party_id, to_site_id=other.pk, document="S-1", **more),
        Transfer(lines=(Line(BOX, Decimal(1), "H87"),), to_party_id=stall.party_id, document="T", **more),
        Retail(lines=lines, document="R-1", **more),
        Lose(lines=lines, reason="烂叶", **more),
        Adjust(lot=lot.code, holding_id=holding.id, counted=Decimal(0), uom="KGM", reason="盘点", **more),
    ):
        services.record(grower, request, at=AT + timedelta(hours=1))
    services.hold(grower, lot=lot.code, reason="农残", at=AT, with_derived=True)
    services.release(grower, lot=lot.code, reason="合格", at=AT)


def facts():
    return [epcis.find(event_id) for event_id in Event.objects.values_list("event_id", flat=True)]


def test_every_verb_writes_an_event_that_the_official_schema_takes(official):
    play()
    events = facts()
    assert len({event.event_id for event in events}) == len(events) == 16
    document = json.loads(json.dumps(epcis.as_document(events, AT)))

    faults = [(error.instance_path, error.message[:300]) for error in official.iter_errors(document)]
    assert faults == []
    text = json.dumps(document).encode()
    assert validate.faults(validate.parse(text)) == ()


def test_goods_are_described_only_where_they_begin():
    """EPCIS 2.0, 7.3.7 and 7.4.2: ilmd belongs to events that begin goods."""
    play()

    for event in facts():
        body = json.loads(event.body)
        assert "ilmd" not in body or event.action == "ADD" or event.type == "TransformationEvent"


def test_quantities_read_back_exactly():
    play()

    for event in facts():
        told = sum(key.quantity or 0 for key in read.keys_of(json.loads(event.body)) if key.role == "output")
        flows = Flow.objects.filter(event_id=event.event_id, kind="transform", source__lot=None)
        assert told == sum(flow.quantity for flow in flows)
    assert f'"quantity":{ODD}' in Event.objects.order_by("pk")[0].body
