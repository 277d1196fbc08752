"""Close a recall with its report (召回总结), and release its holds by decision."""

import io
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cailan.documents import queries as documents_queries
from cailan.documents import services as documents
from cailan.kernel import audit, outbox
from cailan.kernel.access import Actor
from cailan.kernel.problems import InvalidInput
from cailan.labels import queries as labels
from cailan.lots import services as lots_services
from cailan.supervision.events import RecallClosed
from cailan.supervision.models import Recall, RecallLot
from cailan.supervision.queries.integrity import RECALL
from cailan.supervision.queries.recalls import managed, progress
from cailan.supervision.queries.reporting import report_data
from cailan.supervision.rules.sealed import plain
from cailan.supervision.services import sealing
from cailan.supervision.services.problems import FiguresOpen, RecallEnded, RecallStillOpen

_LONGEST_REASON = 1000
_LONGEST_RELEASE = 300


@transaction.atomic
def close_recall(actor: Actor, *, number: str, reason: str = "", at: datetime) -> int:
    """Close when all is returned or destroyed, or with a reason; return the report's document."""
    managed(actor, number)
    recall = Recall.objects.select_for_update().get(number=number)
    reason = reason.strip()
    if recall.closed_at is not None:
        raise RecallEnded
    if len(reason) > _LONGEST_REASON:
        raise InvalidInput(
            errors=[
                {
                    "where": "reason",
                    "what": _("This is too long: keep it below %(most)d characters.")
                    % {"most": _LONGEST_REASON},
                }
            ]
        )
    now = progress(actor, recall, at=at)
    if not reason and not all(bar.closes for bar in now.bars):
        raise FiguresOpen(
            errors=[{"where": "reason", "what": str(FiguresOpen.detail)}],
        )
    recall.closed_at = at
    recall.closed_by = f"{actor.party_name} {actor.display_name}".strip()[:100]
    recall.closing_reason = reason
    recall.closing_sums = [
        {
            "uom": bar.uom,
            **{
                name: plain(getattr(bar, name))
                for name in ("start", "recovered", "secured", "missing", "sold", "taken_back")
            },
        }
        for bar in now.bars
    ]
    pdf = labels.pdf("supervision/report", report_data(actor, recall, at=at))
    recall.report_id = documents.store(
        actor, file=io.BytesIO(pdf), name=f"{number}.pdf", kind="report", at=at
    )
    recall.report_sha256 = documents_queries.facts([recall.report_id])[recall.report_id].digest
    recall.save()
    sealing.seal(actor, sealing.RECALLS[1], [f"{RECALL}{number}"], at=at)
    ids = RecallLot.objects.filter(recall=recall).values_list("lot_id", flat=True)
    outbox.publish([RecallClosed(number, tuple(ids))])
    audit.record(actor, "supervision.recall.closed", f"recall:{number}", report=recall.report_id)
    return recall.report_id


@transaction.atomic
def release_recall(actor: Actor, *, number: str, reason: str, at: datetime) -> tuple[str, ...]:
    """Release the holds of a closed recall by decision; return the codes of the lots that are free now."""
    managed(actor, number)
    recall = Recall.objects.select_for_update().select_related("lot").get(number=number)
    reason = reason.strip()
    if recall.closed_at is None:
        raise RecallStillOpen
    if not reason or len(reason) > _LONGEST_RELEASE:
        raise InvalidInput(
            errors=[{"where": "reason", "what": _("Say briefly why the lots may move again.")}]
        )
    free = lots_services.release(actor, lot=recall.lot.code, reason=f"{number} {reason}"[:300], at=at)
    recall.released_at, recall.release_reason = at, reason
    recall.save(update_fields=["released_at", "release_reason"])
    sealing.seal(actor, sealing.RECALLS[2], [f"{RECALL}{number}"], at=at)
    audit.record(actor, "supervision.recall.released", f"recall:{number}", lots=len(free))
    return free
