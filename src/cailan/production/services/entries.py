"""Entries from phones that were offline: one key is one entry; and what every entry is checked for."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

import orjson
from django.db import connection
from django.utils.translation import gettext as _

from cailan.documents import queries as documents
from cailan.kernel.access import Actor
from cailan.kernel.problems import InvalidInput, KeyReused
from cailan.production.models import ClientEntry
from cailan.products.rules import units

Errors = list[dict[str, Any]]
MINUTES_AHEAD = timedelta(minutes=10)  # clocks of phones
LONGEST_AGO = timedelta(days=3 * 366)
LARGEST_ID = 2**63 - 1


def claim(actor: Actor, key: str, verb: str, said: Mapping[str, Any]) -> int | None:
    """Claim a client key in the present transaction; return the first answer where it was used for the same entry.

    A second caller waits here for the first.
    """
    if not key:
        return None
    digest = sha256(
        orjson.dumps({"verb": verb, **said}, default=str, option=orjson.OPT_SORT_KEYS)
    ).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO production_cliententry (party_id, key, digest, created_at) VALUES (%s, %s, %s, now())"
            " ON CONFLICT DO NOTHING",
            [actor.acting_party_id, key, digest],
        )
        if cursor.rowcount:
            return None
    known = ClientEntry.objects.get(party_id=actor.acting_party_id, key=key)
    if known.digest != digest or known.answer is None:
        raise KeyReused(key=key)
    return known.answer


def answer(actor: Actor, key: str, row_id: int) -> int:
    """Keep the answer to a claimed key."""
    if key:
        ClientEntry.objects.filter(party_id=actor.acting_party_id, key=key).update(answer=row_id)
    return row_id


def wrong(where: str, what: str, **more: Any) -> dict[str, Any]:
    return {"where": where, "what": what, **more}


def refuse(errors: Errors) -> None:
    if errors:
        raise InvalidInput(errors[0]["what"], errors=errors)


def check_moment(errors: Errors, where: str, moment: datetime, at: datetime) -> None:
    if moment > at + MINUTES_AHEAD:
        errors.append(wrong(where, _("This lies in the future. Check date and time.")))
    elif moment < at - LONGEST_AGO:
        errors.append(wrong(where, _("This is too long ago to be right. Check the date.")))


def check_choice(errors: Errors, where: str, value: str, choices: Collection[str]) -> None:
    if value not in set(choices):
        errors.append(wrong(where, _("Choose one from the list.")))


def check_text(errors: Errors, where: str, value: str, most: int, *, missing: str = "") -> None:
    """Name what is empty though it may not be, too long, or not printable."""
    if missing and not value.strip():
        errors.append(wrong(where, missing))
    elif len(value) > most:
        errors.append(wrong(where, _("At most %(most)d characters.") % {"most": most}))
    elif "\x00" in value:
        errors.append(wrong(where, _("This holds a character that cannot be kept. Type it again.")))


def check_amount(errors: Errors, where: str, amount: Decimal, uom: str) -> None:
    try:
        units.check(amount, uom)
    except units.UnitError as error:
        errors.append(wrong("uom" if error.code == "unknown-unit" else where, _(error.message)))


def own_documents(actor: Actor, errors: Errors, where: str, ids: Collection[int]) -> list[int]:
    """Return document ids in order, each once; those that are not the party's own are named."""
    wanted = list(dict.fromkeys(ids))
    known = documents.facts([pk for pk in wanted if 0 < pk <= LARGEST_ID])
    if any(pk not in known or known[pk].owner_id != actor.acting_party_id for pk in wanted):
        errors.append(wrong(where, _("This is none of your documents. Send the picture or file first.")))
    return wanted
