"""Columns and keys beside an event's text, and captured documents, are held to what they were made from."""

from datetime import UTC, datetime

import orjson
import pytest
from django.db import connection, transaction

from cailan.epcis import queries, services
from cailan.kernel.access import SYSTEM
from cailan.ledger import services as ledger

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
CHANGES = (
    ("UPDATE epcis_event SET event_id = event_id || 'x' WHERE type = 'ObjectEvent'", "event_id"),
    ("UPDATE epcis_event SET type = 'ObjectEvent' WHERE type = 'AggregationEvent'", "type"),
    ("UPDATE epcis_event SET action = 'DELETE' WHERE action = 'OBSERVE'", "action"),
    ("UPDATE epcis_event SET event_time = event_time + interval '1 ms'", "event_time"),
    ("UPDATE epcis_event SET biz_step = 'shipping' WHERE biz_step <> ''", "biz_step"),
    ("UPDATE epcis_event SET disposition = 'x'", "disposition"),
    ("UPDATE epcis_event SET read_point = 'urn:x' WHERE read_point <> ''", "read_point"),
    ("UPDATE epcis_event SET biz_location = 'urn:x'", "biz_location"),
    ("UPDATE epcis_event SET corrects = '' WHERE corrects <> ''", "corrects"),
    ("UPDATE epcis_event SET corrects = 'urn:x' WHERE corrects = ''", "corrects"),
    ("UPDATE epcis_event SET body = left(body, 40)", "body"),
    ("UPDATE epcis_eventkey SET key = key || '9' WHERE role = 'parent'", "keys"),
    ("UPDATE epcis_eventkey SET quantity = quantity + 1 WHERE quantity <> 1", "keys"),
    ("UPDATE epcis_eventkey SET uom = 'GRM' WHERE uom = 'KGM'", "keys"),
    ("DELETE FROM epcis_eventkey WHERE role = 'child'", "keys"),
    (
        "INSERT INTO epcis_eventkey (event_id, key, role, uom) SELECT id, 'urn:x', 'epc', '' FROM epcis_event",
        "keys",
    ),
    ("UPDATE epcis_capturejob SET document = '{}'", "document"),
)


def event(number: int, **fields):
    return {
        "eventID": f"urn:uuid:00000000-0000-4000-8000-{number:012d}",
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "eventTime": "2026-11-20T09:00:00.000+08:00",
        "eventTimeZoneOffset": "+08:00",
        **fields,
    }


@pytest.fixture
def store():
    weighed = {"epcClass": "urn:epc:class:lgtin:4012345.012345.998877", "quantity": 12.34567891, "uom": "KGM"}
    plain = event(
        1,
        bizStep="urn:epcglobal:cbv:bizstep:receiving",
        disposition="in_transit",
        readPoint={"id": "urn:epc:id:sgln:0614141.07346.1234"},
        quantityList=[weighed, {"epcClass": "urn:epc:class:lgtin:4012345.012345.1"}],
    )
    packed = event(
        2,
        type="AggregationEvent",
        parentID="urn:epc:id:sscc:0614141.1234567890",
        childEPCs=["urn:epc:id:sgtin:0614141.107346.2017"],
    )
    wrong = event(3, errorDeclaration={"declarationTime": "2026-11-20T10:00:00Z", "reason": "incorrect_data"})
    # A declaration about an event that is here already stands under an id of its own, its text as it came.
    again = event(1, errorDeclaration={"declarationTime": "2026-11-20T10:00:00Z", "reason": "incorrect_data"})
    beside = services.NewEvent(
        again | {"eventID": "urn:uuid:declaration"}, orjson.dumps(again).decode(), corrects=plain["eventID"]
    )
    told = [services.NewEvent(one) for one in (plain, packed, wrong)]
    services.record(SYSTEM, [*told, beside], at=AT)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO epcis_capturejob (owner_id, digest, media_type, document, event_count, new_count, created_at)"
            " VALUES (1, sha256('{\"a\":1}'), 'application/json', '{\"a\":1}', 0, 0, now())"
        )


def test_a_row_changed_by_hand_is_named(store):
    assert tuple(queries.misindexed()) == ()

    missed = []
    for change, named in CHANGES:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(change)
                assert cursor.rowcount, change
            if named not in {one.where for one in queries.misindexed()}:
                missed.append(change)
            transaction.set_rollback(True)
    assert missed == []


def test_the_audit_asks(store):
    assert ledger.audit(SYSTEM).is_sound
    with connection.cursor() as cursor:
        cursor.execute("UPDATE epcis_event SET action = 'DELETE' WHERE action = 'OBSERVE' AND biz_step <> ''")
    [found] = ledger.audit(SYSTEM).alterations
    assert (found.where, found.sealed, found.stored) == ("action", "OBSERVE", "DELETE")
