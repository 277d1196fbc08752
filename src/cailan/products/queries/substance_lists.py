"""Compare substances and prohibitions with the lists of this version."""

from collections import Counter
from collections.abc import Iterator

from cailan.ledger.rules.alterations import Alteration, Part
from cailan.products.models import BannedSubstance, Substance
from cailan.products.queries.integrity import listed


def parts(text: str) -> list[str]:
    return [part for part in text.split("|") if part]


def scope_of(text: str) -> list[str]:
    """Return the branches and products of a prohibition; none: it is for everything."""
    return [] if text == "all" else parts(text)


def mislisted() -> Iterator[Alteration]:
    """Name substances and prohibitions that are not as listed; where none was loaded, none is."""
    stored = {row.name_zh: row for row in Substance.objects.all()}
    if not stored:
        return
    for line in listed("substances.csv"):
        row = stored.get(line["name_zh"])
        if row is None:
            yield Alteration(Part.FACT, "missing", subject=f"products_substance {line['name_zh']}")
            continue
        now = (row.name_en, row.cas, row.kind, "|".join(row.aliases))
        follows = (line["name_en"], line["cas"], line["kind"], line["aliases"])
        if now != follows:
            yield Alteration(
                Part.FACT,
                "substance",
                ", ".join(follows),
                ", ".join(now),
                subject=f"products_substance {row.name_zh}",
            )
    yield from _misbanned()


def _misbanned() -> Iterator[Alteration]:
    wanted = Counter(
        (
            line["substance"],
            "|".join(scope_of(line["scope"])),
            line["except_use"],
            line["except_scope"],
            line["valid_from"],
            line["valid_to"],
            line["notice"],
            line["verified"] == "1",
        )
        for line in listed("banned.csv")
    )
    stored = Counter(
        (
            row.substance.name_zh,
            "|".join(row.scope),
            row.except_use,
            "|".join(row.except_scope),
            row.valid_from.isoformat(),
            row.valid_to.isoformat() if row.valid_to else "",
            row.notice,
            row.is_verified,
        )
        for row in BannedSubstance.objects.select_related("substance")
    )
    for missing in wanted - stored:
        yield Alteration(
            Part.FACT, "missing", ", ".join(map(str, missing)), "", subject=f"products_ban {missing[0]}"
        )
    for added in stored - wanted:
        yield Alteration(
            Part.FACT, "added", "", ", ".join(map(str, added)), subject=f"products_ban {added[0]}"
        )
