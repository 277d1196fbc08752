"""Who may read what was sealed of quality."""

from django.db.models import QuerySet

from cailan.kernel.access import Actor
from cailan.lots import queries as lots
from cailan.quality.models import Certificate, Report, Test
from cailan.quality.queries import integrity
from cailan.quality.queries.publishing import concerns
from cailan.quality.queries.samples import may_see_bench, visible_samples


def may_read_sealed(actor: Actor, subject: str) -> bool:
    """Say whether a seal's content is public, or of a sample, report or lot that the actor sees.

    What a laboratory finds is read by whom its sample concerns, not by everybody who sees the lot.
    """
    if actor.sees_everything:
        return True
    kind, _, key = subject.partition(":")
    kind += ":"
    if kind in {integrity.LIMIT, integrity.LABORATORY}:
        return actor.is_signed_in
    if kind == integrity.SAMPLE:
        return visible_samples(actor).filter(number=key).exists()
    if kind == integrity.TEST:
        return _may_read_test(actor, int(key))
    if kind == integrity.REPORT:
        return _may_read_report(actor, Report.objects.filter(number=key))
    if kind == integrity.HANDLING:
        return _may_read_report(actor, Report.objects.filter(handlings=int(key)))
    return _sees_lot(actor, Certificate.objects.filter(number=key).values_list("lot_id", flat=True).first())


def _sees_lot(actor: Actor, lot_id: int | None) -> bool:
    return lot_id is not None and bool(lots.visible_ids(actor, [lot_id]))


def _may_read_test(actor: Actor, test_id: int) -> bool:
    test = Test.objects.filter(pk=test_id).first()
    if test is None:
        return False
    if test.sample_id is None:
        return _sees_lot(actor, test.lot_id)
    return may_see_bench(actor, visible_samples(actor).filter(pk=test.sample_id).first())


def _may_read_report(actor: Actor, rows: "QuerySet[Report]") -> bool:
    row = rows.first()
    if row is None:
        return False
    return row.is_public or concerns(actor, row.pk)
