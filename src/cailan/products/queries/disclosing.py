"""The seals of products, and who may read what was sealed."""

from cailan.kernel.access import Actor
from cailan.ledger import queries as ledger
from cailan.parties import queries as parties
from cailan.products.models import Product
from cailan.products.queries.integrity import LIST, PRODUCT


def seal_of(actor: Actor, slug: str) -> ledger.NamedSeal | None:
    """Return the newest seal of a party's own product; the base library is held to the lists of this version."""
    subject = f"{PRODUCT}{slug}"
    return ledger.latest_seals(actor, [subject]).get(subject)


def may_read_sealed(actor: Actor, subject: str) -> bool:
    """Say whether a seal's content is of the actor's own product or list, or of a party that it oversees."""
    if actor.sees_everything:
        return True
    if subject.startswith(LIST):
        owner_id: int | None = int(subject.removeprefix(LIST))
    else:
        slug = subject.removeprefix(PRODUCT)
        owner_id = Product.objects.filter(slug=slug).values_list("owner_id", flat=True).first()
    if owner_id is None or actor.party_id is None:
        return False
    return owner_id == actor.party_id or parties.oversees(actor, owner_id)
