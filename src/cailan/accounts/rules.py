"""What a role may do, and when a password or a sign-in is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MIN_LENGTH = 8
MIN_LENGTH_PRIVILEGED = 12
PRIVILEGED_KINDS = frozenset({"regulator", "operator", "market"})
HISTORY = 5
IDLE = timedelta(minutes=30)
IDLE_PRIVILEGED = timedelta(minutes=15)
MAX_AGE = timedelta(days=90)
FAILURES = 5
FAILURES_OF_ADDRESS = 60  # a whole market may sit behind one address
FAILURE_WINDOW = timedelta(minutes=15)
LOCK = timedelta(minutes=30)


class Role(StrEnum):
    """What a person is within a party."""

    OWNER = "owner"
    CLERK = "clerk"
    OFFICER = "officer"
    AUDITOR = "auditor"
    MACHINE = "machine"


READING = frozenset({"lot:read", "party:read", "event:read"})
WORKING = READING | {"lot:create", "lot:move", "document:add", "event:capture", "import:run"}
OWNING = WORKING | {"lot:hold", "money:read", "party:manage", "account:manage", "api_key:manage"}
FARMING_KINDS = frozenset({"base", "individual"})
FARMING = frozenset({"farm:record", "test:record"})  # its own self-tests, not a laboratory's reports
BY_KIND: dict[str, dict[Role, frozenset[str]]] = {
    "regulator": {
        Role.OWNER: READING
        | {"lot:hold", "party:approve", "account:manage", "document:add", "audit:read"}
        | {"alert:read", "recall:manage", "limit:manage"},
        Role.OFFICER: READING | {"lot:hold", "party:approve", "document:add", "alert:read", "recall:manage"},
        Role.AUDITOR: READING | {"audit:read"},
    },
    "operator": {
        Role.OWNER: READING
        | {"party:approve", "party:manage", "account:manage", "api_key:manage", "limit:manage"},
        Role.AUDITOR: READING | {"audit:read"},
    },
    "technical": {
        Role.OWNER: frozenset({"party:read", "api_key:manage"}),
        Role.AUDITOR: frozenset({"audit:read"}),
    },
    "lab": {
        Role.OWNER: READING
        | {"document:add", "lot:hold", "party:manage", "account:manage", "api_key:manage"}
        | {"alert:read", "test:record", "test:sign"},
        Role.CLERK: READING | {"document:add", "test:record"},
    },
    "market": {
        Role.OWNER: READING
        | {"party:approve", "party:manage", "account:manage", "lot:hold", "document:add", "alert:read"},
        Role.CLERK: READING | {"document:add", "alert:read"},
    },
}
BY_ROLE: dict[Role, frozenset[str]] = {
    Role.OWNER: OWNING,
    Role.CLERK: WORKING,
    Role.AUDITOR: READING,
    Role.MACHINE: READING | {"lot:create", "lot:move", "event:capture", "import:run"},
}


def permissions_for(party_kind: str, role: str) -> frozenset[str]:
    """Return what a role may do in a party of this kind; an unknown role may do nothing."""
    try:
        known = Role(role)
    except ValueError:
        return frozenset()
    table = BY_KIND.get(party_kind, BY_ROLE)
    granted = table.get(known, READING if known is Role.MACHINE else frozenset())
    is_farming = party_kind in FARMING_KINDS and "lot:create" in granted
    return granted | FARMING if is_farming else granted


def why_password_refused(password: str, *, is_privileged: bool, username: str) -> str | None:
    """Return the reason code for which a password is refused (GB/T 22239-2019 8.1.4.1 a), or None."""
    classes = sum(
        any(test(character) for character in password)
        for test in (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
    )
    if len(password) < (MIN_LENGTH_PRIVILEGED if is_privileged else MIN_LENGTH):
        return "too-short"
    if classes < 3:  # noqa: PLR2004 (three of the four classes)
        return "too-plain"
    if username.lower() in password.lower():
        return "contains-name"
    return None


@dataclass(frozen=True, slots=True)
class SignInState:
    """What is remembered of failed sign-ins of one account."""

    failures: Sequence[datetime]
    locked_until: datetime | None


def is_locked(state: SignInState, at: datetime) -> bool:
    return state.locked_until is not None and at < state.locked_until


def after_failure(state: SignInState, at: datetime) -> SignInState:
    """Count one more failure; five within 15 minutes lock for 30 (GB/T 22239-2019 8.1.4.1 b)."""
    recent = [*(moment for moment in state.failures if at - moment < FAILURE_WINDOW), at]
    return (
        SignInState(recent, at + LOCK) if len(recent) >= FAILURES else SignInState(recent, state.locked_until)
    )


def must_change(changed_at: datetime | None, at: datetime) -> bool:
    return changed_at is None or at - changed_at > MAX_AGE
