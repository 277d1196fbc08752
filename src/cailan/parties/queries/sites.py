"""Read places."""

from collections.abc import Collection

from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import NotFound
from cailan.parties.models import Party, Site
from cailan.parties.queries.reading import localised
from cailan.parties.queries.visibility import visible
from cailan.parties.rules.facts import SiteFacts

MOST = 2_000


def to_site(row: Site) -> SiteFacts:
    return SiteFacts(
        id=row.pk,
        uri=row.uri,
        party_id=row.party_id,
        kind=row.kind,
        name=row.name,
        code=row.code,
        region=row.region_id or "",
        latitude=row.latitude,
        longitude=row.longitude,
        region_name=localised(row.region),
        parent_id=row.parent_id,
    )


def site_facts(ids: Collection[int]) -> dict[int, SiteFacts]:
    """Return places by id; for rows that the caller may see already."""
    return {row.pk: to_site(row) for row in Site.objects.filter(pk__in=set(ids)).select_related("region")}


def site_by_uri(uris: Collection[str]) -> dict[str, int]:
    """Return the ids of the places with these URIs."""
    return dict(Site.objects.filter(uri__in=set(uris)).values_list("uri", "pk"))


def sites_of(actor: Actor, party_id: int) -> tuple[SiteFacts, ...]:
    """List the places of a party that the actor sees."""
    if party_id != actor.party_id and not Party.objects.filter(visible(actor), pk=party_id).exists():
        raise NotFound
    rows = Site.objects.filter(party_id=party_id).select_related("region").order_by("kind", "code", "pk")
    return tuple(to_site(row) for row in rows[:MOST])


def get_site(actor: Actor, site_id: int) -> SiteFacts:
    """Return one place of a party that the actor sees."""
    row = (
        Site.objects.select_related("region")
        .filter(pk=site_id, party__in=Party.objects.filter(visible(actor)))
        .first()
    )
    if row is None:
        raise NotFound
    return to_site(row)


def market_sites(actor: Actor) -> tuple[SiteFacts, ...]:
    """List the markets in which a stall may lie: public places, open to every signed-in party."""
    actor.require(Permission.PARTY_READ)
    rows = (
        Site.objects.filter(kind="market", party__status="approved")
        .select_related("region")
        .order_by("name", "pk")
    )
    return tuple(to_site(row) for row in rows[:MOST])
