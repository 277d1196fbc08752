"""Load limits from a table: dry run first, a reason for each row that is not taken."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any

from django.db import transaction

from cailan.kernel import audit
from cailan.kernel.access import SYSTEM, Actor, Permission
from cailan.ledger import services as ledger
from cailan.ledger.rules import Entry
from cailan.products import queries as products
from cailan.quality.models import Limit
from cailan.quality.queries.integrity import LIMIT, rebuild_limits
from cailan.quality.rules import limit_file
from cailan.quality.rules.limit_file import LimitRow, RowProblem
from cailan.quality.rules.words import gettext_noop

MOST_PROBLEMS = 200
Key = tuple[str, int | None, str | None, int, Any]


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a table of limits holds, or changed: rows that are new, the same, corrections, and refused ones."""

    new: int
    same: int
    changed: int
    problems: tuple[RowProblem, ...]
    refused: int
    is_dry_run: bool

    @property
    def taken(self) -> int:
        return self.new + self.changed


@dataclass(slots=True)
class _Known:
    """What names in the table mean; each looked up once."""

    products: dict[str, int]
    categories: dict[str, str]
    substances: dict[str, int]


def load_limits(
    actor: Actor, text: str, *, at: datetime, is_dry_run: bool = False, is_starter: bool = False
) -> LoadReport:
    """Load a CSV of limits; a row that differs from the one in its place corrects it, the old one stays to be read.

    The starter set yields to whatever stands in its place, and none of its rows is verified.
    """
    actor.require(Permission.LIMIT_MANAGE)
    rows: list[LimitRow] = []
    problems: list[RowProblem] = []
    for one in limit_file.read(text):
        (rows if isinstance(one, LimitRow) else problems).append(one)  # type: ignore[arg-type]
    wanted = _looked_up(_known(actor, rows), rows, problems, is_starter=is_starter)
    with transaction.atomic():
        return _write(actor, wanted, problems, at, is_dry_run=is_dry_run, is_starter=is_starter)


def load_starter(*, at: datetime) -> LoadReport:
    """Load the starter set that ships with this version; every row of it is still to be verified."""
    text = (files("cailan.quality") / "data" / "limits.csv").read_text(encoding="utf-8")
    return load_limits(SYSTEM, text, at=at, is_starter=True)


def _known(actor: Actor, rows: Sequence[LimitRow]) -> _Known:
    named = {row.product for row in rows if row.product}
    # A short name means one product; as a word it may be another's, as celery is.
    found = {slug: pk for slug, pk in _slugs(actor) if slug in named} if named else {}
    found |= {name: one.id for name, one in products.resolve_names(named - found.keys()).items()}
    tree = products.list_categories()
    categories = {one.code: one.code for one in tree} | {one.name: one.code for one in tree}
    substances = {
        name: facts.id for name, facts in products.substances_named({row.substance for row in rows}).items()
    }
    return _Known(found, categories, substances)


def _slugs(actor: Actor) -> Iterator[tuple[str, int]]:
    cursor = ""
    while True:
        page = products.list_products(actor, cursor=cursor, limit=500)
        yield from ((one.slug, one.id) for one in page.items)
        if not (cursor := page.next):
            return


def _looked_up(
    known: _Known, rows: Iterable[LimitRow], problems: list[RowProblem], *, is_starter: bool
) -> dict[Key, tuple[int, Limit]]:
    wanted: dict[Key, tuple[int, Limit]] = {}
    for row in rows:
        product = known.products.get(row.product) if row.product else None
        category = known.categories.get(row.category) if row.category else None
        substance = known.substances.get(row.substance)
        if row.product and product is None:
            problems.append(
                RowProblem(row.line, "product", gettext_noop("No product has this name or short name."))
            )
        elif row.category and category is None:
            problems.append(
                RowProblem(row.line, "category", gettext_noop("No category has this name or code."))
            )
        elif substance is None:
            problems.append(
                RowProblem(
                    row.line,
                    "substance",
                    gettext_noop("No substance has this name. Use the name of the standard."),
                )
            )
        else:
            key: Key = (row.place, product, category, substance, row.valid_from)
            if key in wanted:
                what = gettext_noop("Another row of this file says the same scope from the same day.")
                problems.append(RowProblem(row.line, "valid_from", what))
                continue
            is_verified = row.is_verified and not is_starter
            wanted[key] = (row.line, _limit(key, row, is_verified=is_verified))
    return wanted


def _limit(key: Key, row: LimitRow, *, is_verified: bool) -> Limit:
    place, product, category, substance, begins = key
    return Limit(
        place=place,
        product_id=product,
        category_id=category,
        substance_id=substance,
        value=row.value,
        unit=row.unit,
        residue=row.residue,
        source=row.source,
        edition=row.edition,
        basis=row.basis,
        valid_from=begins,
        valid_to=row.valid_to,
        is_verified=is_verified,
    )


_SAID = ("value", "unit", "residue", "source", "edition", "basis", "valid_to", "is_verified")


def _write(
    actor: Actor,
    wanted: dict[Key, tuple[int, Limit]],
    problems: list[RowProblem],
    at: datetime,
    *,
    is_dry_run: bool,
    is_starter: bool,
) -> LoadReport:
    substances = {key[3] for key in wanted}
    current = Limit.objects.filter(is_current=True, substance_id__in=substances)
    if not is_dry_run:
        current = current.select_for_update()
    before: dict[Key, Limit] = {
        (row.place, row.product_id, row.category_id, row.substance_id, row.valid_from): row for row in current
    }
    new: list[Limit] = []
    replaced: list[int] = []
    same = 0
    for key, (_line, row) in wanted.items():
        old = before.get(key)
        is_same = old is not None and all(getattr(old, name) == getattr(row, name) for name in _SAID)
        if is_same or (is_starter and old is not None):
            same += 1
            continue
        row.added_by_id, row.added_at = actor.party_id, at
        if old is not None:
            row.replaces_id = old.pk
            replaced.append(old.pk)
        new.append(row)
    problems.sort(key=lambda one: one.line)
    report = LoadReport(
        len(new) - len(replaced),
        same,
        len(replaced),
        tuple(problems[:MOST_PROBLEMS]),
        len(problems),
        is_dry_run,
    )
    if not is_dry_run and new:
        Limit.objects.filter(pk__in=replaced).update(is_current=False)
        made = Limit.objects.bulk_create(new)
        subjects = [f"{LIMIT}{row.pk}" for row in made]
        states = rebuild_limits(subjects)
        ledger.append(actor, [Entry("quality.limit", name, states[name]) for name in subjects], at=at)
        audit.record(actor, "quality.limits.loaded", "limits", new=report.new, changed=report.changed)
    return report
