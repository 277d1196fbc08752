"""Who may read what was sealed of supervision."""

from cailan.kernel.access import Actor, Permission
from cailan.supervision.models import Answer, Notice, Return
from cailan.supervision.queries.alerts import visible_alerts
from cailan.supervision.queries.integrity import ALERT, ANSWER, DAY, NOTICE, RECALL, RETURN
from cailan.supervision.queries.recalls import notices_of, visible_recalls


def may_read_sealed(actor: Actor, subject: str) -> bool:
    """Say whether the actor sees what a seal speaks of: its own notice and answers, or what it oversees."""
    if actor.sees_everything:
        return True
    if actor.party_id is None:
        return False
    prefix, _colon, name = subject.partition(":")
    prefix += ":"
    if prefix == RECALL:
        is_told = Notice.objects.filter(recall__number=name, holder_id=actor.party_id)
        return is_told.exists() or visible_recalls(actor).filter(number=name).exists()
    if prefix == DAY:
        return actor.may(Permission.LIMIT_MANAGE)
    if prefix == ALERT:
        return visible_alerts(actor).filter(pk=int(name)).exists()
    if prefix not in {NOTICE, ANSWER, RETURN}:
        return False
    return _may_read_notice(actor, prefix, int(name))


def _may_read_notice(actor: Actor, prefix: str, pk: int) -> bool:
    if prefix == NOTICE:
        rows = Notice.objects.filter(pk=pk)
    elif prefix == ANSWER:
        rows = Notice.objects.filter(pk__in=Answer.objects.filter(pk=pk).values("notice_id"))
    else:
        sent = Return.objects.filter(pk=pk).values("line__answer__notice_id")
        rows = Notice.objects.filter(pk__in=sent)
    notice = rows.select_related("recall").first()
    if notice is None:
        return False
    if actor.party_id in {notice.holder_id, notice.recall.responsible_id}:
        return True
    return (
        visible_recalls(actor).filter(pk=notice.recall_id).exists()
        and notices_of(actor, notice.recall).filter(pk=notice.pk).exists()
    )
