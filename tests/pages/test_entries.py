"""One form, two readers: a person goes on or sees the reason at the field, a phone's queue gets the same as JSON."""

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.access.world import build

from cailan.lots import queries
from cailan.lots.tests.factories import make_lot

pytestmark = pytest.mark.django_db
QUEUE = {"accept": "application/json"}


@pytest.fixture
def stall():
    world = build()
    return world.actors["partner"], world.clients["partner"]


def sale(lot, quantity, key="k-1"):
    when = f"{timezone.localtime():%Y-%m-%dT%H:%M}"
    return {"client_key": key, "occurred_at": when, f"quantity_{lot.code}": quantity}


def test_a_queue_learns_that_its_entry_is_kept_and_where(stall):
    actor, client = stall
    lot = make_lot(actor, "10")

    answer = client.post(reverse("lots:retail"), sale(lot, "4"), headers=QUEUE)

    assert answer.json()["state"] == "accepted"
    assert answer.json()["url"] == reverse("lots:stock")
    assert queries.remaining_everywhere([lot.id])[lot.id] == 6


def test_an_entry_sent_again_is_accepted_and_booked_once(stall):
    actor, client = stall
    lot = make_lot(actor, "10")
    entry = sale(lot, "4")

    answers = [client.post(reverse("lots:retail"), entry, headers=QUEUE).status_code for _ in range(2)]

    assert answers == [200, 200]
    assert queries.remaining_everywhere([lot.id])[lot.id] == 6


def test_a_queue_learns_which_field_and_why(stall):
    actor, client = stall
    lot = make_lot(actor, "10")

    answer = client.post(reverse("lots:retail"), sale(lot, "40"), headers=QUEUE)

    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    problem = answer.json()
    assert problem["type"] == "/problems/not-enough"
    [error] = problem["errors"]
    assert error["where"] == f"quantity_{lot.code}"
    assert "10" in error["what"]


def test_a_form_that_is_not_filled_in_is_named_field_by_field(stall):
    _, client = stall

    answer = client.post(reverse("lots:retail"), {}, headers=QUEUE)

    assert answer.status_code == 422
    assert {error["where"] for error in answer.json()["errors"]} == {"client_key", "occurred_at"}


def test_what_was_entered_for_another_party_is_not_booked_under_this_one(stall):
    actor, client = stall
    lot = make_lot(actor, "10")
    stranger, own = (f"{actor.user_id}-{actor.party_id + more}" for more in (1, 0))

    refused = client.post(reverse("lots:retail"), sale(lot, "4"), headers=QUEUE | {"cailan-owner": stranger})
    booked = client.post(reverse("lots:retail"), sale(lot, "3"), headers=QUEUE | {"cailan-owner": own})

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/somebody-else")
    assert booked.json()["state"] == "accepted"
    assert queries.remaining_everywhere([lot.id])[lot.id] == 7
