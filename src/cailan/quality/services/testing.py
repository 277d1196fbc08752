"""At the laboratory's bench: results item by item, objections to quick tests."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cailan.kernel import audit
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import InvalidInput
from cailan.ledger import services as ledger
from cailan.ledger.rules import Entry
from cailan.lots import services as lots
from cailan.quality.models import Objection, Sample, Test
from cailan.quality.queries.integrity import TEST, rebuild_objections
from cailan.quality.queries.samples import find_sample
from cailan.quality.rules import quick
from cailan.quality.rules.entries import ItemEntry
from cailan.quality.rules.sampling import Status
from cailan.quality.services import measuring
from cailan.quality.services.problems import NoObjection, QuickAgain, TooLate, WrongState
from cailan.quality.services.sampling import lock_own
from cailan.quality.services.self_testing import failing


@transaction.atomic
def enter_results(
    actor: Actor,
    *,
    sample_id: int,
    entries: Sequence[ItemEntry],
    at: datetime,
    tested_at: datetime | None = None,
    kit: str = "",
    photo_id: int | None = None,
    client_key: str = "",
) -> int:
    """Enter what was found in an accepted sample, all by quick methods or none; limits of the sampling day judge.

    A positive quick test holds the lot and opens the window for an objection; only another method confirms it.
    """
    actor.require(Permission.TEST_RECORD)
    sample = lock_own(actor, sample_id)
    if known := _known(actor, client_key):
        return known
    if sample.status != Status.ACCEPTED:
        raise WrongState
    moment = tested_at or at
    measuring.check_moment(moment, at)
    is_quick = _kind_of(entries)
    if is_quick and _has_positive_quick(sample):
        raise QuickAgain
    measuring.check_photo(actor, photo_id)
    results = measuring.measure(sample.lot.product_id, entries, measuring.day_of(sample.taken_at))
    test = measuring.write_test(
        actor,
        kind="quick" if is_quick else "laboratory",
        lot_id=sample.lot_id,
        sample_id=sample.pk,
        results=results,
        kit=kit.strip(),
        photo_id=photo_id,
        tested_at=moment,
        at=at,
        client_key=client_key,
    )
    if is_quick and test.verdict == "failed":
        reason = _("Quick test positive: %(items)s; confirmation follows") % {"items": failing(test)}
        lots.hold(actor, lot=sample.lot.code, reason=reason[:200], at=at, with_derived=True)
    audit.record(actor, "quality.tested", f"sample:{sample.number}", kind=test.kind, verdict=test.verdict)
    return test.pk


def _known(actor: Actor, client_key: str) -> int | None:
    if not client_key:
        return None
    keyed = Test.objects.filter(party_id=actor.acting_party_id, client_key=client_key)
    return keyed.values_list("pk", flat=True).first()


def _kind_of(entries: Sequence[ItemEntry]) -> bool:
    """Say whether the entries are a quick test; refuse a mixture."""
    kinds = {entry.is_quick for entry in entries}
    if len(kinds) > 1:
        what = _("Enter quick tests and laboratory results apart: they count differently.")
        raise InvalidInput(errors=[{"where": "items", "what": what}])
    return kinds == {True}


def _has_positive_quick(sample: Sample) -> bool:
    return Test.objects.filter(sample_id=sample.pk, kind="quick", verdict="failed").exists()


@transaction.atomic
def object_to(actor: Actor, *, test_id: int, reason: str, at: datetime) -> None:
    """Object to a positive quick test of one's goods, within four hours of its result (农产品质量安全法 art. 51)."""
    actor.require(Permission.LOT_MOVE)
    test = Test.objects.filter(pk=test_id, sample__isnull=False).select_related("sample").first()
    if test is None or test.sample is None:
        raise NoObjection
    sample = find_sample(actor, test.sample_id or 0)
    if sample.holder_id != actor.acting_party_id or test.kind != "quick" or test.verdict != "failed":
        raise NoObjection
    if not reason.strip():
        what = _("Say why you do not accept the result.")
        raise InvalidInput(errors=[{"where": "reason", "what": what}])
    if not quick.may_object(test.recorded_at, at):
        raise TooLate
    _row, is_new = Objection.objects.get_or_create(
        test_id=test.pk,
        defaults={"party_id": actor.acting_party_id, "reason": reason.strip(), "raised_at": at},
    )
    if is_new:
        subject = f"{TEST}{test.pk}"
        payload = rebuild_objections([subject])[subject]
        ledger.append(actor, [Entry("quality.objected", subject, payload)], at=at)
        audit.record(actor, "quality.objected", f"sample:{sample.number}", test=test.pk)
