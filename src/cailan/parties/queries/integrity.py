"""Rebuild what is sealed of parties, places, roles, books and keys from the rows."""

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from cailan.accounts import queries as accounts
from cailan.parties.models import Counterparty, Party, Site
from cailan.parties.rules.sealed import fingerprint, hidden, instant, is_public

MEMBER, ENTRY = "#user-", "#entry-"
API_KEY = "api_key:"


def rebuild_parties(uris: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the state of parties by URI: every column, what is of a person by digest."""
    return {party.uri: party_state(party) for party in Party.objects.filter(uri__in=uris)}


def party_state(party: Party) -> dict[str, Any]:
    salt = str(party.seal_salt)
    is_open = is_public(party.kind, party.id_scheme)
    claim = json.dumps(party.before_claim, ensure_ascii=False, sort_keys=True) if party.before_claim else ""
    return {
        "id": party.pk,
        "kind": party.kind,
        "status": party.status,
        "name": party.name if is_open else hidden(salt, "name", party.name),
        "name_en": party.name_en if is_open else hidden(salt, "name_en", party.name_en),
        "gln": party.gln or "",
        "id_scheme": party.id_scheme,
        "id_masked": party.id_masked,
        "id_digest": bytes(party.id_digest).hex() if party.id_digest else "",
        "id_encrypted": fingerprint(party.id_encrypted),
        "legal_id_scheme": party.legal_id_scheme,
        "legal_id_masked": party.legal_id_masked,
        "legal_id_encrypted": fingerprint(party.legal_id_encrypted),
        **{name: hidden(salt, name, getattr(party, name)) for name in _OF_PERSONS},
        "region": party.region_id or "",
        "area": party.area_id or "",
        "market": party.market_id or 0,
        "refused_reason": party.refused_reason,
        "registrant": party.registrant_id or 0,
        "before_claim": hidden(salt, "before_claim", claim),
        "created_at": instant(party.created_at),
        "approved_at": instant(party.approved_at),
    }


_OF_PERSONS = ("legal_person", "contact_name", "phone", "address")


def rebuild_sites(uris: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the state of places by URI."""
    return {
        site.uri: {
            "id": site.pk,
            "party": site.party_id,
            "kind": site.kind,
            "name": site.name,
            "code": site.code,
            "gln": site.gln or "",
            "parent": site.parent_id or 0,
            "region": site.region_id or "",
            "address": hidden(str(site.party.seal_salt), "address", site.address),
            "latitude": "" if site.latitude is None else str(site.latitude),
            "longitude": "" if site.longitude is None else str(site.longitude),
            "created_at": instant(site.created_at),
        }
        for site in Site.objects.filter(uri__in=uris).select_related("party")
    }


def member_subject(party_uri: str, user_id: int) -> str:
    return f"{party_uri}{MEMBER}{user_id}"


def rebuild_members(subjects: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the roles of people in parties, each by the party's URI and the account's number."""
    parties = {party.uri: party for party in Party.objects.filter(uri__in=_uris(subjects, MEMBER))}
    owners = {party.pk: party for party in parties.values()}
    return {
        member_subject(owners[row.party_id].uri, row.user_id): {
            "party": row.party_id,
            "user": row.user_id,
            "username": hidden(str(owners[row.party_id].seal_salt), "username", row.username),
            "role": row.role,
            "is_active": row.is_active,
        }
        for row in accounts.roles_in(owners, _numbers(subjects, MEMBER))
    }


def entry_subject(owner_uri: str, entry_id: int) -> str:
    """Name an entry of a book in the log, which anybody reads: not by the party that one deals with."""
    return f"{owner_uri}{ENTRY}{entry_id}"


def rebuild_entries(subjects: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return entries of books, each by its owner's URI and its own number."""
    rows = Counterparty.objects.filter(
        owner__uri__in=_uris(subjects, ENTRY), pk__in=_numbers(subjects, ENTRY)
    ).select_related("owner")
    return {
        entry_subject(row.owner.uri, row.pk): {
            "owner": row.owner_id,
            "party": row.party_id,
            "is_supplier": row.is_supplier,
            "is_customer": row.is_customer,
            "grade": row.grade,
            **{
                name: hidden(str(row.owner.seal_salt), f"{row.party_id} {name}", getattr(row, name))
                for name in ("name", *_OF_PERSONS)
            },
        }
        for row in rows
    }


def rebuild_api_keys(subjects: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return what machines' keys allow, and until when; when one was last used changes by itself."""
    found = accounts.api_keys_by_prefix([subject.removeprefix(API_KEY) for subject in subjects])
    return {
        f"{API_KEY}{key.prefix}": {
            "id": key.pk,
            "party": key.party_id,
            "name": key.name,
            "role": key.role,
            "digest": fingerprint(key.digest),
            "created_by": key.created_by_id or 0,
            "created_at": instant(key.created_at),
            "expires_at": instant(key.expires_at),
            "revoked_at": instant(key.revoked_at),
        }
        for key in found
    }


def _uris(subjects: Iterable[str], mark: str) -> set[str]:
    return {subject.rpartition(mark)[0] for subject in subjects}


def _numbers(subjects: Iterable[str], mark: str) -> Collection[int]:
    return {int(subject.rpartition(mark)[2]) for subject in subjects}
