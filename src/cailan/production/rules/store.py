"""What may be taken from the store of inputs: not more than there is, nothing expired, nothing the label leaves out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

MOST_DAYS = 400  # no label asks for a longer interval


def gettext_noop(message: str) -> str:
    return message


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not: a code for programs, a sentence with its facts for people."""

    code: str
    message: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class LabelInterval:
    """Days between the last use and harvest, as a label says for one crop; product None: for every other crop."""

    product_id: int | None
    days: int


class NotEnoughInput(ValueError):
    """More was to be taken than there is."""

    def __init__(self, remaining: Decimal) -> None:
        self.remaining = remaining
        super().__init__(str(remaining))


def take(remaining: Decimal, wanted: Decimal) -> Decimal:
    """Return what remains after taking so much."""
    if wanted <= 0 or wanted > remaining:
        raise NotEnoughInput(remaining)
    return remaining - wanted


def interval_for(label: tuple[LabelInterval, ...], product_id: int | None) -> int | None:
    """Return the interval a label gives for a crop: its own line before the line for every crop, else None."""
    lines = {line.product_id: line.days for line in label}
    return lines.get(product_id, lines.get(None))


def why_not_use(
    name: str,
    *,
    on: date,
    bought_on: date,
    expires_on: date | None,
    is_registered: bool,
    interval_days: int | None,
    crop: str,
) -> Refusal | None:
    """Return why an input may not be used on a crop on a day, or None when it may; prohibitions stand apart."""
    if on < bought_on:
        return Refusal(
            "input-not-bought-yet",
            gettext_noop(
                "%(name)s was bought on %(bought)s only. Check the day of the work, or choose another input."
            ),
            {"name": name, "bought": bought_on.isoformat()},
        )
    if expires_on is not None and on > expires_on:
        return Refusal(
            "input-expired",
            gettext_noop(
                "%(name)s expired on %(expired)s. Do not use it; choose another batch from your store."
            ),
            {"name": name, "expired": expires_on.isoformat()},
        )
    if is_registered and interval_days is None:
        return Refusal(
            "input-not-for-crop",
            gettext_noop(
                "The label of %(name)s names no safety interval for %(crop)s: it is not registered for this crop. "
                "Choose an input that is."
            ),
            {"name": name, "crop": crop},
        )
    return None
