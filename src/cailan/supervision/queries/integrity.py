"""Rebuild what is sealed of alerts, recalls, notices and answers; find sums that do not follow from answers."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from cailan.ledger.rules.alterations import Alteration, Part
from cailan.parties.rules.sealed import hidden, instant
from cailan.supervision.models import (
    Alert,
    Answer,
    AnswerLine,
    Notice,
    NoticeLine,
    Recall,
    RecallLot,
    RecallStock,
    Return,
    WorkDay,
)
from cailan.supervision.queries.accounts import account_of
from cailan.supervision.rules.sealed import digest_of, plain
from cailan.supervision.rules.sums import ZERO, Figures, TooMuch, add

ALERT, RECALL, NOTICE, ANSWER, RETURN, DAY = (
    "alert:",
    "recall:",
    "notice:",
    "answer:",
    "return:",
    "workday:",
)
SUMS = ("secured", "returned", "destroyed", "missing", "taken_back")
MOST = 100


def numbers_in(subjects: Sequence[str], prefix: str) -> dict[int, str]:
    """Return the subjects by the row's number in them."""
    return {int(subject.removeprefix(prefix)): subject for subject in subjects}


def rebuild_alerts(subjects: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the state of alerts."""
    asked = numbers_in(subjects, ALERT)
    return {
        asked[row.pk]: {
            "kind": row.kind,
            "severity": row.severity,
            "state": row.state,
            "source": row.source,
            "lot": row.lot_id or 0,
            "party": row.party_id or 0,
            "text": hidden(str(row.seal_salt), "text", row.text),
            "refused_by": [str(place) for place in row.refused_by],
            "recall": row.recall_id or 0,
            "at": instant(row.at),
            "acknowledged_at": instant(row.acknowledged_at),
            "acknowledged_by": hidden(str(row.seal_salt), "acknowledged_by", row.acknowledged_by),
            "handled_at": instant(row.handled_at),
            "handled_by": hidden(str(row.seal_salt), "handled_by", row.handled_by),
            "note": hidden(str(row.seal_salt), "note", row.note),
        }
        for row in Alert.objects.filter(pk__in=asked)
    }


def scope_digest(recall_id: int) -> str:
    """Return the digest of a recall's scope as its rows tell it now: every lot, every kilo, with whom."""
    lots = RecallLot.objects.filter(recall_id=recall_id).values_list("lot__code")
    stock = RecallStock.objects.filter(recall_id=recall_id).values_list(
        "lot__code", "holder_id", "holding_id", "quantity", "uom", "is_in_transit", "consignee_id"
    )
    rows: list[tuple[object, ...]] = [("lot", *row) for row in lots]
    rows += [
        ("stock", code, holder, holding, plain(quantity), uom, int(transit), consignee or 0)
        for code, holder, holding, quantity, uom, transit, consignee in stock
    ]
    return digest_of(rows)


def rebuild_recalls(subjects: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the state of recalls, the digest of the scope counted anew from its rows."""
    asked = {subject.removeprefix(RECALL): subject for subject in subjects}
    return {
        asked[row.number]: {
            "number": row.number,
            "kind": row.kind,
            "level": row.level,
            "lot": row.lot_id,
            "responsible": row.responsible_id,
            "authority": row.authority_id,
            "decided_by": hidden(str(row.seal_salt), "decided_by", row.decided_by),
            "place": row.place,
            "happened_at": instant(row.happened_at),
            "known_at": instant(row.known_at),
            "decided_at": instant(row.decided_at),
            "start_due": instant(row.start_due),
            "finish_due": instant(row.finish_due),
            "reason": row.reason,
            "instruction": row.instruction,
            "refund_place": row.refund_place,
            "quantities": row.quantities,
            "scope_sha256": scope_digest(row.pk),
            "closed_at": instant(row.closed_at),
            "closed_by": hidden(str(row.seal_salt), "closed_by", row.closed_by),
            "closing_reason": row.closing_reason,
            "closing_sums": row.closing_sums,
            "report": row.report_id or 0,
            "report_sha256": row.report_sha256,
            "released_at": instant(row.released_at),
            "release_reason": row.release_reason,
        }
        for row in Recall.objects.filter(number__in=asked)
    }


def rebuild_notices(subjects: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the state of notices; when one was first opened is not sealed."""
    asked = numbers_in(subjects, NOTICE)
    lines: dict[int, list[dict[str, Any]]] = defaultdict(list)
    # What a responsible party got back is sealed by itself, and may begin a line later.
    rows = NoticeLine.objects.filter(notice_id__in=asked, is_added=False).order_by("lot_id")
    for line in rows:
        lines[line.notice_id].append(
            {
                "lot": line.lot_id,
                "uom": line.uom,
                "quantity": plain(line.quantity),
                "in_transit": plain(line.in_transit),
                "sold": plain(line.sold),
            }
        )
    return {
        asked[row.pk]: {
            "recall": row.recall_id,
            "parent": row.parent_id or 0,
            "tier": row.tier,
            "role": row.role,
            "holder": row.holder_id or 0,
            "name": hidden(str(row.seal_salt), "name", row.name),
            "contact_name": hidden(str(row.seal_salt), "contact_name", row.contact_name),
            "phone": hidden(str(row.seal_salt), "phone", row.phone),
            "lines": lines[row.pk],
            "due_at": instant(row.due_at),
            "confirmed_at": instant(row.confirmed_at),
            "confirmed_by": hidden(str(row.seal_salt), "confirmed_by", row.confirmed_by),
            "escalated_at": instant(row.escalated_at),
            "escalations": row.escalations,
        }
        for row in Notice.objects.filter(pk__in=asked)
    }


def rebuild_answers(subjects: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return answers with all their figures."""
    asked = numbers_in(subjects, ANSWER)
    lines: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for one in AnswerLine.objects.filter(answer_id__in=asked).order_by("line_id"):
        figures = {name: plain(getattr(one, name)) for name in ("set_aside", *SUMS[1:])}
        lines[one.answer_id].append({"line": one.line_id, **figures})
    return {
        asked[row.pk]: {
            "notice": row.notice_id,
            "occurred_at": instant(row.occurred_at),
            "recorded_at": instant(row.recorded_at),
            "by_link": row.is_by_link,
            "by_name": hidden(str(row.seal_salt), "by_name", row.by_name),
            "returned_to": hidden(str(row.seal_salt), "returned_to", row.returned_to),
            "note": hidden(str(row.seal_salt), "note", row.note),
            "photo": row.photo_id or 0,
            "events": row.events,
            "lines": lines[row.pk],
        }
        for row in Answer.objects.filter(pk__in=asked)
    }


def rebuild_returns(subjects: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return what came back to the responsible party."""
    asked = numbers_in(subjects, RETURN)
    return {
        asked[row.pk]: {
            "holding": row.holding_id,
            "quantity": plain(row.quantity),
            "uom": row.uom,
            "sent_at": instant(row.sent_at),
            "accepted_at": instant(row.accepted_at),
            "event": row.accepted_event_id,
        }
        for row in Return.objects.filter(pk__in=asked)
    }


def rebuild_workdays(subjects: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return days of the calendar that somebody changed."""
    asked = {subject.removeprefix(DAY): subject for subject in subjects}
    return {
        asked[str(row.day)]: {
            "is_workday": row.is_workday,
            "name": row.name,
            "source": row.source,
            "is_verified": row.is_verified,
            "changed_at": instant(row.changed_at),
        }
        for row in WorkDay.objects.filter(day__in=asked)
    }


def missummed() -> Iterator[Alteration]:
    """Name lines of notices whose sums do not follow from the sealed answers and returns."""
    told: dict[int, list[AnswerLine]] = defaultdict(list)
    for one in AnswerLine.objects.order_by("answer__recorded_at", "pk").iterator():
        told[one.line_id].append(one)
    for line in NoticeLine.objects.iterator():
        account = replace(
            account_of(line), secured=ZERO, returned=ZERO, destroyed=ZERO, missing=ZERO, taken_back=ZERO
        )
        try:
            for one in told.get(line.pk, ()):
                figures = Figures(one.set_aside, one.returned, one.destroyed, one.missing, one.taken_back)
                account = add(account, figures)
        except TooMuch as error:
            yield Alteration(
                Part.FACT, error.field, plain(error.most), subject=f"supervision_noticeline {line.pk}"
            )
            continue
        for name in SUMS:
            follows, stored = getattr(account, name), getattr(line, name)
            if follows != stored:
                yield Alteration(
                    Part.FACT,
                    name,
                    plain(follows),
                    plain(stored),
                    subject=f"supervision_noticeline {line.pk}",
                )
