"""Seal the rows of parties as they stand after a change, so that the audit finds what is changed past the services."""

from collections.abc import Sequence
from datetime import datetime

from cailan.kernel.access import Actor
from cailan.ledger import services as ledger
from cailan.ledger.rules import Entry
from cailan.parties.queries import integrity

STATES_OF_PARTIES = (
    "parties.registered",
    "parties.approved",
    "parties.refused",
    "parties.returned",
    "parties.agency_created",
    "parties.known",
    "parties.identified",
)
STATES_OF_SITES = ("parties.site_added", "parties.site_known")
STATES_OF_KEYS = ("accounts.api_key.created", "accounts.api_key.revoked")
ROLE, ENTRY = "parties.role_granted", "parties.counterparty_kept"


def seal_parties(actor: Actor, kind: str, uris: Sequence[str], *, at: datetime) -> None:
    _seal(actor, kind, uris, integrity.rebuild_parties, at)


def seal_sites(actor: Actor, kind: str, uris: Sequence[str], *, at: datetime) -> None:
    _seal(actor, kind, uris, integrity.rebuild_sites, at)


def seal_member(actor: Actor, party_uri: str, user_id: int, *, at: datetime) -> None:
    _seal(actor, ROLE, [integrity.member_subject(party_uri, user_id)], integrity.rebuild_members, at)


def seal_entry(actor: Actor, owner_uri: str, entry_id: int, *, at: datetime) -> None:
    _seal(actor, ENTRY, [integrity.entry_subject(owner_uri, entry_id)], integrity.rebuild_entries, at)


def seal_api_key(actor: Actor, kind: str, prefix: str, at: datetime) -> None:
    """Seal what a machine's key allows; `accounts` tells of each one made and each one revoked."""
    _seal(actor, kind, [f"{integrity.API_KEY}{prefix}"], integrity.rebuild_api_keys, at)


def _seal(actor: Actor, kind: str, subjects: Sequence[str], rebuild: ledger.Rebuild, at: datetime) -> None:
    if subjects:
        states = rebuild(subjects)
        ledger.append(actor, [Entry(kind, subject, states[subject]) for subject in subjects], at=at)


def register_mirrors() -> tuple[str, ...]:
    """Tell the audit how each kind is rebuilt, and return the kinds; those of one row's state replace each other."""
    known: list[str] = []
    for kinds, rebuild in (
        (STATES_OF_PARTIES, integrity.rebuild_parties),
        (STATES_OF_SITES, integrity.rebuild_sites),
        (STATES_OF_KEYS, integrity.rebuild_api_keys),
        ((ROLE,), integrity.rebuild_members),
        ((ENTRY,), integrity.rebuild_entries),
    ):
        for kind in kinds:
            ledger.mirror(kind, rebuild, family=kinds)
        known += kinds
    return tuple(known)
