"""Who may read what was sealed of quality."""

from cailan.kernel.access import Actor
from cailan.lots import queries as lots
from cailan.quality.models import Certificate, Handling, Report, Test
from cailan.quality.queries import integrity
from cailan.quality.queries.samples import visible_samples


def may_read_sealed(actor: Actor, subject: str) -> bool:
    """Say whether a seal's content is public, or of a sample or lot that the actor sees."""
    if actor.sees_everything:
        return True
    kind, _, key = subject.partition(":")
    kind += ":"
    if kind in {integrity.LIMIT, integrity.LABORATORY}:
        return actor.is_signed_in
    if kind == integrity.SAMPLE:
        return visible_samples(actor).filter(number=key).exists()
    lot_id = _lot_of(kind, key)
    return lot_id is not None and bool(lots.visible_ids(actor, [lot_id]))


def _lot_of(kind: str, key: str) -> int | None:
    if kind == integrity.TEST:
        return Test.objects.filter(pk=int(key)).values_list("lot_id", flat=True).first()
    if kind == integrity.REPORT:
        return Report.objects.filter(number=key).values_list("lot_id", flat=True).first()
    if kind == integrity.HANDLING:
        return Handling.objects.filter(pk=int(key)).values_list("report__lot_id", flat=True).first()
    if kind == integrity.CERTIFICATE:
        return Certificate.objects.filter(number=key).values_list("lot_id", flat=True).first()
    return None
