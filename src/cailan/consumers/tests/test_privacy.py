"""What anybody reads of a lot that a person made."""

import pytest

from cailan.ledger.models import Record
from cailan.lots import services
from cailan.lots.tests.factories import hand_over, make_lot
from cailan.parties.tests.factories import AT, make_actor, make_party, make_site
from cailan.production.tests.factories import harvested_lot
from cailan.quality.tests.factories import pack

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot():
    person, stall = make_party("individual", name="黄志强"), make_party("merchant", name="欧阳小明")
    grower = make_actor(person)
    found = make_lot(grower)
    hand_over(grower, make_actor(stall), found, "10")
    services.hold(grower, lot=found.code, reason="自查", at=AT)
    return found


@pytest.mark.parametrize("address", ["/t/{code}", "/t/{code}/label", "/t?code={code}"])
def test_names_no_natural_person(client, lot, address):
    page = client.get(address.format(code=lot.code), follow=True).content.decode()

    assert "黄*" in page
    assert "志强" not in page
    assert "小明" not in page


def test_nor_who_held_what_it_was_made_from(client):
    grower, centre = (
        make_actor(make_party("individual", name="黄志强")),
        make_actor(make_party("circulation")),
    )
    found = make_lot(grower)
    hand_over(grower, centre, found, "10")
    bags = pack(centre, found, "10", at=AT)
    services.hold(grower, lot=found.code, reason="自查", at=AT, with_derived=True)

    page = client.get(f"/t/{bags}").content.decode()

    assert "黄*" in page
    assert "志强" not in page


def test_nor_where_a_person_grows(client):
    person = make_party("individual", name="黄志强")
    plot = make_site(person, "plot", "西村祠堂后黄家菜地")

    lot = harvested_lot(make_actor(person), site_id=plot.pk)

    assert "黄家菜地" not in client.get(f"/t/{lot.code}").content.decode()


def test_nor_does_what_the_log_publishes(lot):
    for record in Record.objects.all():
        published = f"{record.kind} {record.subject} {bytes(record.entry).decode()}"
        assert "志强" not in published
        assert "小明" not in published
