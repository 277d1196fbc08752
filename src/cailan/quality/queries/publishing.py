"""The public list of results (抽检公示), and the results that concern one party."""

from datetime import date, datetime, time

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from cailan.kernel.access import PUBLIC, Actor, Permission
from cailan.kernel.paging import Page, newest_first
from cailan.kernel.problems import NotFound
from cailan.parties.rules.kinds import PartyKind
from cailan.products import queries as products
from cailan.quality.models import Handling, Report, Result
from cailan.quality.queries import facts
from cailan.quality.queries.samples import visible_samples
from cailan.quality.rules.facts import ResultFacts, TestFacts

_FIRST, _LAST = date(1900, 1, 1), date(9990, 1, 1)


def _with_all(rows: "QuerySet[Report]") -> "QuerySet[Report]":
    return rows.select_related(
        "lot__product", "sample__holder__market", "sample__lab", "superseded_by"
    ).prefetch_related(
        Prefetch("results", queryset=Result.objects.select_related("substance").order_by("pk")),
        Prefetch("handlings", queryset=Handling.objects.order_by("handled_at", "pk")),
    )


def _line(row: Report) -> ResultFacts:
    holder = row.sample.holder
    return ResultFacts(
        report_id=row.pk,
        number=row.number,
        published_at=row.signed_at,
        purpose=row.sample.purpose,
        lot_code=row.lot.code,
        product=facts.product_of(row.lot),
        lot_number=row.lot.number,
        market=facts.called(holder.market) if holder.market else "",
        holder=facts.called(holder),
        lab=facts.called(row.sample.lab),
        verdict=row.verdict,
        failing=tuple(one for one in facts.items(row.results.all()) if one.verdict == "failed"),
        handling=tuple((one.handled_at, one.text) for one in row.handlings.all()),
        is_held=row.lot.is_held,
        superseded_by=getattr(getattr(row, "superseded_by", None), "pk", None),
    )


def public_results(
    *,
    market_id: int | None = None,
    product: str = "",
    verdict: str = "",
    since: date | None = None,
    until: date | None = None,
    cursor: str = "",
    limit: int | None = None,
) -> Page[ResultFacts]:
    """List the results that anybody may read, newest first: official sampling and tests on arrival."""
    rows = _with_all(Report.objects.filter(is_public=True))
    if market_id:
        rows = rows.filter(Q(sample__holder__market_id=market_id) | Q(sample__holder_id=market_id))
    if product:
        rows = rows.filter(lot__product_id__in=products.matching(PUBLIC, text=product))
    if verdict in {"passed", "failed"}:
        rows = rows.filter(verdict=verdict)
    page = newest_first(_between(rows, since, until), cursor=cursor, limit=limit)
    return Page(tuple(map(_line, page.items)), page.next)


def _between(rows: "QuerySet[Report]", since: date | None, until: date | None) -> "QuerySet[Report]":
    zone = timezone.get_default_timezone()
    # Days at the ends of the calendar have no moment in every zone.
    since = since if since and since > _FIRST else None
    until = until if until and until < _LAST else None
    if since:
        rows = rows.filter(signed_at__gte=datetime.combine(since, time.min, zone))
    if until:
        rows = rows.filter(signed_at__lte=datetime.combine(until, time.max, zone))
    return rows


def concerning(actor: Actor, *, cursor: str = "", limit: int | None = None) -> Page[ResultFacts]:
    """List the results that concern the actor's party: of its stock, and of lots it made or ever had."""
    actor.require(Permission.LOT_READ)
    rows = _with_all(Report.objects.filter(pk__in=_reports_of(actor).values("pk")))
    page = newest_first(rows, cursor=cursor, limit=limit)
    return Page(tuple(map(_line, page.items)), page.next)


def _reports_of(actor: Actor) -> "QuerySet[Report]":
    if actor.sees_everything or actor.party_kind in {
        PartyKind.OPERATOR,
        PartyKind.REGULATOR,
        PartyKind.MARKET,
    }:
        return Report.objects.filter(sample__in=visible_samples(actor).values("pk"))
    party = actor.party_id or 0
    return Report.objects.filter(
        Q(sample__holder_id=party)
        | Q(sample__requester_id=party)
        | Q(sample__lab_id=party)
        | Q(lot__maker_id=party)
        | Q(lot__holdings__holder_id=party)
    )


def get_report(actor: Actor, report_id: int) -> tuple[ResultFacts, TestFacts, bool]:
    """Return a report as its reader may see it, and whether he may open the signed paper.

    Public ones are anybody's; others are for those whom they concern.
    """
    row = _with_all(Report.objects.filter(pk=report_id)).first()
    may_open = row is not None and concerns(actor, row.pk)
    if row is None or not (row.is_public or may_open):
        raise NotFound
    return _line(row), facts.from_report(row), may_open


def concerns(actor: Actor, report_id: int) -> bool:
    """Say whether a report is of the actor's goods, order, laboratory or area."""
    return actor.is_signed_in and _reports_of(actor).filter(pk=report_id).exists()
