"""What stands around the events of an EPCIS document: contexts and master data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cailan.epcis.rules import read

_NAMES = (
    "name",
    "descriptionShort",
    "functionalName",
    "tradeItemDescription",
    "organizationName",
    "partyName",
)
_OWNERS = ("owning_party", "owningParty", "informationProvider")
_STANDARD = "https://ref.gs1.org/standards/epcis/"


@dataclass(frozen=True, slots=True)
class Described:
    """What the header says of one URI; positions in degrees, None where they are none."""

    name: str = ""
    latitude: float | None = None
    longitude: float | None = None
    owner: str = ""


def own_context(whole: Mapping[str, Any]) -> list[Any]:
    """Return the parts of a document's context that are not the standard's: prefixes of extensions."""
    context = whole.get("@context")
    parts = context if isinstance(context, list) else [context]
    return [part for part in parts if part and not (isinstance(part, str) and part.startswith(_STANDARD))]


def master_data(whole: Mapping[str, Any]) -> dict[str, Described]:
    """Return names, positions and owners from the header's vocabularies (EPCIS 2.0, 6.1.2), by canonical URI."""
    return dict(_elements(whole))


def _elements(whole: Mapping[str, Any]) -> Iterator[tuple[str, Described]]:
    header = whole.get("epcisHeader") or {}
    for vocabulary in (header.get("epcisMasterData") or {}).get("vocabularyList") or ():
        for element in vocabulary.get("vocabularyElementList") or ():
            told = {_last(one["id"]): one.get("attribute") for one in element.get("attributes") or ()}
            yield (
                read.canonical(element["id"]),
                Described(
                    name=_first(told, _NAMES),
                    latitude=_degrees(told.get("latitude"), 90),
                    longitude=_degrees(told.get("longitude"), 180),
                    owner=read.canonical(_first(told, _OWNERS)),
                ),
            )


def _last(name: object) -> str:
    return str(name).rpartition("#")[2].rpartition("/")[2].rpartition(":")[2]


def _first(told: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((str(told[name])[:200] for name in names if isinstance(told.get(name), str)), "")


def _degrees(value: object, most: int) -> float | None:
    try:
        degrees = float(str(value))
    except ValueError:
        return None
    return degrees if abs(degrees) <= most else None
