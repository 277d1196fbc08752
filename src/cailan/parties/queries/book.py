"""Read a party's book of suppliers and customers."""

from collections.abc import Collection

from cailan.kernel.access import Actor, Permission
from cailan.kernel.paging import Page, newest_first
from cailan.parties.models import Counterparty
from cailan.parties.rules.facts import CounterpartyFacts


def to_entry(row: Counterparty) -> CounterpartyFacts:
    return CounterpartyFacts(
        id=row.pk,
        party_id=row.party_id,
        kind=row.party.kind,
        status=row.party.status,
        uri=row.party.uri,
        name=row.name,
        id_scheme=row.party.id_scheme,
        id_masked=row.party.id_masked,
        address=row.address,
        legal_person=row.legal_person,
        contact_name=row.contact_name,
        phone=row.phone,
        is_supplier=row.is_supplier,
        is_customer=row.is_customer,
        grade=row.grade,
    )


def counterparties(
    actor: Actor, *, text: str = "", kind: str = "", cursor: str = "", limit: int | None = None
) -> Page[CounterpartyFacts]:
    """List the actor's own book, newest first; `kind` is supplier, customer or a kind of party."""
    actor.require(Permission.PARTY_READ)
    rows = Counterparty.objects.filter(owner_id=actor.acting_party_id).select_related("party")
    if kind == "supplier":
        rows = rows.filter(is_supplier=True)
    elif kind == "customer":
        rows = rows.filter(is_customer=True)
    elif kind:
        rows = rows.filter(party__kind=kind)
    if text:
        rows = rows.filter(name__icontains=text)
    page = newest_first(rows, cursor=cursor, limit=limit)
    return Page(tuple(map(to_entry, page.items)), page.next)


def counterparties_named(actor: Actor, names: Collection[str]) -> dict[str, int]:
    """Return the parties that the actor's own book has under exactly these names; the newest entry counts."""
    rows = Counterparty.objects.filter(owner_id=actor.acting_party_id, name__in=set(names)).order_by("pk")
    return dict(rows.values_list("name", "party_id"))
