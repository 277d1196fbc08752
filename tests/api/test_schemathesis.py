"""No input that fits or breaks the published OpenAPI documents makes a server error."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error

from cailan.config.api import api, epcis
from cailan.config.wsgi import application

pytestmark = [
    pytest.mark.django_db,
    # The fuzzer does not read downloads to their end.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
rest, capture = (schemathesis.openapi.from_dict(one.get_openapi_schema()) for one in (api, epcis))
rest.app = capture.app = application
fuzzed = settings(
    max_examples=20,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def token(django_db_setup, django_db_blocker):
    """The key of an owner with a lot and its chain; everything is undone at the end."""
    from tests.access.world import owner_key

    # As Django's own test client does: a request's end must not close the connection of the test.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    with django_db_blocker.unblock(), transaction.atomic():
        yield owner_key()
        transaction.set_rollback(True)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@rest.parametrize()
@fuzzed
def test_rest_never_breaks(case, token):
    send(case, token)


@capture.parametrize()
@fuzzed
def test_epcis_never_breaks(case, token):
    send(case, token)


def send(case, token):
    with transaction.atomic():
        response = case.call(headers={"Authorization": f"Bearer {token}"})
        transaction.set_rollback(True)
    case.validate_response(response, checks=[not_a_server_error])
