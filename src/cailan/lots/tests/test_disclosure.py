"""What was sealed of a movement is read by whoever sees one of its lots, and by nobody else."""

import pytest

from cailan.kernel.access import PUBLIC, SYSTEM
from cailan.ledger import queries as seals
from cailan.ledger.models import Record
from cailan.lots import services
from cailan.lots.tests.factories import AT, hand_over, make_lot
from cailan.parties.tests.factories import make_actor, make_party

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["lots.create", "lots.transfer", "lots.hold", "lots.release"])
def test_content_is_for_those_who_see_the_lot(kind):
    grower, stall = make_actor(make_party()), make_actor(make_party("merchant"))
    stranger = make_actor(make_party("merchant"))
    town = make_actor(make_party("regulator", area="440118"), role="officer")
    far = make_actor(make_party("regulator", area="440305"), role="officer")
    lot = make_lot(grower, "100")
    hand_over(grower, stall, lot, "40")
    services.hold(grower, lot=lot.code, reason="x", at=AT)
    services.release(grower, lot=lot.code, reason="y", at=AT)

    record = Record.objects.get(kind=kind).pk
    readers = [
        seals.may_read(actor, record) for actor in (grower, stall, town, SYSTEM, stranger, far, PUBLIC)
    ]
    assert readers == [True, True, True, True, False, False, False]
