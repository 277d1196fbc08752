"""Refusals of lots, each with the sentence that tells what to do."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cailan.kernel.problems import Conflict, InvalidInput, NotAllowed, NotFound, Problem
from cailan.lots.rules.book import Refused
from cailan.products.rules import units

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


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


class AwaitsTest(Conflict):
    code = "awaits-test"
    title = _("These goods wait for a test")


class InTransit(Conflict):
    code = "in-transit"
    title = _("These goods are on their way")


class NotHeld(Conflict):
    code = "not-on-hold"
    title = _("This lot is not on hold")
    detail = _("There is no open hold that you placed. Reload the page to see its present state.")


REFUSALS: dict[str, tuple[type[Problem], "StrOrPromise"]] = {
    "held": (
        LotOnHold,
        _("Lot %(lot)s is on hold: it cannot be sold, moved or processed until the hold is released."),
    ),
    "awaits-self-test": (
        AwaitsTest,
        _(
            "Lot %(lot)s waits for its self-test: enter the result first; once it has passed, the lot may leave."
        ),
    ),
    "awaits-incoming-test": (
        AwaitsTest,
        _("Lot %(lot)s waits for the laboratory's signed report; once it says “passed”, the lot may go on."),
    ),
    "in-transit": (
        InTransit,
        _(
            "These goods of lot %(lot)s are on their way to a buyer. Take them back first, or choose other stock."
        ),
    ),
    "not-in-transit": (
        NotEnough,
        _("These goods are not on their way any more. Reload the page to see what became of them."),
    ),
    "not-for-you": (
        NotYours,
        _(
            "These goods of lot %(lot)s are on their way to somebody else. Ask the seller for a ticket to you."
        ),
    ),
    "too-much": (
        NotEnough,
        _(
            "You asked for %(wanted)s %(uom)s of lot %(lot)s, but %(available)s %(uom)s are left. "
            "Enter less, or count your stock."
        ),
    ),
    "not-yours": (
        NotYours,
        _(
            "You have nothing of lot %(lot)s: it is sold out or was never recorded. "
            "Record its purchase first, or choose another lot."
        ),
    ),
    "unknown-lot": (
        UnknownLot,
        _("“%(lot)s” is no lot recorded here. Scan the label again, or enter the trace code below it."),
    ),
    "unknown-number": (
        UnknownLot,
        _("You have no lot %(number)s of this product. Record its purchase first, or check the number."),
    ),
    "number-taken": (
        NumberTaken,
        _("You made a lot %(number)s of this product already. Choose another lot number."),
    ),
    "not-told-by-holder": (
        NotYours,
        _(
            "%(lot)s is held by a registered party. Only that party, or the one it hands the goods to, "
            "may record this event."
        ),
    ),
    "not-recorder": (
        NotAllowed,
        _("Event %(event)s was recorded by another party; only that party may correct it."),
    ),
    "unit": (InvalidInput, "%(message)s"),
    "absurd": (InvalidInput, _("%(quantity)s is more than anybody can have. Check the number and unit.")),
    "too-fine": (InvalidInput, _("%(quantity)s has too many decimals; six are kept.")),
    "not-positive": (InvalidInput, _("Enter a quantity above zero, not %(quantity)s.")),
    "future": (InvalidInput, _("%(when)s lies in the future. Check the date and time.")),
    "too-old": (InvalidInput, _("%(when)s is too long ago to be right. Check the date.")),
    "too-long": (InvalidInput, _("“%(text)s…” is longer than the %(limit)s characters that are kept.")),
    "sold-meanwhile": (
        NotEnough,
        _("Meanwhile so much of it was sold that less than nothing would be left. Count it again."),
    ),
    "empty": (InvalidInput, _("Name at least one lot.")),
}


def problem_of(refused: Refused) -> Problem:
    """Say a refusal of the book in words."""
    facts = {name: _plain(value) for name, value in refused.facts.items()}
    kind, sentence = REFUSALS[refused.code]
    words = facts | (
        {"uom": gettext(units.UNITS[uom].label)} if (uom := facts.get("uom")) in units.UNITS else {}
    )
    return kind(str(sentence) % words, **facts)


def _plain(value: Any) -> Any:
    return f"{value.normalize():f}" if isinstance(value, Decimal) and value.is_finite() else str(value)
