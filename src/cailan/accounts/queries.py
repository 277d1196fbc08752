"""Who is asking: Actors built from sessions and keys, and lists of members and keys."""

import hashlib
import hmac
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from cailan.accounts import rules
from cailan.accounts.models import ApiKey, Membership, User
from cailan.kernel.access import Actor, Permission
from cailan.kernel.paging import Page, newest_first


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a party."""

    user_id: int
    username: str
    display_name: str
    role: str
    is_active: bool


def build_actor(user: User, party_id: int | None, *, means: str = "password") -> Actor:
    """Build the Actor of a user acting for one of its parties (the first when none is chosen)."""
    memberships = list(Membership.objects.filter(user=user, is_active=True).order_by("id"))
    chosen = next((m for m in memberships if m.party_id == party_id), memberships[0] if memberships else None)
    names = tuple((m.party_id, m.party_name) for m in memberships)
    if chosen is None:
        return Actor(user_id=user.pk, display_name=user.display_name, means=means)
    return Actor(
        user_id=user.pk,
        display_name=user.display_name,
        party_id=chosen.party_id,
        party_name=chosen.party_name,
        party_kind=chosen.party_kind,
        role=chosen.role,
        region=chosen.region,
        permissions=frozenset(map(Permission, rules.permissions_for(chosen.party_kind, chosen.role))),
        means=means,
        parties=names,
    )


def is_privileged(user: User) -> bool:
    """Say whether a person acts for an authority, a market or the platform."""
    return Membership.objects.filter(
        user=user, is_active=True, party_kind__in=rules.PRIVILEGED_KINDS
    ).exists()


def idle_seconds(user: User) -> int:
    """Return after how long without a request a person is signed out (GB/T 22239-2019 8.1.4.1 b)."""
    idle = rules.IDLE_PRIVILEGED if is_privileged(user) else rules.IDLE
    return int(idle.total_seconds())


def actor_named(username: str, party_id: int | None) -> Actor | None:
    """Build the Actor of an account for whoever sits at the server's own terminal; None for no such member."""
    user = User.objects.filter(username=username, is_active=True).first()
    actor = build_actor(user, party_id, means="command") if user else None
    return None if actor is None or (party_id is not None and actor.party_id != party_id) else actor


def actor_of(user_id: int | None, party_id: int) -> Actor | None:
    """Build the Actor of a person whose work goes on in the background; None when he has left the party."""
    user = User.objects.filter(pk=user_id or 0, is_active=True).first()
    actor = build_actor(user, party_id, means="background") if user else None
    return actor if actor is not None and actor.party_id == party_id else None


def actor_for_key(token: str, at: datetime) -> Actor | None:
    """Build the Actor of an API key, or None for an unknown, revoked or expired one."""
    prefix, _, secret = token.partition(".")
    key = ApiKey.objects.filter(prefix=prefix, revoked_at=None).first() if prefix.isascii() else None
    digest = hashlib.sha256(secret.encode()).digest()
    if key is None or not hmac.compare_digest(bytes(key.digest), digest):
        return None
    if key.expires_at is not None and key.expires_at <= at:
        return None
    return Actor(
        display_name=key.name,
        party_id=key.party_id,
        party_name=key.party_name,
        party_kind=key.party_kind,
        role=key.role,
        region=key.region,
        permissions=frozenset(map(Permission, rules.permissions_for(key.party_kind, key.role))),
        means="api_key",
        parties=((key.party_id, key.party_name),),
    )


def list_members(actor: Actor) -> tuple[Member, ...]:
    """List the people of the actor's own party."""
    rows = (
        Membership.objects.filter(party_id=actor.acting_party_id).select_related("user").order_by("id")[:500]
    )
    return tuple(
        Member(m.user_id, m.user.username, m.user.display_name, m.role, m.is_active and m.user.is_active)
        for m in rows
    )


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role of a person in a party, as stored."""

    party_id: int
    user_id: int
    username: str
    role: str
    is_active: bool


def roles_in(party_ids: Collection[int], user_ids: Collection[int]) -> tuple[RoleRow, ...]:
    """Return the roles that any of these accounts have in any of these parties."""
    rows = Membership.objects.filter(party_id__in=party_ids, user_id__in=user_ids).select_related("user")
    return tuple(
        RoleRow(m.party_id, m.user_id, m.user.username, m.role, m.is_active and m.user.is_active)
        for m in rows
    )


def api_keys_by_prefix(prefixes: Collection[str]) -> tuple[ApiKey, ...]:
    """Return the stored keys with these prefixes."""
    return tuple(ApiKey.objects.filter(prefix__in=prefixes))


@dataclass(frozen=True, slots=True)
class Described:
    """What a membership or key repeats of its party."""

    table: str
    id: int
    party_id: int
    name: str
    kind: str
    region: str


def descriptions() -> Iterator[Described]:
    """Return what every membership and every key repeats of its party."""
    for table in (Membership, ApiKey):
        rows = table.objects.order_by("pk").values_list(
            "pk", "party_id", "party_name", "party_kind", "region"
        )
        for row in rows.iterator(chunk_size=5_000):
            yield Described(table._meta.db_table, *row)  # noqa: SLF001 (Django's documented name for it)


def list_api_keys(actor: Actor, *, cursor: str = "", limit: int | None = None) -> Page[ApiKey]:
    """List the keys of the actor's own party, newest first."""
    actor.require(Permission.API_KEY_MANAGE)
    return newest_first(ApiKey.objects.filter(party_id=actor.acting_party_id), cursor=cursor, limit=limit)
