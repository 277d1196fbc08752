"""Pages of money: income and expense, debts, the account with one partner, corrections."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cailan.kernel.access import ActorRequest, Permission
from cailan.kernel.pages import blame, public, recorded, refused, render_page
from cailan.kernel.problems import InvalidInput, KeyReused, NotFound, Problem
from cailan.labels.queries import pdf
from cailan.trade import queries, services
from cailan.trade.forms.money import CashForm, PaidForm, TakeBackForm
from cailan.trade.queries.debts import Counterpart
from cailan.trade.queries.papers import statement_data, statement_text
from cailan.trade.rules.money import OWED, OWING, yuan
from cailan.trade.views.stock import next_page, sent_twice

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)  # what a book of ours can speak of


def asked_day(request: ActorRequest, name: str = "date") -> date:
    """Return the day that an address names, today without one; never one to come."""
    today = timezone.localdate()
    return min(asked_date(request, name) or today, today)


def asked_date(request: ActorRequest, name: str) -> date | None:
    """Return a date of an address, None without one; refuse what is none."""
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.min
    if not EARLIEST <= found <= LATEST:
        what = _("Write the date as year-month-day, such as 2026-11-20.")
        raise InvalidInput(errors=[{"where": name, "what": what}])
    return found


@require_GET
def cash(request: ActorRequest) -> HttpResponse:
    """Income and expense of a day or a month, with totals by kind; each line opens its order."""
    actor, day = request.actor, asked_day(request)
    is_month = request.GET.get("by") == "month"
    start, end = queries.month_bounds(day) if is_month else queries.day_bounds(day)
    kind = request.GET.get("kind", "")[:20]
    page = queries.list_cash(actor, start=start, end=end, kind=kind, cursor=request.GET.get("cursor", ""))
    context = {
        "page": page,
        "next": next_page(request, page.next),
        "totals": queries.cash_by_kind(actor, start=start, end=end),
        "day": day,
        "is_month": is_month,
        "kind": kind,
        "periods": _periods(day, is_month=is_month),
        "may_enter": actor.may(Permission.LOT_MOVE),
    }
    return render_page(request, "trade/cash.html", context, part="rows")


def _periods(day: date, *, is_month: bool) -> list[dict[str, Any]]:
    return [
        {"url": f"?date={day}", "label": _("Day"), "active": not is_month},
        {"url": f"?date={day}&by=month", "label": _("Month"), "active": is_month},
    ]


@require_http_methods(["GET", "POST"])
def new_cash(request: ActorRequest) -> HttpResponse:
    """Enter income or expense that belongs to no payment of an order."""
    actor, now = request.actor, timezone.now()
    actor.require(Permission.MONEY_READ)
    actor.require(Permission.LOT_MOVE)
    order = {f"{name}_id": number for name in ("ticket", "purchase") if (number := _number(request, name))}
    form = CashForm(request.POST if request.method == "POST" else None, now=now, order=order)
    context = {"form": form, "order": order}
    if request.method == "GET":
        return render_page(request, "trade/cash_new.html", context)
    done = _("Entered and sealed.")
    return _carry_out(
        request, form, "trade/cash_new.html", context, reverse("trade:cash"), done,
        lambda: services.add_cash_entry(actor, at=now, **form.values()),
    )  # fmt: skip


def _number(request: ActorRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None  # noqa: PLR2004


def _carry_out(
    request: ActorRequest, form: Any, template: str, context: dict[str, Any], url: str, done: str,
    act: Callable[[], Any],
) -> HttpResponse:  # fmt: skip
    if not form.is_valid():
        return refused(request, template, context, form, status=422)
    try:
        act()
    except KeyReused:
        return refused(request, template, context, sent_twice(form), status=409)
    except NotFound:
        raise
    except Problem as problem:
        blame(form, problem)
        return refused(request, template, context, form, status=problem.status)
    return recorded(request, url, done)


@require_http_methods(["GET", "POST"])
def take_back(request: ActorRequest, source: str, entry_id: int) -> HttpResponse:
    """Correct a wrong entry by a counter-entry with the reason."""
    actor, now = request.actor, timezone.now()
    entry = queries.get_cash(actor, source=source, entry_id=entry_id)
    actor.require(Permission.LOT_MOVE)
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "entry": entry}
    if request.method == "GET":
        return render_page(request, "trade/take_back.html", context)
    if source == "payment":

        def act() -> int:
            return services.take_back_payment(
                actor, payment_id=entry_id, reason=form.cleaned_data["reason"], at=now
            )
    else:

        def act() -> int:
            return services.take_back_cash_entry(
                actor, entry_id=entry_id, reason=form.cleaned_data["reason"], at=now
            )

    return _carry_out(
        request,
        form,
        "trade/take_back.html",
        context,
        reverse("trade:cash"),
        _("Taken back and sealed."),
        act,
    )


@require_GET
def debts(request: ActorRequest) -> HttpResponse:
    """Who owes us, or whom we owe: by partner, the oldest first, what is overdue marked."""
    actor, side = request.actor, _side(request)
    page = queries.list_debts(actor, side=side, cursor=request.GET.get("cursor", ""))
    context = {
        "page": page,
        "next": next_page(request, page.next),
        "side": side,
        "totals": {one: queries.debt_totals(actor, side=one) for one in (OWED, OWING)},
        "tabs": [
            {"url": "?side=owed", "label": _("Owed to us"), "active": side == OWED},
            {"url": "?side=owing", "label": _("We owe"), "active": side == OWING},
        ],
        "today": timezone.localdate(),
    }
    return render_page(request, "trade/debts.html", context, part="rows")


def _side(request: ActorRequest) -> str:
    return OWING if request.GET.get("side") == OWING else OWED


def _counterpart(request: ActorRequest) -> Counterpart:
    if (party_id := _number(request, "party")) is not None:
        return Counterpart(party_id)
    return Counterpart(None, request.GET.get("name", "").replace("\x00", "")[:200])


@require_http_methods(["GET", "POST"])
def statement(request: ActorRequest) -> HttpResponse:
    """The account with one partner; what is paid on it is entered here."""
    actor, now, side, partner = request.actor, timezone.now(), _side(request), _counterpart(request)
    found = queries.statement(
        actor,
        side=side,
        counterpart=partner,
        since=asked_date(request, "since"),
        until=asked_date(request, "until"),
    )
    if request.GET.get("format") == "pdf":
        content = pdf("trade/statement", statement_data(found, made_at=now))
        return paper(content, f"statement-{found.until}.pdf")
    initial = {"amount": yuan(found.owed_fen).replace(",", "")} if found.owed_fen > 0 else {}
    form = PaidForm(request.POST if request.method == "POST" else None, now=now, initial=initial)
    link = reverse("trade:shared_statement", args=[queries.share_token(actor, found)])
    here = f"{reverse('trade:statement')}?{urlencode({'side': side, **partner.as_query})}"
    context = {
        "form": form,
        "statement": found,
        "text": statement_text(found, link=request.build_absolute_uri(link)),
        "link": link,
        "may_enter": actor.may(Permission.LOT_MOVE),
        "address": here,
    }
    if request.method == "GET":
        return render_page(request, "trade/statement.html", context)
    return _carry_out(
        request, form, "trade/statement.html", context, here, _("The payment is entered and sealed."),
        lambda: services.settle(actor, side=side, counterpart=partner, at=now, **form.values()),
    )  # fmt: skip


@public
@require_GET
def shared_statement(request: ActorRequest, statement_token: str) -> HttpResponse:
    """A statement as its receiver sees it: by the link that was sent, without an account."""
    found = queries.shared_statement(statement_token)
    if request.GET.get("format") == "pdf":
        content = pdf("trade/statement", statement_data(found, made_at=timezone.now()))
        return paper(content, f"statement-{found.until}.pdf")
    response = render_page(request, "trade/shared_statement.html", {"statement": found})
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def paper(content: bytes, name: str) -> HttpResponse:
    """Send a paper to be looked at and printed."""
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
