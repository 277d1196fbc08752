"""Know parties and places that only documents name: thousands at once, each once."""

import secrets
from collections.abc import Sequence

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from cailan.kernel.access import Actor
from cailan.parties.queries import party_by_uri, site_by_uri
from cailan.parties.rules import uris
from cailan.parties.rules.facts import ExternalSiteSpec, ExternalSpec
from cailan.parties.services.sealing import seal_parties, seal_sites

_PARTIES = """
INSERT INTO parties_party (kind, status, uri, name, name_en, gln, id_scheme, id_masked, legal_person,
    legal_id_scheme, legal_id_masked, contact_name, phone, region_id, address, refused_reason, created_at)
SELECT DISTINCT ON (uri) kind, 'external', uri, left(name, 200), '', gln, '', '', '', '', '', '', '',
    region.code, '', '', now()
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) AS s (uri, name, gln, wanted, kind)
LEFT JOIN parties_region region ON region.code = wanted
ORDER BY uri
ON CONFLICT DO NOTHING
RETURNING uri
"""
_SITES = """
INSERT INTO parties_site
    (party_id, kind, uri, name, code, region_id, address, latitude, longitude, created_at)
SELECT DISTINCT ON (s.uri) party.id, 'office', s.uri, left(s.name, 120), '', party.region_id, '',
    latitude, longitude, now()
FROM unnest(%s::text[], %s::text[], %s::text[], %s::float8[], %s::float8[])
    AS s (uri, party_uri, name, latitude, longitude)
JOIN parties_party party ON party.uri = s.party_uri
ORDER BY s.uri
ON CONFLICT (uri) DO NOTHING
RETURNING uri
"""


def mint_token() -> str:
    """Mint the last part of a URI that nobody can guess from its neighbours."""
    return secrets.token_hex(8)


def external_uri(owner_id: int, name: str, identity: str = "") -> str:
    """Return the URI of a party known in one book only; `identity` is a keyed digest, never the number."""
    return uris.external_uri(settings.CAILAN.id_url, owner_id, name, identity)


@transaction.atomic
def ensure_external(actor: Actor, specs: Sequence[ExternalSpec]) -> dict[str, int]:
    """Create the parties that nobody has registered, each sealed, and return the ids of all by URI.

    A GLN that another URI holds already leaves that spec out of the answer.
    """
    if not specs:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _PARTIES,
            [
                [spec.uri for spec in specs],
                [spec.name or spec.uri for spec in specs],
                [spec.gln for spec in specs],
                [spec.region for spec in specs],
                [spec.kind for spec in specs],
            ],
        )
        new = [uri for (uri,) in cursor.fetchall()]
    seal_parties(actor, "parties.known", new, at=timezone.now())
    return party_by_uri([spec.uri for spec in specs])


@transaction.atomic
def ensure_external_sites(actor: Actor, specs: Sequence[ExternalSiteSpec]) -> dict[str, int]:
    """Create the places that nobody has registered, each sealed, and return the ids of all by URI.

    Their parties exist.
    """
    if not specs:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _SITES,
            [
                [spec.uri for spec in specs],
                [spec.party_uri for spec in specs],
                [spec.name or spec.uri for spec in specs],
                [spec.latitude for spec in specs],
                [spec.longitude for spec in specs],
            ],
        )
        new = [uri for (uri,) in cursor.fetchall()]
    seal_sites(actor, "parties.site_known", new, at=timezone.now())
    return site_by_uri([spec.uri for spec in specs])
