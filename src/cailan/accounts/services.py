"""Accounts: open them, sign in, change passwords, grant roles, make keys."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cailan.accounts import rules
from cailan.accounts.models import ApiKey, Membership, User
from cailan.accounts.queries import is_privileged
from cailan.kernel import audit
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import Conflict, InvalidInput, NotFound, Problem

REASONS: dict[str, str | Promise] = {
    "too-short": _("Use at least 8 characters; 12 for regulators, markets and the platform."),
    "too-plain": _("Use at least three of: small letters, capitals, digits, signs."),
    "contains-name": _("The password must not contain the user name."),
    "used-before": _("This password was used before; choose another one."),
}


class SignInRefused(Problem):
    status = 401
    code = "sign-in-refused"
    title = _("User name or password is wrong")
    detail = _("Check both. After five failures within 15 minutes the account is locked for 30 minutes.")


class AccountLocked(Problem):
    status = 423
    code = "account-locked"
    title = _("This account is locked for now")
    detail = _("Five sign-ins failed. Wait 30 minutes, or ask your organisation's owner.")


@transaction.atomic
def open_account(
    actor: Actor, *, username: str, display_name: str, password: str, at: datetime, must_change: bool = True
) -> int:
    """Open a sign-in and return its id; the first sign-in asks for a new password."""
    if User.objects.filter(username=username).exists():
        raise Conflict(_("This user name is taken; choose another one."))
    user = User(username=username, display_name=display_name)
    _set_password(user, password, is_privileged=False)
    user.password_changed_at = None if must_change else at
    user.save()
    audit.record(actor, "accounts.account.opened", f"user:{user.pk}")
    return user.pk


def account_exists(actor: Actor, *, username: str) -> bool:  # noqa: ARG001 (asked before anybody may act)
    """Say whether a user name is taken."""
    return User.objects.filter(username=username).exists()


@transaction.atomic
def grant(
    actor: Actor, *, user_id: int, party_id: int, party_name: str, party_kind: str, region: str, role: str
) -> None:
    """Give a user a role in a party; called by `parties`, which knows the party."""
    Membership.objects.update_or_create(
        user_id=user_id,
        party_id=party_id,
        defaults={
            "party_name": party_name,
            "party_kind": party_kind,
            "region": region,
            "role": role,
            "is_active": True,
        },
    )
    audit.record(actor, "accounts.role.granted", f"user:{user_id}", party=party_id, role=role)


@transaction.atomic
def describe_party(*, actor: Actor, party_id: int, name: str, region: str) -> None:
    """Keep the repeated name and area of a party in step."""
    for table in (Membership, ApiKey):
        table.objects.filter(party_id=party_id).update(party_name=name, region=region)
    audit.record(actor, "accounts.party.described", f"party:{party_id}")


def sign_in(*, username: str, password: str, at: datetime) -> User:
    """Check a password; count failures and lock (GB/T 22239-2019 8.1.4.1 b)."""
    nobody = Actor(display_name=username[:80])
    audit.refuse_too_many(
        "accounts.sign_in",
        failures_only=True,
        most=rules.FAILURES_OF_ADDRESS,
        within=rules.FAILURE_WINDOW,
        at=at,
    )
    with transaction.atomic():
        user = User.objects.select_for_update().filter(username=username, is_active=True).first()
        if user is None:
            make_password(password)  # as slow as a real check, so that names cannot be guessed by time
            audit.record(nobody, "accounts.sign_in", f"user:{username[:80]}", succeeded=False)
            refusal: Problem | None = SignInRefused()
        else:
            refusal = _try_password(user, password, at)
            who = Actor(user_id=user.pk, display_name=user.display_name, means="password")
            audit.record(who, "accounts.sign_in", f"user:{user.pk}", succeeded=refusal is None)
    if refusal is not None or user is None:
        raise refusal or SignInRefused()
    return user


def sign_out(actor: Actor) -> None:
    """Record that a person ended the session."""
    audit.record(actor, "accounts.sign_out", f"user:{actor.user_id}")


def _try_password(user: User, password: str, at: datetime) -> Problem | None:
    state = rules.SignInState(user.failures, user.locked_until)
    if rules.is_locked(state, at):
        return AccountLocked()
    if user.check_password(password):
        user.failures, user.locked_until, user.last_login = [], None, at
        user.save(update_fields=["failures", "locked_until", "last_login"])
        return None
    state = rules.after_failure(state, at)
    user.failures, user.locked_until = list(state.failures), state.locked_until
    user.save(update_fields=["failures", "locked_until"])
    return AccountLocked() if rules.is_locked(state, at) else SignInRefused()


@transaction.atomic
def change_password(actor: Actor, *, old: str, new: str, at: datetime) -> User:
    """Change one's own password; the last five may not come back."""
    user = User.objects.select_for_update().get(pk=actor.user_id or 0)
    if not user.check_password(old):
        raise InvalidInput(errors=[{"where": "old", "what": str(_("The present password is wrong."))}])
    _set_password(user, new, is_privileged=is_privileged(user))
    user.password_changed_at = at
    user.save()
    audit.record(actor, "accounts.password.changed", f"user:{user.pk}")
    return user


