"""Pages to sell: one screen a ticket, a short one for consumers, one to send goods on."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cailan.kernel.access import Actor, ActorRequest, Permission
from cailan.kernel.pages import blame, recorded, refused, render_page
from cailan.kernel.problems import KeyReused, Problem
from cailan.parties.rules.kinds import PRODUCERS, PartyKind
from cailan.trade import services
from cailan.trade.forms.tickets import FEE_NAMES, NEW, OPEN, DispatchForm, GoodsForm, RetailForm, SellForm
from cailan.trade.queries import selling
from cailan.trade.rules import sums
from cailan.trade.rules.sums import JIN, SumError
from cailan.trade.rules.tickets import Mode

UNIT = "trade_unit"  # the session remembers in which unit somebody thinks
SENDERS = {*PRODUCERS, PartyKind.DISTRIBUTION_CENTRE}


def unit_of(request: ActorRequest) -> str:
    """Return the unit of weights that the reader chose, now or before."""
    chosen = request.GET.get("unit", "")
    if chosen in {JIN, "KGM"}:
        request.session[UNIT] = chosen
        return chosen
    return str(request.session.get(UNIT, JIN))


@require_http_methods(["GET", "POST"])
def sell(request: ActorRequest) -> HttpResponse:
    """Show the screen of the market's kind; a short sale and a ticket are one link apart."""
    if request.method == "GET" and "as" not in request.GET and _mode(request.actor) == Mode.RETAIL:
        return retail(request)
    return _page(request, "trade/sell.html", _sell_form)


@require_http_methods(["GET", "POST"])
def retail(request: ActorRequest) -> HttpResponse:
    """A sale to consumers: goods and weight."""
    return _page(request, "trade/retail.html", _retail_form)


@require_http_methods(["GET", "POST"])
def dispatch(request: ActorRequest) -> HttpResponse:
    """Goods that go on without a price: of a base or a centre."""
    return _page(request, "trade/dispatch.html", _dispatch_form)


def _mode(actor: Actor) -> str:
    return selling.selling_mode(actor)


Maker = Callable[[ActorRequest, tuple[selling.Goods, ...]], GoodsForm]


def _sell_form(
    request: ActorRequest, goods: tuple[selling.Goods, ...], *, is_fresh: bool = False
) -> SellForm:
    actor, buyers = request.actor, selling.usual_buyers(request.actor)
    asked = (request.POST if request.method == "POST" else request.GET).get("buyer", "")
    known = {str(one.party_id) for one in buyers}
    chosen = asked if asked in {*known, OPEN, NEW} else str(buyers[0].party_id) if buyers else OPEN
    prices = selling.last_prices(
        actor, [one.product for one in goods], buyer_id=int(chosen) if chosen in known else None
    )
    return SellForm(
        None if is_fresh else _data(request), goods=goods, buyers=buyers, prices=prices, unit=unit_of(request),
        now=timezone.now(), initial={"buyer": chosen},
    )  # fmt: skip


def _retail_form(request: ActorRequest, goods: tuple[selling.Goods, ...]) -> RetailForm:
    prices = selling.last_prices(request.actor, [one.product for one in goods])
    return RetailForm(_data(request), goods=goods, prices=prices, unit=unit_of(request), now=timezone.now())


def _dispatch_form(request: ActorRequest, goods: tuple[selling.Goods, ...]) -> DispatchForm:
    buyers = selling.usual_buyers(request.actor)
    chosen = str(buyers[0].party_id) if buyers else OPEN
    return DispatchForm(
        _data(request), goods=goods, buyers=buyers, unit=request.GET.get("unit") or "KGM", now=timezone.now(),
        initial={"buyer": chosen},
    )  # fmt: skip


def _data(request: ActorRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _page(request: ActorRequest, template: str, make: Maker) -> HttpResponse:
    """Show a form of goods; issue what was sent; say a refusal at the lot that it is about."""
    actor = request.actor
    actor.require(Permission.LOT_MOVE)
    form = make(request, selling.goods_of(actor))
    context = {
        "form": form,
        "fee_names": FEE_NAMES,
        "is_sender": actor.party_kind in SENDERS,
        "weight_unit": "jin" if form.chosen_unit() == JIN else "kg",
    }
    if request.method == "GET":
        return render_page(request, template, context, part="goods")
    if not form.is_valid():
        return refused(request, template, context, form)
    try:
        ticket = services.issue_ticket(
            actor, order=form.order(), at=timezone.now(), client_key=f"page-{form.cleaned_data['client_key']}"
        )
    except KeyReused as problem:
        form.with_new_key()
        blame(form, problem)
        return refused(request, template, context, form, status=HTTPStatus.CONFLICT)
    except Problem as problem:
        say(form, problem)
        return refused(request, template, context, form, status=problem.status)
    return recorded(
        request, reverse("trade:ticket", args=[ticket.code]), _("The ticket is written and sealed.")
    )


def say(form: Any, problem: Problem) -> None:
    """Put a refusal at the fields that it names, a refused lot's at its quantity."""
    for error in problem.extra.get("errors", []):
        error["where"] = form.where(str(error["where"]))
    problem.extra.setdefault("where", f"quantity_{problem.extra.get('lot')}")
    blame(form, problem)


@require_POST
def total(request: ActorRequest) -> HttpResponse:
    """Add up what is typed so far, exactly as the ticket will."""
    request.actor.require(Permission.LOT_MOVE)
    form = _sell_form(request, selling.goods_of(request.actor))
    form.is_valid()
    fen, count = 0, 0
    for line in form.lines():
        if line.price_fen is not None:
            try:
                fen += sums.amount_fen(line.quantity, line.uom, line.price_fen, line.price_uom)
            except SumError:
                continue
            count += 1
    fen += sum(fee.amount_fen for fee in form.fees())
    return render_page(request, "trade/total.html", {"fen": fen, "count": count})


@require_POST
def goods(request: ActorRequest) -> HttpResponse:
    """Show the goods again with the prices of the buyer that was chosen; what was typed stays."""
    request.actor.require(Permission.LOT_MOVE)
    form = _sell_form(request, selling.goods_of(request.actor), is_fresh=True)
    for code in form.codes:
        names = [f"{part}_{code}" for part in ("quantity", "pieces", "price")]
        if request.POST.get(names[0]):
            form.initial.update({name: request.POST.get(name, "") for name in names})
    unit = "jin" if form.chosen_unit() == JIN else "kg"
    return render_page(request, "trade/goods.html", {"form": form, "weight_unit": unit})
