"""What has become of the goods of a recall: answers add up, never to more than there was."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

ZERO = Decimal(0)
# Weights are added up in one unit; what is counted in pieces or boxes stands for itself.
IN_KILOGRAMS = {"KGM": Decimal(1), "GRM": Decimal("0.001"), "TNE": Decimal(1000)}


class TooMuch(Exception):
    """An answer would account for more than there was."""

    def __init__(self, field: str, most: Decimal) -> None:
        self.field = field
        self.most = most  # what may still be entered there
        super().__init__(field)


@dataclass(frozen=True, slots=True)
class Figures:
    """What one answer adds, for one lot."""

    set_aside: Decimal = ZERO  # found and put aside, still there
    returned: Decimal = ZERO
    destroyed: Decimal = ZERO
    missing: Decimal = ZERO
    taken_back: Decimal = ZERO  # brought back by consumers

    @property
    def is_nothing(self) -> bool:
        return not (self.set_aside or self.returned or self.destroyed or self.missing or self.taken_back)


@dataclass(frozen=True, slots=True)
class Account:
    """How a holder stands with one lot: `start` was in its books when the recall began, None if nobody says."""

    uom: str
    start: Decimal | None
    sold: Decimal = ZERO  # to consumers, before
    received: Decimal = ZERO  # came back from others, to the responsible party
    secured: Decimal = ZERO
    returned: Decimal = ZERO
    destroyed: Decimal = ZERO
    missing: Decimal = ZERO
    taken_back: Decimal = ZERO
    is_outside: bool = False  # told by who sold it, not by books kept here

    @property
    def told(self) -> Decimal:
        """What is accounted for."""
        return self.secured + self.returned + self.destroyed + self.missing

    @property
    def untold(self) -> Decimal | None:
        """What nobody has said anything about yet."""
        return None if self.start is None else max(ZERO, self.start + self.received - self.told)

    @property
    def recovered(self) -> Decimal:
        """Returned and destroyed of the own stock; destroying what others sent back is theirs already."""
        done = self.returned + self.destroyed
        return done if self.start is None else min(done, self.start)

    @property
    def kept(self) -> Decimal:
        """Put aside of the own stock."""
        return self.secured if self.start is None else min(self.secured, self.start - self.recovered)


def add(account: Account, figures: Figures) -> Account:
    """Add an answer; what is returned or destroyed comes first out of what was set aside before.

    What was called missing and is found again is missing no more. Raises TooMuch.
    """
    gone = figures.returned + figures.destroyed
    secured = max(ZERO, account.secured - gone) + figures.set_aside
    settled = secured + account.returned + account.destroyed + gone
    missing = account.missing + figures.missing
    if account.start is not None:
        most = account.start + account.received
        if settled > most:
            raise TooMuch(
                _largest(figures), max(ZERO, most - (settled - getattr(figures, _largest(figures))))
            )
        gap = max(ZERO, account.start - settled)  # what came back from others cannot be missing here
        if figures.missing > gap:
            raise TooMuch("missing", gap)
        missing = min(missing, gap)
    if figures.taken_back and account.taken_back + figures.taken_back > account.sold:
        raise TooMuch("taken_back", max(ZERO, account.sold - account.taken_back))
    return replace(
        account,
        secured=secured,
        returned=account.returned + figures.returned,
        destroyed=account.destroyed + figures.destroyed,
        missing=missing,
        taken_back=account.taken_back + figures.taken_back,
    )


def _largest(figures: Figures) -> str:
    return max(("destroyed", "returned", "set_aside"), key=lambda name: getattr(figures, name))


@dataclass(frozen=True, slots=True)
class Bar:
    """How far a recall is, in one unit."""

    uom: str
    start: Decimal = ZERO
    recovered: Decimal = ZERO
    secured: Decimal = ZERO
    missing: Decimal = ZERO
    sold: Decimal = ZERO
    taken_back: Decimal = ZERO
    outside: Decimal = ZERO  # with buyers whom only their sellers know
    outside_recovered: Decimal = ZERO
    has_unstated: bool = False

    @property
    def open(self) -> Decimal:
        """What is neither recovered, nor secured, nor known to be lost."""
        return max(ZERO, self.start - self.recovered - self.secured - self.missing)

    @property
    def closes(self) -> bool:
        """Say whether all of it was returned or destroyed."""
        return self.recovered == self.start and not self.has_unstated

    def share(self, part: Decimal) -> Decimal:
        """Return a part in percent of the start, with one decimal."""
        if not self.start:
            return Decimal(100) if self.closes else ZERO
        return (part * 100 / self.start).quantize(Decimal("0.1"))

    @property
    def recovered_share(self) -> Decimal:
        return self.share(self.recovered)

    @property
    def secured_share(self) -> Decimal:
        return self.share(self.secured)

    @property
    def told_share(self) -> Decimal:
        return self.share(self.recovered + self.secured)

    @property
    def missing_share(self) -> Decimal:
        return self.share(self.missing)


def bars(accounts: Iterable[Account]) -> tuple[Bar, ...]:
    """Add up, weights together, everything else by its own unit; the largest first."""
    found: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    unstated: set[str] = set()
    for one in accounts:
        factor = IN_KILOGRAMS.get(one.uom)
        uom, factor = ("KGM", factor) if factor is not None else (one.uom, Decimal(1))
        sums = found[uom]
        if one.is_outside:
            sums["outside"] += (one.start or ZERO) * factor
            sums["outside_recovered"] += one.recovered * factor
            continue
        if one.start is None:
            unstated.add(uom)
        for name, value in (
            ("start", one.start or ZERO),
            ("recovered", one.recovered if one.start is not None else ZERO),
            ("secured", one.kept if one.start is not None else ZERO),
            ("missing", one.missing if one.start is not None else ZERO),
            ("sold", one.sold),
            ("taken_back", one.taken_back),
        ):
            sums[name] += value * factor
    made = [Bar(uom, has_unstated=uom in unstated, **sums) for uom, sums in found.items()]
    return tuple(sorted(made, key=lambda bar: (-bar.start, bar.uom)))
