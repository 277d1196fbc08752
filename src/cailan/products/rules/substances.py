"""Substances and prohibitions as frozen facts, and which prohibition holds for goods on a day."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class SubstanceKind(StrEnum):
    PESTICIDE = "pesticide"
    GROWTH_REGULATOR = "growth_regulator"
    VETERINARY_DRUG = "veterinary_drug"
    METAL = "metal"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class SubstanceFacts:
    """A substance; `name` is in the language of the page, `name_zh` the name of the standards."""

    id: int
    name: str
    name_zh: str
    name_en: str
    cas: str
    kind: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BanFacts:
    """A prohibition: of what, since when, by which order; `is_for_all` tells a ban from a restriction."""

    substance: str
    scope: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    notice: str
    basis: str
    is_verified: bool
    except_use: str = ""
    except_scope: tuple[str, ...] = ()

    @property
    def is_for_all(self) -> bool:
        return not self.scope

    def forbids(self, kinds: Collection[str], on: date, *, use: str = "") -> bool:
        """Say whether goods of these branches (and product slugs) may not have been treated on that day."""
        if on < self.valid_from or (self.valid_to is not None and on > self.valid_to):
            return False
        if use and use == self.except_use and any(kind in kinds for kind in self.except_scope):
            return False
        return self.is_for_all or any(kind in kinds for kind in self.scope)


def strictest(bans: Iterable[BanFacts]) -> BanFacts | None:
    """Return the prohibition to name: one for everything before one for some goods, then the oldest."""
    return min(bans, key=lambda ban: (not ban.is_for_all, ban.valid_from), default=None)
