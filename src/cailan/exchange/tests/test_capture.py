"""Documents that others published become chains here."""

from datetime import UTC, datetime

import pytest

from cailan.exchange import services
from cailan.lots import queries as lots
from cailan.parties.tests.factories import make_actor, make_party
from cailan.tracing import queries as tracing

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.fixture
def actor():
    return make_actor(make_party("circulation"))


def test_follows_a_published_example(actor, conformance_data):
    body = (conformance_data / "epcis/JSON/Example_9.6.1-ObjectEvent.jsonld").read_bytes()

    result = services.capture(actor, body=body, at=AT)

    assert (result.event_count, result.new_count) == (2, 2)
    found = tracing.trace(actor, "urn:epc:id:sgtin:0614141.107346.2018")
    assert [edge.kind for edge in found.chain.edges] == ["create", "transfer"]
    assert lots.unbalanced() == ()
