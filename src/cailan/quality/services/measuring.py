"""Judge what was entered, item by item, and write the test down."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cailan.documents import queries as documents
from cailan.kernel.access import Actor
from cailan.kernel.problems import InvalidInput, NotFound
from cailan.ledger import services as ledger
from cailan.ledger.rules import Entry
from cailan.products import queries as products
from cailan.quality.models import Result, Test
from cailan.quality.queries.integrity import TEST, plain, rebuild_tests
from cailan.quality.queries.limits import commodity_of, limits_for, places_of
from cailan.quality.rules import judging, quick
from cailan.quality.rules.entries import MOST_ITEMS, ItemEntry, is_amount
from cailan.quality.rules.limits import Limit, unit_named
from cailan.quality.rules.quick import QuickVerdict

Errors = list[dict[str, Any]]
_TOLERANCE = timedelta(minutes=5)  # clocks of phones differ
_OLDEST = timedelta(days=730)
_OF_QUICK = {QuickVerdict.NEGATIVE: "passed", QuickVerdict.POSITIVE: "failed"}


def measure(product_id: int | None, entries: Sequence[ItemEntry], on: date) -> list[Result]:
    """Return unsaved results, each judged by the limits of the day; refuse what cannot be read, item by item."""
    errors: Errors = []
    if not 0 < len(entries) <= MOST_ITEMS:
        errors.append({"where": "items", "what": _("Enter at least one item, and at most sixty.")})
    known = products.substances_named({entry.item for entry in entries[:MOST_ITEMS]})
    commodity = commodity_of(product_id)
    limits = limits_for(commodity, [one.id for one in known.values()], on)
    results = []
    for index, entry in enumerate(entries[:MOST_ITEMS]):
        _check(entry, f"items.{index}", errors)
        substance = known.get(entry.item)
        found = limits.get(substance.id, {}) if substance else {}
        if not errors:
            results.append(_result(entry, substance, found))
    if errors:
        raise InvalidInput(errors=errors)
    return results


def _check(entry: ItemEntry, where: str, errors: Errors) -> None:
    def wrong(field: str, what: str) -> None:
        errors.append({"where": f"{where}.{field}", "what": what})

    if not entry.item.strip() or len(entry.item) > 120 or not entry.item.isprintable():  # noqa: PLR2004 (as the column)
        wrong("item", _("Say what was looked for."))
    if not entry.method.strip() or len(entry.method) > 80 or not entry.method.isprintable():  # noqa: PLR2004 (as the column)
        wrong("method", _("Name the method."))
    if not is_amount(entry.value):
        wrong("value", _("Enter a number from zero up, with at most six decimals."))
    if not is_amount(entry.lod) or entry.lod == 0:
        wrong("lod", _("Enter the detection limit as a number above zero."))
    if entry.is_quick:
        if quick.read(entry.method, entry.reading) == QuickVerdict.INVALID and not _says_something(entry):
            wrong("reading", _("Enter what was read off."))
    elif unit_named(entry.unit) is None:
        wrong("unit", _("Residues are stated in mg/kg or µg/kg."))


def _says_something(entry: ItemEntry) -> bool:
    reading = entry.reading
    return bool(reading.inhibition or reading.pad or reading.line) or not reading.has_control_line


def _result(entry: ItemEntry, substance: Any, limits: dict[str, Limit]) -> Result:
    item = substance.name_zh if substance else entry.item.strip()
    row = Result(
        substance_id=substance.id if substance else None,
        item=item,
        method=entry.method.strip(),
        lod=entry.lod,
    )
    if entry.is_quick:
        verdict = quick.read(entry.method, entry.reading)
        row.reading = _reading(entry, verdict)
        row.verdict = _OF_QUICK.get(verdict, "unknown")
        return row
    unit = unit_named(entry.unit) or "mg/kg"
    judgement = judging.judge(judging.Measured(entry.value, unit, entry.lod), limits)
    row.value, row.unit = entry.value, unit
    row.verdict = judgement.verdict
    row.places = [asdict(place) for place in places_of(judgement)]
    row.refused_by = list(judgement.refused_by)
    return row


def _reading(entry: ItemEntry, verdict: QuickVerdict) -> dict[str, Any]:
    reading = entry.reading
    return {
        "verdict": str(verdict),
        "inhibition": [plain(value) for value in reading.inhibition],
        "pad": reading.pad,
        "has_control_line": reading.has_control_line,
        "line": reading.line,
    }


def verdict_of(results: Sequence[Result]) -> judging.Conclusion:
    """Conclude from results: one failure fails; what must be repeated or was seen too coarsely leaves it open."""
    is_open = any(
        row.reading.get("verdict") in {"repeat", "invalid"} or judging.is_coarse(row.places)
        for row in results
    )
    if is_open and not any(row.verdict == "failed" for row in results):
        return judging.Conclusion("unknown", (), ())
    return judging.conclude((row.verdict, row.refused_by) for row in results)


def write_test(
    actor: Actor,
    *,
    kind: str,
    lot_id: int,
    sample_id: int | None,
    results: Sequence[Result],
    kit: str,
    photo_id: int | None,
    tested_at: datetime,
    at: datetime,
    client_key: str,
) -> Test:
    """Write a test with its results and seal it; in the caller's transaction."""
    conclusion = verdict_of(results)
    test = Test.objects.create(
        kind=kind,
        lot_id=lot_id,
        sample_id=sample_id,
        party_id=actor.acting_party_id,
        tested_at=tested_at,
        recorded_at=at,
        tester_id=actor.user_id,
        kit=kit,
        photo_id=photo_id,
        verdict=conclusion.verdict,
        refused_by=list(conclusion.refused_by),
        client_key=client_key or None,
    )
    for row in results:
        row.test_id = test.pk
    Result.objects.bulk_create(results)
    subject = f"{TEST}{test.pk}"
    ledger.append(actor, [Entry("quality.tested", subject, rebuild_tests([subject])[subject])], at=at)
    return test


def check_photo(actor: Actor, photo_id: int | None) -> None:
    """Refuse a photo that the actor does not see."""
    if photo_id is None:
        return
    try:
        documents.get_document(actor, photo_id)
    except NotFound:
        what = _("This photo is not in your documents. Take it again.")
        raise InvalidInput(errors=[{"where": "photo", "what": what}]) from None


def check_moment(moment: datetime, at: datetime, where: str = "occurred_at") -> None:
    """Refuse what lies in the future, or longer ago than records are kept of fresh food."""
    if moment > at + _TOLERANCE:
        what = _("This lies in the future. Check the date and time.")
    elif moment < at - _OLDEST:
        what = _("This is too long ago to be right. Check the date.")
    else:
        return
    raise InvalidInput(errors=[{"where": where, "what": what}])


def day_of(moment: datetime) -> date:
    return timezone.localdate(moment)
