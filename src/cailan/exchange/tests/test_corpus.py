"""Every published document is taken or refused as its publisher meant it, and its goods can be traced."""

from datetime import UTC, datetime

import orjson
import pytest
from tools import features

from cailan.epcis import queries as epcis
from cailan.epcis.rules import read, validate
from cailan.exchange import services
from cailan.exchange.services.problems import CaptureRefused
from cailan.lots import queries as lots
from cailan.parties.tests.factories import make_actor, make_party
from cailan.tracing import queries as tracing

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


def _published(*patterns):
    folder = features.conformance_data()
    if folder is None:
        return [pytest.param(None, id="absent")]
    found = sorted(path for pattern in patterns for path in folder.glob(pattern))
    return [pytest.param(path, id=path.stem) for path in found]


VALID = _published("epcis/JSON/**/*.jsonld", "openepcis/valid/*.json")
INVALID = _published("openepcis/invalid/*.json")


@pytest.mark.django_db
@pytest.mark.parametrize("path", VALID)
def test_takes_a_valid_document_and_traces_its_goods(path, conformance_data):
    actor = make_actor(make_party("circulation"))
    body = path.read_bytes()

    result = services.capture(actor, body=body, media_type="application/ld+json", at=AT)

    events = validate.parse(body).events
    assert result.event_count == len(events)
    assert result.new_count == len(events)
    assert lots.unbalanced() == ()
    for event in events:
        _is_stored(validate.identified(event))
        for key in read.keys_of(event):
            if event.get("errorDeclaration") is None:
                found = tracing.trace(actor, key.key)
                assert found.chain.nodes or key.quantity == 0
                assert found.events


def _is_stored(event):
    kept = orjson.loads(epcis.bodies([event["eventID"]])[event["eventID"]])
    kept.pop("@context", None)
    assert kept == orjson.loads(validate.text_of(event))


@pytest.mark.django_db
@pytest.mark.parametrize("path", VALID)
def test_captures_it_twice_without_a_change(path, conformance_data):
    actor = make_actor(make_party("circulation"))
    body = path.read_bytes()
    services.capture(actor, body=body, at=AT)

    again = services.capture(actor, body=body, at=AT)
    other_bytes = services.capture(actor, body=body + b"\n", at=AT)

    assert again.was_known
    assert (again.new_count, other_bytes.new_count) == (0, 0)
    assert lots.unbalanced() == ()


WRONG = {
    "EPCISDocument_without_context": ("/", "@context"),
    "ObjectEvent_with_invalid_action": ("/epcisBody/eventList/0/action", "CREATE"),
    "ObjectEvent_with_invalid_eventTime_format": ("/epcisBody/eventList/0/eventTime", "22-07-2026"),
    "ObjectEvent_with_quantity_as_text": ("/epcisBody/eventList/0/quantityList/0/quantity", "twenty"),
    "ObjectEvent_without_action_and_eventTime": ("/epcisBody/eventList/0", "eventTime"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("path", INVALID)
def test_refuses_an_invalid_document_with_place_and_reason(path, conformance_data):
    actor = make_actor(make_party("circulation"))
    where, word = WRONG[path.stem]

    with pytest.raises(CaptureRefused) as refusal:
        services.capture(actor, body=path.read_bytes(), at=AT)

    first = refusal.value.extra["errors"][0]
    assert first["where"] == where
    assert word in first["what"]
    assert first.get("event") in {0, None}
