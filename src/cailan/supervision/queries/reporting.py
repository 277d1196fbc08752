"""What the closing report says, as plain texts for the page's template."""

from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cailan.kernel.access import Actor
from cailan.lots import queries as lots
from cailan.supervision.models import Answer, NoticeLine, Recall, RecallLot
from cailan.supervision.queries.accounts import account_of
from cailan.supervision.queries.recalls import notices_of, progress, state_of
from cailan.supervision.rules.sealed import plain
from cailan.supervision.rules.sums import bars
from cailan.supervision.templatetags.recall_words import (
    level_word,
    measure_word,
    notice_state_word,
)
from cailan.tracing.templatetags.quantities import UNITS
from cailan.tracing.templatetags.quantities import text as quantity_text

MOST_ROWS = 5_000


def _when(moment: datetime | None) -> str:
    return "" if moment is None else f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def report_data(actor: Actor, recall: Recall, *, at: datetime) -> dict[str, Any]:
    """Return the closing report (召回总结): decision, scope, course, figures by holder, what is still missing.

    Always in the language of the file it goes into.
    """
    with translation.override("zh-hans"):
        return _report_data(actor, recall, at)


def _report_data(actor: Actor, recall: Recall, at: datetime) -> dict[str, Any]:
    lot = lots.facts_of([recall.lot_id])[recall.lot_id]
    now = progress(actor, recall, at=at)
    notices = list(notices_of(actor, recall).order_by("tier", "pk")[:MOST_ROWS])
    accounts: dict[int, list[Any]] = {}
    for line in NoticeLine.objects.filter(notice__in=[one.pk for one in notices]):
        accounts.setdefault(line.notice_id, []).append(account_of(line))
    unproven = set(
        Answer.objects.filter(notice__recall=recall, photo_id=None, lines__destroyed__gt=0).values_list(
            "notice_id", flat=True
        )
    )
    return {
        "title": _("Closing report of a recall"),
        "number": recall.number,
        "facts": [
            [_("Measure"), f"{measure_word(recall.kind)} · {level_word(recall.level)}"],
            [_("Product"), f"{lot.product} {lot.number}"],
            [_("Trace unit"), lot.code],
            [_("Responsible party"), recall.responsible.name],
            [_("Decided by"), recall.authority.name],
            [_("Place"), recall.place],
            [_("When it happened"), _when(recall.happened_at)],
            [_("Known since"), _when(recall.known_at)],
            [_("Decided at"), _when(recall.decided_at)],
            [_("To begin by"), _when(recall.start_due)],
            [_("To finish by"), _when(recall.finish_due)],
            [_("Closed at"), _when(recall.closed_at)],
            [_("Reason"), recall.reason],
            [_("Instruction"), recall.instruction],
            [_("Refund at"), recall.refund_place or "—"],
            [_("Lots in the scope"), str(RecallLot.objects.filter(recall=recall).count())],
            [_("Scope, SHA-256"), recall.scope_sha256],
        ],
        "sums_title": _("Figures"),
        "sums_head": [
            _("Unit"), _("At the start"), _("Recovered"), _("Put aside"), _("Missing"), _("Sold to consumers"),
            _("Taken back"),
        ],
        "sums": [
            [str(UNITS.get(bar.uom, bar.uom))]
            + [plain(v) for v in (bar.start, bar.recovered, bar.secured, bar.missing, bar.sold, bar.taken_back)]
            for bar in now.bars
        ],
        "outcome": recall.closing_reason
        or _("All goods of the scope were returned or destroyed; the figures add up."),
        "counts": [
            [_("Notified"), str(now.counts.notified)],
            [_("Confirmed"), str(now.counts.confirmed)],
            [_("Answered"), str(now.counts.answered)],
            [_("Silent"), str(now.counts.silent)],
        ],
        "holders_title": _("Holders"),
        "holders_head": [
            _("Holder"), _("Phone"), _("State"), _("At the start"), _("Returned"), _("Destroyed"), _("Missing"),
            _("Remark"),
        ],
        "holders": [
            _holder(one, accounts.get(one.pk, []), at, is_unproven=one.pk in unproven) for one in notices
        ],
        "printed": _when(at),
    }  # fmt: skip


def _holder(notice: Any, accounts: list[Any], at: datetime, *, is_unproven: bool) -> list[str]:
    def total(name: str) -> str:
        parts = [
            quantity_text(getattr(one, name), one.uom) or _("not stated")
            for one in accounts
            if getattr(one, name) is None or getattr(one, name)
        ]
        return " + ".join(parts) or "0"

    remarks = [_("destroyed without a photo")] if is_unproven else []
    if notice.tier:
        remarks.append(_("outside the books, tier %(tier)d") % {"tier": notice.tier})
    if any(bar.open for bar in bars(accounts)):
        remarks.append(_("not all accounted for"))
    return [
        notice.name,
        notice.phone,
        notice_state_word(state_of(notice, at)),
        total("start"),
        total("returned"),
        total("destroyed"),
        total("missing"),
        "；".join(remarks),
    ]
