"""Write down a purchase by hand: vouchers, supplier, plate, origin, goods (进货查验记录)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cailan.documents import queries as documents
from cailan.kernel import audit
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import InvalidInput, NotFound
from cailan.lots import queries as lots
from cailan.lots import services as goods
from cailan.lots.rules.requests import NewLot, Receive
from cailan.lots.services import Outcome
from cailan.parties import queries as parties
from cailan.parties.rules.facts import PartyFacts
from cailan.products import queries as products
from cailan.products.rules import units
from cailan.trade.models.tickets import Purchase, PurchaseLine
from cailan.trade.queries.origins import ORIGIN
from cailan.trade.rules import sums
from cailan.trade.rules.money import MOST_FEN
from cailan.trade.rules.sums import SumError
from cailan.trade.rules.tickets import AT_ONCE, Goods, HandPurchase, Payment
from cailan.trade.services.issuing import known_partner, named_partner, own_place
from cailan.trade.services.keys import check_same, digest_of, lock_book
from cailan.trade.services.money import record_payment
from cailan.trade.services.receiving import Booked
from cailan.trade.services.sealing import seal_purchase
from cailan.trade.services.times import check_moment

MOST_LINES = 30


@transaction.atomic
def buy_by_hand(actor: Actor, *, purchase: HandPurchase, at: datetime, client_key: str = "") -> Booked:
    """Book goods from somebody whose books are not here; the same key with the same purchase books once."""
    actor.require(Permission.LOT_CREATE)
    check_moment(purchase.purchased_at, at=at, where="purchased_at")
    ours = actor.acting_party_id
    lock_book(ours)
    digest = digest_of(purchase)
    if client_key:
        known = Purchase.objects.filter(buyer_id=ours, client_key=client_key).first()
        if known is not None:
            check_same(known.digest, digest)
            return Booked(0, known.pk, "", was_known=True)
    amounts = _check(actor, purchase)
    supplier = _supplier(actor, purchase, at=at)
    site_id = own_place(actor, purchase.site_id)
    outcomes = [_receive(actor, purchase, line, supplier, site_id, at=at) for line in purchase.lines]
    has_price = any(amount is not None for amount in amounts)
    row = Purchase.objects.create(
        buyer_id=ours,
        supplier_id=supplier.id,
        supplier_name=purchase.supplier_name.strip() or supplier.name,
        supplier_phone=purchase.supplier_phone.strip(),
        purchased_at=purchase.purchased_at,
        recorded_at=at,
        recorded_by_id=actor.user_id,
        site_id=site_id,
        plate=purchase.plate.strip(),
        document_ids=list(purchase.document_ids),
        payment=purchase.payment,
        total_fen=sums.total_fen(amounts) if has_price else None,
        due_on=purchase.due_on,
        note=purchase.note.strip(),
        event_id=outcomes[0].event_id,
        client_key=client_key,
        digest=digest,
    )
    _write_lines(row, purchase, amounts, outcomes)
    seal_purchase(actor, row, at=at)
    audit.record(actor, "trade.purchase.booked", f"purchase:{row.pk}", lines=len(purchase.lines))
    if row.payment in AT_ONCE and row.total_fen:
        record_payment(
            actor, purchase_id=row.pk, amount_fen=row.total_fen, method=row.payment, at=at,
            occurred_at=row.purchased_at,
        )  # fmt: skip
    return Booked(0, row.pk, "")


def _check(actor: Actor, purchase: HandPurchase) -> list[int | None]:
    errors: list[dict[str, Any]] = []
    if not 0 < len(purchase.lines) <= MOST_LINES:
        errors.append({"where": "lines", "what": _("Put between one and thirty products on a purchase.")})
    if purchase.supplier_id is None and not purchase.supplier_name.strip():
        errors.append({"where": "supplier_name", "what": _("Say from whom the goods come.")})
    if purchase.payment not in set(Payment):
        errors.append({"where": "payment", "what": _("Choose how it is paid from the list.")})
    if purchase.due_on is not None and purchase.due_on < timezone.localtime(purchase.purchased_at).date():
        errors.append({"where": "due_on", "what": _("The day of payment cannot lie before the purchase.")})
    own_papers = documents.facts(purchase.document_ids)
    if any(pk not in own_papers or own_papers[pk].owner_id != actor.party_id for pk in purchase.document_ids):
        errors.append({"where": "document_ids", "what": _("This voucher is none of your documents.")})
    amounts = [_check_line(actor, line, index, errors) for index, line in enumerate(purchase.lines)]
    if sums.total_fen(amounts) > MOST_FEN:
        errors.append({"where": "lines", "what": _("This amount is too large. Check weight and price.")})
    if errors:
        raise InvalidInput(errors[0]["what"], errors=errors)
    return amounts


def _check_line(actor: Actor, line: Goods, index: int, errors: list[dict[str, Any]]) -> int | None:
    where = f"lines.{index}"
    if line.product_id is not None:
        found = products.facts([line.product_id]).get(line.product_id)
        if found is None or found.owner_id not in {None, actor.party_id}:
            errors.append({"where": f"{where}.product", "what": _("No such product in your library.")})
    elif not line.product_name.strip():
        errors.append({"where": f"{where}.product", "what": _("Say what was bought.")})
    if line.origin_region and not parties.region_path(line.origin_region):
        errors.append({"where": f"{where}.origin", "what": _("No region has this code (GB/T 2260).")})
    if not line.origin_region and not line.origin_text.strip():
        errors.append({"where": f"{where}.origin", "what": _("Say where the goods are from, to the county.")})
    try:
        units.check(line.quantity, line.uom)
    except units.UnitError as error:
        errors.append({"where": f"{where}.quantity", "what": _(error.message)})
        return None
    if line.price_fen is None:
        return None
    try:
        return sums.amount_fen(line.quantity, line.uom, line.price_fen, line.price_uom or line.uom)
    except SumError as error:
        errors.append({"where": f"{where}.price", "what": _(str(error))})
        return None


def _supplier(actor: Actor, purchase: HandPurchase, *, at: datetime) -> PartyFacts:
    if purchase.supplier_id is not None:
        supplier = known_partner(actor, purchase.supplier_id, where="supplier_id")
    else:
        supplier = named_partner(actor, purchase.supplier_name.strip(), at=at, is_supplier=True)
    if supplier.id == actor.party_id:
        raise InvalidInput(errors=[{"where": "supplier_name", "what": _("You cannot buy from yourself.")}])
    return supplier


def _receive(
    actor: Actor,
    purchase: HandPurchase,
    line: Goods,
    supplier: PartyFacts,
    site_id: int | None,
    *,
    at: datetime,
) -> Outcome:
    """Let the lot begin at the supplier; one whose batch number is known already gets more of that lot."""
    attributes = {ORIGIN: line.origin_text.strip()} if line.origin_text.strip() else {}
    request = Receive(
        occurred_at=purchase.purchased_at,
        site_id=site_id,
        lot=NewLot(
            number=line.batch_number.strip() or f"{timezone.localtime(purchase.purchased_at):%y%m%d-%H%M}",
            quantity=line.quantity,
            uom=line.uom,
            product_id=line.product_id,
            product_name=line.product_name.strip(),
            attributes=attributes,
        ),
        supplier_id=supplier.id,
        region=line.origin_region or None,
        awaits=lots.arrival_wait(actor.party_kind),
    )
    return goods.record(actor, request, at=at)


def _write_lines(
    row: Purchase, purchase: HandPurchase, amounts: list[int | None], outcomes: list[Outcome]
) -> None:
    holdings = lots.holding_facts_of([outcome.holding_ids[0] for outcome in outcomes])
    for line, amount, outcome in zip(purchase.lines, amounts, outcomes, strict=True):
        lot = holdings[outcome.holding_ids[0]].lot  # a new one, or one that came before
        PurchaseLine.objects.create(
            purchase=row,
            lot_id=lot.id,
            holding_id=outcome.holding_ids[0],
            product_name=lot.product,
            batch_number=line.batch_number.strip() or lot.number,
            origin_region_id=line.origin_region or None,
            origin_text=line.origin_text.strip(),
            quantity=line.quantity,
            uom=line.uom,
            pieces=line.pieces,
            price_fen=line.price_fen,
            price_uom=(line.price_uom or line.uom) if line.price_fen is not None else "",
            amount_fen=amount,
        )


def add_vouchers(actor: Actor, *, purchase_id: int, document_ids: tuple[int, ...], at: datetime) -> None:
    """Add photos of vouchers to a purchase; none is ever taken away."""
    actor.require(Permission.LOT_CREATE)
    with transaction.atomic():
        row = Purchase.objects.select_for_update(of=("self",)).filter(pk=purchase_id).first()
        if row is None or row.buyer_id != actor.acting_party_id:
            raise NotFound
        known = documents.facts(document_ids)
        if any(pk not in known or known[pk].owner_id != actor.party_id for pk in document_ids):
            raise InvalidInput(
                errors=[{"where": "document_ids", "what": _("This voucher is none of your documents.")}]
            )
        row.document_ids = list(dict.fromkeys([*row.document_ids, *document_ids]))
        row.save(update_fields=["document_ids"])
        seal_purchase(actor, row, at=at, is_extended=True)
