"""Read parties."""

from collections.abc import Collection

from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language

from cailan.kernel.access import Actor, Permission, region_prefix
from cailan.kernel.paging import Page, newest_first
from cailan.kernel.problems import NotFound
from cailan.parties.models import Party, Region
from cailan.parties.queries.visibility import is_overseen, overseen, visible
from cailan.parties.rules import identity, secrecy
from cailan.parties.rules.facts import PartyFacts, PartyFile
from cailan.parties.rules.kinds import PERSON_DOCUMENTS
from cailan.parties.rules.masking import mask, public_name


def localised(region: Region | None, language: str | None = None) -> str:
    """Return a region's name in the language of the page."""
    if region is None:
        return ""
    language = language or get_language() or ""
    if language.startswith("en"):
        return region.name_en
    return region.name_zh_hant if language in {"zh-hant", "zh-hk", "zh-tw"} else region.name_zh


def to_facts(party: Party, *, in_clear: bool = False) -> PartyFacts:
    return PartyFacts(
        id=party.pk,
        kind=party.kind,
        status=party.status,
        uri=party.uri,
        name=party.name,
        name_en=party.name_en,
        region=party.region_id or "",
        region_name=localised(party.region),
        area=party.area_id or "",
        id_masked=party.id_masked,
        contact_name=party.contact_name if in_clear else mask("name", party.contact_name),
        phone=party.phone if in_clear else mask("phone", party.phone),
        market_id=party.market_id,
        is_external=party.status == "external",
    )


def _may_see_in_clear(actor: Actor, party: Party) -> bool:
    return party.pk == actor.party_id or is_overseen(
        actor, party_id=party.pk, region=party.region_id, market_id=party.market_id
    )


def facts(ids: Collection[int]) -> dict[int, PartyFacts]:
    """Return parties by id, contacts masked; for rows that the caller may see already."""
    rows = Party.objects.filter(pk__in=set(ids)).select_related("region")
    return {party.pk: to_facts(party) for party in rows}


def public_names(ids: Collection[int]) -> dict[int, str]:
    """Return the names of parties as anybody may read them, by id."""
    return {pk: public_name(one.name, one.kind) for pk, one in facts(ids).items()}


def contacts(ids: Collection[int]) -> dict[int, PartyFacts]:
    """Return parties by id, contacts in clear; for officials, and for partners of a hand-over that the caller knows."""
    rows = Party.objects.filter(pk__in=set(ids)).select_related("region")
    return {party.pk: to_facts(party, in_clear=True) for party in rows}


def get_party(actor: Actor, party_id: int) -> PartyFacts:
    """Return one party; what the actor does not see is not found."""
    return get_file(actor, party_id).facts


def get_file(actor: Actor, party_id: int) -> PartyFile:
    """Return all that the actor may see of one party."""
    rows = Party.objects.filter(visible(actor) | _registered_by(actor)).select_related(
        "region", "area", "market"
    )
    party = rows.filter(pk=party_id).first()
    if party is None:
        raise NotFound
    in_clear = _may_see_in_clear(actor, party) or (
        actor.user_id is not None and party.registrant_id == actor.user_id
    )
    return PartyFile(
        facts=to_facts(party, in_clear=in_clear),
        id_scheme=party.id_scheme,
        legal_person=party.legal_person if in_clear else mask("name", party.legal_person),
        legal_id_masked=party.legal_id_masked if in_clear else "",
        address=party.address if in_clear else "",
        area_name=localised(party.area),
        market_name=party.market.name if party.market else "",
        refused_reason=party.refused_reason if in_clear else "",
        created_at=party.created_at,
        approved_at=party.approved_at,
    )


def _registered_by(actor: Actor) -> Q:
    """The registrations of a person whose party is not approved yet."""
    return Q(registrant_id=actor.user_id) if actor.user_id is not None else Q(pk__in=())


def list_registrations(actor: Actor) -> tuple[PartyFacts, ...]:
    """List what the person signed in has registered and nobody has approved yet."""
    if actor.user_id is None:
        return ()
    rows = (
        Party.objects.filter(registrant_id=actor.user_id).exclude(status="approved").select_related("region")
    )
    return tuple(to_facts(party, in_clear=True) for party in rows.order_by("-pk")[:50])


def list_parties(
    actor: Actor,
    *,
    kind: str = "",
    status: str = "",
    region: str = "",
    text: str = "",
    cursor: str = "",
    limit: int | None = None,
) -> Page[PartyFacts]:
    """List the parties that the actor sees, newest first; `region` takes in all that lies below it."""
    actor.require(Permission.PARTY_READ)
    rows = Party.objects.filter(visible(actor)).select_related("region")
    if kind:
        rows = rows.filter(kind=kind)
    if status:
        rows = rows.filter(status=status)
    if region:
        rows = rows.filter(region__code__startswith=region_prefix(region))
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(id_masked=identity.compact(text)))
    page = newest_first(rows, cursor=cursor, limit=limit)
    return Page(tuple(to_facts(row, in_clear=_may_see_in_clear(actor, row)) for row in page.items), page.next)


def secrets_in_use() -> tuple[secrecy.Keys, ...]:
    """Return the keys of the present secret, then those of former ones."""
    return tuple(secrecy.derive(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def digests(scheme: str, number: str, *, owner_id: int | None = None) -> list[bytes]:
    """Return the digests under which a checked number may be kept."""
    return [secrecy.digest(keys, scheme, number, owner_id=owner_id) for keys in secrets_in_use()]


def find_by_identity(actor: Actor, scheme: str, number: str) -> PartyFacts | None:
    """Find a subject by its whole number: any organisation, but only persons whom the actor sees."""
    actor.require(Permission.PARTY_READ)
    try:
        checked = identity.validate(scheme, number)
    except ValueError:
        return None
    rows = Party.objects.filter(id_digest__in=digests(checked.kind, checked.value)).exclude(status="pending")
    if checked.kind in PERSON_DOCUMENTS:
        rows = rows.filter(visible(actor))
    party = rows.select_related("region").first()
    return to_facts(party) if party else None


def party_by_uri(uris: Collection[str]) -> dict[str, int]:
    """Return the ids of the parties with these URIs."""
    return dict(Party.objects.filter(uri__in=set(uris)).values_list("uri", "pk"))


def party_by_gln(glns: Collection[str]) -> dict[str, int]:
    """Return the ids of the parties with these global location numbers."""
    return {gln: pk for pk, gln in Party.objects.filter(gln__in=set(glns)).values_list("pk", "gln") if gln}


def oversees(actor: Actor, party_id: int) -> bool:
    """Say whether the actor oversees this party: its region's regulators, its market, the operator."""
    circle = overseen(actor)
    return circle is not None and Party.objects.filter(circle, pk=party_id).exists()


def approved_markets() -> tuple[tuple[int, str], ...]:
    """List the markets to which a merchant may belong; open to everybody, as they are public places."""
    rows = Party.objects.filter(kind="market", status="approved").order_by("name", "pk")
    return tuple(rows.values_list("pk", "name")[:2_000])


def count_pending(actor: Actor) -> int:
    """Count the registrations that wait for this actor."""
    circle = overseen(actor)
    if circle is None or not actor.may(Permission.PARTY_APPROVE):
        return 0
    return Party.objects.filter(circle, status="pending").count()


def may_decide(actor: Actor, party: PartyFacts) -> bool:
    """Say whether the actor may approve or refuse this registration."""
    return (
        party.status == "pending"
        and actor.may(Permission.PARTY_APPROVE)
        and is_overseen(actor, party_id=party.id, region=party.region, market_id=party.market_id)
    )
