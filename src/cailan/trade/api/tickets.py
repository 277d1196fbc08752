"""Tickets, purchases and disputes for machines."""

from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils import timezone
from ninja import Header, Path, Query, Router, Status

from cailan.kernel.access import ActorRequest, Permission
from cailan.kernel.problems import NotFound
from cailan.labels.queries import pdf, qr_svg
from cailan.trade import queries, services
from cailan.trade.queries.scanning import scanned
from cailan.trade.queries.selling import selling_mode
from cailan.trade.queries.vouchers import public_url, voucher_data
from cailan.trade.schemas import tickets as schemas

router = Router()
ClientKey = Annotated[str, Header("", alias="Idempotency-Key", max_length=80)]
Code = Annotated[str, Path(pattern=r"^[0-9A-Z]{21}$")]
Number = Annotated[int, Path(ge=1, lt=2**63)]
Cursor = Annotated[str, Query("", max_length=500)]
Limit = Annotated[int | None, Query(None, ge=1, le=500)]


@router.get(
    "/trade/tickets", response=schemas.TicketsOut, summary="Tickets that you wrote or got, newest first"
)
def list_tickets(
    request: ActorRequest,
    side: Annotated[Literal["", "sold", "bought"], Query("")] = "",
    status: Annotated[str, Query("", max_length=10)] = "",
    cursor: Cursor = "",
    limit: Limit = None,
) -> Any:
    return queries.list_tickets(request.actor, side=side, status=status, cursor=cursor, limit=limit)


@router.post(
    "/trade/tickets", response={201: schemas.IssuedOut}, summary="Write a ticket: sale, dispatch, retail"
)
def issue(request: ActorRequest, data: schemas.TicketIn, key: ClientKey = "") -> Any:
    made = services.issue_ticket(request.actor, order=data.order(), at=timezone.now(), client_key=key)
    return Status(201, made)


@router.get(
    "/trade/tickets/{code}",
    response=schemas.TicketOut,
    summary="One ticket of yours, or of those you oversee",
)
def get_ticket(request: ActorRequest, code: Code) -> Any:
    return queries.find_ticket(request.actor, code)


@router.get("/trade/tickets/{code}/pdf", summary="The voucher on paper: 80mm, a5, a4")
def ticket_pdf(
    request: ActorRequest, code: Code, paper: Annotated[Literal["80mm", "a5", "a4"], Query("80mm")] = "80mm"
) -> HttpResponse:
    found = queries.find_ticket(request.actor, code)
    made = pdf(
        "trade/voucher", voucher_data(found, paper=paper),
        files={"qr.svg": qr_svg(public_url(found.facts.code)).encode()},
    )  # fmt: skip
    return HttpResponse(made, content_type="application/pdf")


@router.post(
    "/trade/tickets/{code}/accept", response=schemas.BookedOut, summary="Confirm what came; twice is once"
)
def accept(request: ActorRequest, code: Code, data: schemas.AcceptIn) -> Any:
    return services.accept_ticket(
        request.actor, code=code, received={one.line_id: one.received() for one in data.received}, at=timezone.now(),
        occurred_at=data.occurred_at,
    )  # fmt: skip


@router.post(
    "/trade/tickets/{code}/void", response=schemas.StatusOut, summary="Take a ticket back, or drop a request"
)
def void(request: ActorRequest, code: Code, data: schemas.VoidIn) -> Any:
    pk = queries.find_ticket(request.actor, code).facts.id
    services.void_ticket(request.actor, ticket_id=pk, reason=data.reason, at=timezone.now())
    return {"status": queries.get_ticket(request.actor, pk).facts.status}


@router.post(
    "/trade/tickets/{code}/close", response=schemas.StatusOut, summary="Handed to a buyer without an account"
)
def close(request: ActorRequest, code: Code, data: schemas.CloseIn) -> Any:
    pk = queries.find_ticket(request.actor, code).facts.id
    services.close_ticket(request.actor, ticket_id=pk, at=timezone.now(), **data.model_dump())
    return {"status": queries.get_ticket(request.actor, pk).facts.status}


@router.post(
    "/trade/requests", response={201: schemas.TicketOut}, summary="Ask a seller for goods scanned there"
)
def ask(request: ActorRequest, data: schemas.RequestIn, key: ClientKey = "") -> Any:
    pk = services.request_ticket(
        request.actor, seller_id=data.seller_id, order=data.order(), at=timezone.now(), client_key=key
    )
    return Status(201, queries.get_ticket(request.actor, pk))


@router.post(
    "/trade/tickets/{code}/confirm", response=schemas.StatusOut, summary="Say yes to a buyer's request"
)
def confirm(request: ActorRequest, code: Code, data: schemas.ConfirmIn) -> Any:
    found = queries.find_ticket(request.actor, code)
    prices = {one.line_id: (one.price_fen, one.price_uom) for one in data.prices}
    status = services.confirm_request(
        request.actor, ticket_id=found.facts.id, prices=prices, at=timezone.now()
    )
    return {"status": status}


@router.post("/trade/disputes/{dispute_id}/settle", response=schemas.StatusOut, summary="End a dispute")
def settle(request: ActorRequest, dispute_id: Number, data: schemas.SettleIn) -> Any:
    status = services.settle_dispute(
        request.actor, dispute_id=dispute_id, outcome=str(data.outcome), note=data.note, at=timezone.now()
    )
    return {"status": status}


@router.get("/trade/scanned", response=schemas.ScannedOut, summary="What a scanned code means to you")
def what_is(request: ActorRequest, code: Annotated[str, Query(..., min_length=1, max_length=300)]) -> Any:
    request.actor.require(Permission.LOT_READ)
    meant = scanned(request.actor, code)
    return {
        "meaning": meant.meaning,
        "ticket_code": meant.ticket.code if meant.ticket else "",
        "lot_code": meant.lot.code if meant.lot else "",
        "seller_ids": [pk for pk, _name in meant.sellers],
    }


@router.post("/trade/purchases", response={201: schemas.BookedOut}, summary="Write down a purchase by hand")
def buy(request: ActorRequest, data: schemas.PurchaseIn, key: ClientKey = "") -> Any:
    booked = services.buy_by_hand(request.actor, purchase=data.purchase(), at=timezone.now(), client_key=key)
    return Status(201, booked)


@router.get("/trade/purchases/{purchase_id}", response=schemas.PurchaseOut, summary="One purchase")
def get_purchase(request: ActorRequest, purchase_id: Number) -> Any:
    return queries.get_purchase(request.actor, purchase_id)


@router.post(
    "/trade/purchases/{purchase_id}/vouchers", response=schemas.PurchaseOut, summary="Add photos of vouchers"
)
def add_vouchers(request: ActorRequest, purchase_id: Number, data: schemas.VouchersIn) -> Any:
    services.add_vouchers(
        request.actor, purchase_id=purchase_id, document_ids=tuple(data.document_ids), at=timezone.now()
    )
    return queries.get_purchase(request.actor, purchase_id)


@router.get("/trade/market-mode", response=schemas.ModeOut, summary="How the stalls of your market sell")
def get_mode(request: ActorRequest) -> Any:
    request.actor.require(Permission.LOT_READ)
    if request.actor.party_id is None:
        raise NotFound
    return {"mode": selling_mode(request.actor)}


@router.put("/trade/market-mode", response=schemas.ModeOut, summary="Say how the stalls of your market sell")
def set_mode(request: ActorRequest, data: schemas.ModeIn) -> Any:
    services.set_market_mode(request.actor, mode=str(data.mode), at=timezone.now())
    return {"mode": selling_mode(request.actor)}
