"""Refusals of lots, each with the sentence that tells what to do."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cailan.kernel.problems import Conflict, InvalidInput, NotAllowed, NotFound, Problem
from cailan.lots.rules.book import Refused


class LotOnHold(Conflict):
    code = "lot-on-hold"
    title = _("This lot is on hold")


class NotEnough(Conflict):
    code = "not-enough"
    title = _("There is not that much left")


class NotYours(Conflict):
    code = "not-in-your-stock"
    title = _("This lot is not in your stock")


class UnknownLot(NotFound):
    code = "unknown-lot"
    title = _("No lot has this code")


class NumberTaken(Conflict):
    code = "lot-number-taken"
    title = _("This lot number is in use")


class NotHeld(Conflict):
    code = "not-on-hold"
    title = _("This lot is not on hold")
    detail = _("There is no open hold that you placed. Reload the page to see its present state.")


def problem_of(refused: Refused) -> Problem:
    """Say a refusal of the book in words."""
    facts = {name: _plain(value) for name, value in refused.facts.items()}
    match refused.code:
        case "held":
            return LotOnHold(
                _t(
                    "Lot %(lot)s is on hold: it cannot be sold, moved or processed until the hold is released."
                )
                % facts,
                **facts,
            )
        case "too-much":
            return NotEnough(
                _t(
                    "You asked for %(wanted)s %(uom)s of lot %(lot)s, but %(available)s %(uom)s are left. "
                    "Enter less, or count your stock."
                )
                % facts,
                **facts,
            )
        case "not-yours":
            return NotYours(
                _t(
                    "You have nothing of lot %(lot)s: it is sold out or was never recorded. "
                    "Record its purchase first, or choose another lot."
                )
                % facts,
                **facts,
            )
        case "unknown-lot":
            return UnknownLot(
                _t(
                    "“%(lot)s” is no lot recorded here. Scan the label again, or enter the trace code below it."
                )
                % facts,
                **facts,
            )
        case "unknown-number":
            return UnknownLot(
                _t(
                    "You have no lot %(number)s of this product. Record its purchase first, or check the number."
                )
                % facts
            )
        case "number-taken":
            return NumberTaken(
                _t("You made a lot %(number)s of this product already. Choose another lot number.") % facts,
                **facts,
            )
        case "unit":
            return InvalidInput(facts.get("message") or _("This unit does not fit the product."), **facts)
        case "absurd":
            return InvalidInput(
                _t("%(quantity)s is more than anybody can have. Check the number and unit.") % facts
            )
        case "too-fine":
            return InvalidInput(_t("%(quantity)s has too many decimals; six are kept.") % facts)
        case "future":
            return InvalidInput(_t("%(when)s lies in the future. Check the date and time.") % facts)
        case "too-old":
            return InvalidInput(_t("%(when)s is too long ago to be right. Check the date.") % facts)
        case "not-told-by-holder":
            return NotYours(
                _t(
                    "%(lot)s is held by a registered party. Only that party, or the one it hands the goods to, "
                    "may record this event."
                )
                % facts,
                **facts,
            )
        case "too-long":
            return InvalidInput(
                _t("“%(text)s…” is longer than the %(limit)s characters that are kept.") % facts
            )
        case "not-recorder":
            return NotAllowed(
                _t("Event %(event)s was recorded by another party; only that party may correct it.") % facts
            )
        case "empty":
            return InvalidInput(_("Name at least one lot."))
        case _:
            return InvalidInput(_t("Enter a quantity above zero, not %(quantity)s.") % facts)


def _plain(value: Any) -> Any:
    return f"{value.normalize():f}" if isinstance(value, Decimal) and value.is_finite() else str(value)
