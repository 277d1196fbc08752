"""Check a number handed in, and make what is kept of it."""

import secrets
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from cailan.kernel.problems import InvalidInput
from cailan.parties.queries.reading import digests, secrets_in_use
from cailan.parties.rules import identity, secrecy
from cailan.parties.rules.identity import Identity, InvalidIdentity
from cailan.parties.rules.masking import mask


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a number: never the number itself."""

    scheme: str
    masked: str
    encrypted: bytes
    digest: bytes
    known_as: tuple[bytes, ...]  # the digests under present and former secrets


def check(scheme: str, number: str, *, where: str, on: date) -> Identity:
    """Return the checked number, or refuse at the field with the reason."""
    try:
        found = identity.validate(scheme, number)
    except InvalidIdentity as refusal:
        raise InvalidInput(
            errors=[{"where": where, "what": _(refusal.message), "code": refusal.code}]
        ) from None
    except ValueError:
        raise InvalidInput(
            errors=[
                {"where": where, "what": _("Choose the kind of this number from the list."), "code": "kind"}
            ]
        ) from None
    if found.born_on is not None and found.born_on > on:
        what = _("The date of birth in this number is yet to come.")
        raise InvalidInput(errors=[{"where": where, "what": what, "code": "future-date"}])
    return found


def keep(found: Identity, *, owner_id: int | None = None) -> Kept:
    """Encrypt, digest and mask a checked number; with an owner the digest is of that party's book only."""
    known_as = digests(found.kind, found.value, owner_id=owner_id)
    nonce = secrets.token_bytes(secrecy.NONCE_BYTES)
    return Kept(
        scheme=found.kind.value,
        masked=mask(found.kind, found.value),
        encrypted=secrecy.encrypt(secrets_in_use()[0], found.value, scheme=found.kind, nonce=nonce),
        digest=known_as[0],
        known_as=tuple(known_as),
    )
