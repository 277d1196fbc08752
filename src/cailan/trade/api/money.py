"""Money, debts, stock, the ledger and evidence for machines."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Header, Path, Query, Router, Status

from cailan.kernel.access import ActorRequest
from cailan.kernel.problems import InvalidInput
from cailan.labels.queries import pdf, qr_svg
from cailan.trade import queries, services
from cailan.trade.queries.debts import Counterpart
from cailan.trade.rules.ledger import Filters
from cailan.trade.schemas import ledger as asked
from cailan.trade.schemas import money as schemas

router = Router()
ClientKey = Annotated[str, Header("", alias="Idempotency-Key", max_length=80)]
Cursor = Annotated[str, Query("", max_length=500)]
Limit = Annotated[int | None, Query(None, ge=1, le=500)]
Number = Annotated[int, Path(ge=1, lt=2**63)]
Code = Annotated[str, Path(pattern=r"^[0-9A-Z]{21}$")]
Day = Annotated[date | None, Query(None, ge=date(2000, 1, 1), lt=date(2200, 1, 1))]
Side = Annotated[schemas.Side, Query(...)]
PartyId = Annotated[int | None, Query(None, ge=1, lt=2**63)]
Name = Annotated[str, Query("", max_length=200)]


@router.get("/trade/day", response=schemas.DayOut, summary="Takings, margin, stock and debts of a day")
def day(request: ActorRequest, day: Day = None) -> Any:
    found = queries.day_of(request.actor, min(day or timezone.localdate(), timezone.localdate()))
    money = found.money
    return {
        "today": found.today,
        "before": found.before,
        "margin": found.today.margin if money else None,
        "money": money
        and {
            "stock": money.stock, "owed": money.owed, "owing": money.owing, "in_fen": money.cash.in_fen,
            "out_fen": money.cash.out_fen,
        },
    }  # fmt: skip


@router.get("/trade/stock", response=schemas.StockOut, summary="Your stock by lot, with source and cost")
def stock(
    request: ActorRequest, text: Annotated[str, Query("", max_length=300)] = "", cursor: Cursor = "",
    limit: Limit = None,
) -> Any:  # fmt: skip
    page = queries.stock_lines(request.actor, text=text, cursor=cursor, limit=limit)
    items = [
        {
            "holding_id": one.holding.id, "lot": one.holding.lot.code, "lot_number": one.holding.lot.number,
            "product": one.holding.lot.product, "supplier": one.supplier, "since": one.holding.acquired_at,
            "remaining": one.holding.remaining, "uom": one.holding.lot.uom, "is_held": one.holding.lot.is_held,
            "is_waiting": one.holding.is_waiting, "value_fen": one.value_fen,
        }
        for one in page.items
    ]  # fmt: skip
    return {"items": items, "next": page.next}


@router.post("/trade/stock-takes", response={201: schemas.NumberOut}, summary="Count many lots at once")
def take_stock(request: ActorRequest, data: schemas.StockTakeIn, key: ClientKey = "") -> Any:
    counts = [services.Count(one.holding_id, one.counted, one.seen, one.reason) for one in data.counts]
    number = services.take_stock(
        request.actor, counts=counts, occurred_at=data.occurred_at, at=timezone.now(), client_key=key
    )
    return Status(201, {"id": number})


@router.post("/trade/payments", response={201: schemas.PaidOut}, summary="Money for one ticket or purchase")
def pay(request: ActorRequest, data: schemas.PaymentIn, key: ClientKey = "") -> Any:
    if (data.ticket_id is None) == (data.purchase_id is None):
        raise InvalidInput(errors=[{"where": "ticket_id", "what": "Name a ticket or a purchase, not both."}])
    number = services.record_payment(request.actor, **data.model_dump(), at=timezone.now(), client_key=key)
    return Status(201, {"payment_ids": [number]})


@router.post(
    "/trade/settlements", response={201: schemas.PaidOut}, summary="A sum on account: the oldest order first"
)
def settle(request: ActorRequest, data: schemas.SettlementIn, key: ClientKey = "") -> Any:
    values = data.model_dump()
    partner = Counterpart(values.pop("party_id"), values.pop("name"))
    ids = services.settle(request.actor, counterpart=partner, **values, at=timezone.now(), client_key=key)
    return Status(201, {"payment_ids": list(ids)})


@router.post(
    "/trade/payments/{payment_id}/take-back", response={201: schemas.NumberOut},
    summary="Correct a wrong payment by a counter-entry",
)  # fmt: skip
def take_back_payment(request: ActorRequest, payment_id: Number, data: schemas.TakeBackIn) -> Any:
    number = services.take_back_payment(
        request.actor, payment_id=payment_id, reason=data.reason, at=timezone.now()
    )
    return Status(201, {"id": number})


@router.get("/trade/cash", response=schemas.CashOut, summary="Income and expense of a time, totals by kind")
def cash(
    request: ActorRequest, since: Day = None, until: Day = None,
    kind: Annotated[str, Query("", max_length=20)] = "", cursor: Cursor = "", limit: Limit = None,
) -> Any:  # fmt: skip
    until = until or timezone.localdate()
    start, end = queries.day_bounds(since or until)[0], queries.day_bounds(until)[1]
    page = queries.list_cash(request.actor, start=start, end=end, kind=kind, cursor=cursor, limit=limit)
    flow = queries.cash_by_kind(request.actor, start=start, end=end)
    return {
        "items": page.items, "next": page.next, "kinds": flow.kinds, "in_fen": flow.in_fen, "out_fen": flow.out_fen,
    }  # fmt: skip


@router.post("/trade/cash", response={201: schemas.NumberOut}, summary="Income or expense beside all orders")
def add_cash_entry(request: ActorRequest, data: schemas.CashIn, key: ClientKey = "") -> Any:
    number = services.add_cash_entry(request.actor, **data.model_dump(), at=timezone.now(), client_key=key)
    return Status(201, {"id": number})


@router.post(
    "/trade/cash/{entry_id}/take-back", response={201: schemas.NumberOut},
    summary="Correct a wrong entry by a counter-entry",
)  # fmt: skip
def take_back_cash_entry(request: ActorRequest, entry_id: Number, data: schemas.TakeBackIn) -> Any:
    number = services.take_back_cash_entry(
        request.actor, entry_id=entry_id, reason=data.reason, at=timezone.now()
    )
    return Status(201, {"id": number})


@router.get("/trade/debts", response=schemas.DebtsOut, summary="Who owes you, or whom you owe")
def debts(request: ActorRequest, side: Side, cursor: Cursor = "", limit: Limit = None) -> Any:
    page = queries.list_debts(request.actor, side=side, cursor=cursor, limit=limit)
    totals = queries.debt_totals(request.actor, side=side)
    return {
        "items": page.items, "next": page.next, "owed_fen": totals.owed_fen, "overdue_fen": totals.overdue_fen,
        "counterparts": totals.counterparts,
    }  # fmt: skip


@router.get("/trade/statement", response=schemas.StatementOut, summary="The account with one partner")
def statement(
    request: ActorRequest, side: Side, party_id: PartyId = None, name: Name = "", since: Day = None,
    until: Day = None,
) -> Any:  # fmt: skip
    partner = Counterpart(party_id, name)
    return queries.statement(request.actor, side=side, counterpart=partner, since=since, until=until)


@router.get("/trade/statement/pdf", response=bytes, summary="The same as a paper")
def statement_pdf(
    request: ActorRequest, side: Side, party_id: PartyId = None, name: Name = "", since: Day = None,
    until: Day = None,
) -> HttpResponse:  # fmt: skip
    partner = Counterpart(party_id, name)
    found = queries.statement(request.actor, side=side, counterpart=partner, since=since, until=until)
    content = pdf("trade/statement", queries.statement_data(found, made_at=timezone.now()))
    return HttpResponse(content, content_type="application/pdf")


@router.get("/trade/ledger", response=schemas.LedgerOut, summary="The purchase and sales ledger, filtered")
def ledger(
    request: ActorRequest,
    wanted: Annotated[asked.LedgerIn, Query(...)],
    cursor: Cursor = "",
    limit: Limit = None,
) -> Any:
    return queries.list_ledger(
        request.actor, side=wanted.side, filters=Filters(**wanted.filters()), party_id=wanted.party_id,
        cursor=cursor, limit=limit,
    )  # fmt: skip


@router.get("/trade/ledger/file", response=bytes, summary="The same as CSV or XLSX, every line of it")
def ledger_file(
    request: ActorRequest,
    wanted: Annotated[asked.LedgerIn, Query(...)],
    suffix: Annotated[Literal["csv", "xlsx"], Query("csv")] = "csv",
) -> Any:
    found = queries.ledger_file(
        request.actor,
        suffix=suffix,
        side=wanted.side,
        filters=Filters(**wanted.filters()),
        party_id=wanted.party_id,
    )
    return StreamingHttpResponse(found.chunks, content_type=found.media_type, headers=found.headers)


@router.get("/trade/evidence/{code}", response=schemas.EvidenceOut, summary="What proves where a lot is from")
def evidence(request: ActorRequest, code: Code) -> Any:
    found = queries.evidence(request.actor, code, at=timezone.now())
    return {
        "lot": found.lot.code, "had": found.had, "left": found.left, "purchases": found.purchases,
        "steps": found.steps, "seals": found.seals, "gaps": list(found.gaps),
    }  # fmt: skip


@router.get("/trade/evidence/{code}/pdf", response=bytes, summary="The same as one paper")
def evidence_pdf(request: ActorRequest, code: Code) -> HttpResponse:
    found = queries.evidence(request.actor, code, at=timezone.now())
    address = request.build_absolute_uri(reverse("consumers:scan", args=[found.lot.code]))
    verify = request.build_absolute_uri(reverse("ledger:verify"))
    data = queries.evidence_data(found, owner=request.actor.party_name, verify_url=verify)
    content = pdf("trade/evidence", data, files={"qr.svg": qr_svg(address).encode()})
    return HttpResponse(content, content_type="application/pdf")
