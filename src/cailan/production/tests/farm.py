"""What tests of a farm say often."""

from decimal import Decimal

from cailan.kernel.access import SYSTEM
from cailan.ledger import services as ledger
from cailan.parties.models import Party
from cailan.parties.tests.factories import AT
from cailan.production import services
from cailan.production.models import FarmInput

KEPT = (
    "kind",
    "name",
    "registration_no",
    "manufacturer",
    "ingredients",
    "label",
    "batch",
    "uom",
    "quantity",
    "bought_on",
    "expires_on",
    "supplier_name",
)


def left(input_id: int) -> Decimal:
    """Return what remains of a purchase."""
    return FarmInput.objects.get(pk=input_id).remaining_quantity


def correct(grower, found, **changes) -> int:
    """Correct some fields of a purchase."""
    said = {name: getattr(found, name) for name in KEPT} | changes
    return services.correct_input(grower, input_id=found.id, reason="标签看错", at=AT, **said)


def party_of(actor) -> Party:
    return Party.objects.get(pk=actor.acting_party_id)


def assert_sound() -> None:
    """Seal what waits, and let the audit find nothing."""
    ledger.sequence_once()
    assert not ledger.audit(SYSTEM).alterations
