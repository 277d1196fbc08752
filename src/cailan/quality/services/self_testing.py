"""The producer's own test before goods leave (逢出必检)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cailan.kernel import audit
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import InvalidInput, NotAllowed
from cailan.lots import queries as lots
from cailan.lots import services as lot_services
from cailan.lots.rules.requests import Awaits
from cailan.quality.models import Test
from cailan.quality.rules.entries import ItemEntry
from cailan.quality.services import measuring


def self_test(
    actor: Actor,
    *,
    lot: str,
    entries: Sequence[ItemEntry],
    at: datetime,
    tested_at: datetime | None = None,
    kit: str = "",
    photo_id: int | None = None,
    client_key: str = "",
) -> int:
    """Record the maker's own test of a lot: passed frees what waits for it, failed holds the lot everywhere.

    The same key again gives the first answer; a test that must be repeated leaves the lot waiting.
    """
    try:
        return _record(
            actor,
            lot=lot,
            entries=entries,
            at=at,
            tested_at=tested_at,
            kit=kit,
            photo_id=photo_id,
            client_key=client_key,
        )
    except IntegrityError as error:
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
        if constraint == "test_key_once" and (known := _known(actor, client_key)):
            return known  # the other tap was a moment faster
        raise


@transaction.atomic
def _record(
    actor: Actor,
    *,
    lot: str,
    entries: Sequence[ItemEntry],
    at: datetime,
    tested_at: datetime | None,
    kit: str,
    photo_id: int | None,
    client_key: str,
) -> int:
    actor.require(Permission.TEST_RECORD)
    found = lots.get_lot(actor, lot)
    if found.maker_id != actor.acting_party_id:
        raise NotAllowed(_("A self-test is the maker's own. Others request a test from a laboratory."))
    if known := _known(actor, client_key):
        return known
    moment = tested_at or at
    measuring.check_moment(moment, at)
    if moment < found.made_at:
        what = _("The lot was made later than this. Check the date and time.")
        raise InvalidInput(errors=[{"where": "occurred_at", "what": what}])
    measuring.check_photo(actor, photo_id)
    results = measuring.measure(found.product_id, entries, measuring.day_of(moment))
    test = measuring.write_test(
        actor,
        kind="self-test",
        lot_id=found.id,
        sample_id=None,
        results=results,
        kit=kit.strip(),
        photo_id=photo_id,
        tested_at=moment,
        at=at,
        client_key=client_key,
    )
    _follow(actor, found.code, test, at)
    audit.record(actor, "quality.self_tested", f"lot:{found.code}", verdict=test.verdict)
    return test.pk


def _known(actor: Actor, client_key: str) -> int | None:
    if not client_key:
        return None
    keyed = Test.objects.filter(party_id=actor.acting_party_id, client_key=client_key)
    return keyed.values_list("pk", flat=True).first()


def _follow(actor: Actor, code: str, test: Test, at: datetime) -> None:
    if test.verdict == "passed":
        lot_services.clear(
            actor,
            lot=code,
            holder_id=actor.acting_party_id,
            awaits=str(Awaits.SELF_TEST),
            reason=f"self-test {test.pk}",
            at=at,
        )
    elif test.verdict == "failed":
        # The rule holds the lot, not the person: whoever records a failed test need not be the owner.
        by_rule = replace(actor, permissions=actor.permissions | {Permission.LOT_HOLD})
        reason = _("Self-test failed: %(items)s") % {"items": failing(test)}
        lot_services.hold(by_rule, lot=code, reason=reason[:200], at=at, with_derived=True)


def failing(test: Test) -> str:
    """Name the items that failed, and who refuses them."""
    rows = test.results.filter(verdict="failed").order_by("pk")
    return "、".join(row.item for row in rows)
