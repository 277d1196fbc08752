"""Show parties, places, regions and counterparties; each actor sees what is his to see."""

from cailan.parties.queries.book import counterparties, counterparties_named
from cailan.parties.queries.disclosing import may_read_sealed, seals_of, seals_of_entries
from cailan.parties.queries.integrity import member_subject
from cailan.parties.queries.reading import (
    approved_markets,
    contacts,
    count_pending,
    facts,
    find_by_identity,
    get_file,
    get_party,
    list_parties,
    list_registrations,
    may_decide,
    oversees,
    party_by_gln,
    party_by_uri,
    public_names,
)
from cailan.parties.queries.regions import (
    choose_step_by_step,
    list_regions,
    region_name,
    region_path,
    search_regions,
)
from cailan.parties.queries.sites import get_site, market_sites, site_by_uri, site_facts, sites_of
from cailan.parties.queries.visibility import region_scope

__all__ = [
    "approved_markets",
    "choose_step_by_step",
    "contacts",
    "count_pending",
    "counterparties",
    "counterparties_named",
    "facts",
    "find_by_identity",
    "get_file",
    "get_party",
    "get_site",
    "list_parties",
    "list_regions",
    "list_registrations",
    "market_sites",
    "may_decide",
    "may_read_sealed",
    "member_subject",
    "oversees",
    "party_by_gln",
    "party_by_uri",
    "public_names",
    "region_name",
    "region_path",
    "region_scope",
    "seals_of",
    "seals_of_entries",
    "search_regions",
    "site_by_uri",
    "site_facts",
    "sites_of",
]
