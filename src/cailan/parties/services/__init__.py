"""The verbs of parties: register, decide, appoint, place, keep a book, know others from documents."""

from cailan.parties.services.agencies import add_member, create_agency, ensure_import_party
from cailan.parties.services.approval import approve, refuse
from cailan.parties.services.book import add_counterparty
from cailan.parties.services.externals import ensure_external, ensure_external_sites, external_uri
from cailan.parties.services.reference import load_regions
from cailan.parties.services.registration import count_try, register
from cailan.parties.services.sites import add_site

__all__ = [
    "add_counterparty",
    "add_member",
    "add_site",
    "approve",
    "count_try",
    "create_agency",
    "ensure_external",
    "ensure_external_sites",
    "ensure_import_party",
    "external_uri",
    "load_regions",
    "refuse",
    "register",
]