def _set_password(user: User, password: str, *, is_privileged: bool) -> None:
    problems: list[str] = []
    if reason := rules.why_password_refused(password, is_privileged=is_privileged, username=user.username):
        problems.append(str(REASONS[reason]))
    if any(check_password(password, old) for old in user.old_passwords):
        problems.append(str(REASONS["used-before"]))
    try:
        validate_password(password, user)
    except ValidationError as error:
        problems.extend(error.messages)
    if problems:
        raise InvalidInput(errors=[{"where": "password", "what": what} for what in problems])
    user.set_password(password)
    user.old_passwords = [user.password, *user.old_passwords][: rules.HISTORY]


@transaction.atomic
def create_api_key(
    actor: Actor, *, name: str, at: datetime, role: str = rules.Role.MACHINE, valid_days: int = 365
) -> str:
    """Make a key for the actor's party and return it: the only time it is shown."""
    actor.require(Permission.API_KEY_MANAGE)
    prefix, secret = "ck_" + secrets.token_hex(4), secrets.token_urlsafe(32)
    ApiKey.objects.create(
        party_id=actor.acting_party_id,
        party_name=actor.party_name,
        party_kind=actor.party_kind,
        region=actor.region,
        name=name,
        prefix=prefix,
        digest=hashlib.sha256(secret.encode()).digest(),
        role=role,
        created_by_id=actor.user_id,
        expires_at=at + timedelta(days=valid_days),
    )
    audit.record(actor, "accounts.api_key.created", f"api_key:{prefix}")
    _tell(actor, "accounts.api_key.created", prefix, at)
    return f"{prefix}.{secret}"


@transaction.atomic
def revoke_api_key(actor: Actor, *, key_id: int, at: datetime) -> None:
    """Make a key useless from now on."""
    actor.require(Permission.API_KEY_MANAGE)
    found = ApiKey.objects.filter(pk=key_id, party_id=actor.acting_party_id, revoked_at=None)
    if not found.update(revoked_at=at):
        raise NotFound
    audit.record(actor, "accounts.api_key.revoked", f"api_key:{key_id}")
    _tell(
        actor, "accounts.api_key.revoked", ApiKey.objects.values_list("prefix", flat=True).get(pk=key_id), at
    )


Witness = Callable[[Actor, str, str, datetime], None]
"""(actor, what happened, the key's prefix, when) → nothing; runs in the same transaction."""

_witnesses: list[Witness] = []


def witness_keys(witness: Witness) -> None:
    """Let an upper floor seal what happens to keys: the ledger lies above (from an app's `ready`)."""
    if witness not in _witnesses:
        _witnesses.append(witness)


def _tell(actor: Actor, happened: str, prefix: str, at: datetime) -> None:
    for witness in _witnesses:
        witness(actor, happened, prefix, at)


@transaction.atomic
def choose_language(actor: Actor, *, language: str) -> None:
    """Remember the language of a user's pages."""
    User.objects.filter(pk=actor.user_id or 0).update(language=language)
