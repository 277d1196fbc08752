"""Whose hands foreign events name: registered parties and places, others made known from the documents."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from cailan.kernel.access import Actor
from cailan.lots.rules.book import Refused
from cailan.lots.rules.foreign import LONGEST_PLACE, Spot, gln_of, party_of
from cailan.parties import queries as parties
from cailan.parties import services as party_services
from cailan.parties.rules.facts import ExternalSiteSpec, ExternalSpec


@dataclass(frozen=True, slots=True)
class MasterData:
    """What a document's header says of one URI (EPCIS 2.0, 6.1.2)."""

    name: str = ""
    latitude: float | None = None
    longitude: float | None = None
    owner: str = ""  # the party of a place, by canonical URI


NOTHING_KNOWN = MasterData()


@dataclass(frozen=True, slots=True)
class Place:
    """A holder and the site where goods are, as rows."""

    holder_id: int
    site_id: int | None


class Places:
    """Parties and sites of one batch of events, resolved once."""

    def __init__(self, actor: Actor, spots: Iterable[Spot], master: Mapping[str, MasterData]) -> None:
        self.actor = actor
        self._master = master
        spots = list(spots)
        self._owners = _owners(spots, master)
        sites = {spot.site for spot in spots if spot.site}
        self._sites = self._known_sites(sites)
        self._holder_of_site = {
            row.id: row.party_id for row in parties.site_facts(self._sites.values()).values()
        }
        strangers = sites - set(self._sites)
        named = {spot.party for spot in spots if spot.party} | {self._owner(site) for site in strangers}
        self._parties = self._ensure_parties(named)
        self._ensure_sites(strangers)
        ids = set(self._parties.values()) | set(self._holder_of_site.values()) | {actor.acting_party_id}
        self.registered: frozenset[int] = frozenset()
        self.meet(ids)
        self.holders = frozenset(ids)

    def meet(self, party_ids: Collection[int]) -> None:
        """Learn which of these parties are registered: of their goods nobody else tells."""
        facts = parties.facts(party_ids)
        self.registered |= {pk for pk, party in facts.items() if not party.is_external}

    def place(self, spot: Spot) -> Place | None:
        """Return who is meant and where; None where the event names nobody and no place."""
        site = self._sites.get(spot.site) if spot.site else None
        if spot.party:
            return Place(self._parties[spot.party], site)
        if site is not None:
            return Place(self._holder_of_site[site], site)
        return None

    def ours(self) -> Place:
        return Place(self.actor.acting_party_id, None)

    def _owner(self, site: str) -> str:
        return self._owners.get(site) or party_of(site)

    def _known_sites(self, sites: Collection[str]) -> dict[str, int]:
        """Find registered sites; a sub-location of one counts as the site itself."""
        bases = {site: site.partition("/254/")[0] for site in sites}
        known = parties.site_by_uri({*sites, *bases.values()})
        found = {site: known.get(site) or known.get(base) for site, base in bases.items()}
        return {site: pk for site, pk in found.items() if pk is not None}

    def _ensure_parties(self, uris: Collection[str]) -> dict[str, int]:
        for uri in uris:
            if len(uri) > LONGEST_PLACE:
                raise Refused("too-long", text=uri[:60], limit=LONGEST_PLACE)
        glns = {uri: gln_of(uri) for uri in uris}
        registered = parties.party_by_gln([gln for gln in glns.values() if gln])
        found = parties.party_by_uri(uris)
        found |= {uri: registered[gln] for uri, gln in glns.items() if gln in registered}
        missing = [
            ExternalSpec(uri, self._name(uri), gln=glns[uri]) for uri in sorted(uris) if uri not in found
        ]
        return found | party_services.ensure_external(self.actor, missing)

    def _ensure_sites(self, uris: Collection[str]) -> None:
        specs = []
        for uri in sorted(uris):
            known = self._master.get(uri, NOTHING_KNOWN)
            name = self._name(uri)
            specs.append(ExternalSiteSpec(uri, self._owner(uri), name, known.latitude, known.longitude))
        made = party_services.ensure_external_sites(self.actor, specs)
        self._sites |= made
        facts = parties.site_facts(made.values())
        self._holder_of_site |= {pk: row.party_id for pk, row in facts.items()}

    def _name(self, uri: str) -> str:
        """Name a party or place by the document's master data, else by its number."""
        known = self._master.get(uri, NOTHING_KNOWN)
        gln = gln_of(uri)
        if not known.name and gln:
            known = next((m for key, m in self._master.items() if m.name and gln_of(key) == gln), known)
        return known.name or (
            f"GLN {gln}" if gln else uri.rstrip("/").rpartition("/")[2].rpartition(":")[2] or uri
        )


def _owners(spots: Iterable[Spot], master: Mapping[str, MasterData]) -> dict[str, str]:
    """Learn whose a place is from master data, and from ends that name both a party and a place."""
    owners = {uri: party_of(known.owner) for uri, known in master.items() if known.owner}
    for spot in spots:
        if spot.party and spot.site:
            owners.setdefault(spot.site, spot.party)
    return owners
