"""Keyset pages: stable under inserts, as quick on page 1000 as on page 1."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cailan.kernel.problems import Problem

Row = TypeVar("Row")
Record = TypeVar("Record", bound=Model)
SALT = "cailan.page"
LIMIT = 50
LIMIT_MAX = 500


class BadCursor(Problem):
    code = "bad-cursor"
    title = _("This page address is not valid any more")
    detail = _("Begin again with the first page of the list.")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list; `next` is the cursor of the following page, "" on the last."""

    items: tuple[Row, ...]
    next: str = ""


def clamp(limit: int | None) -> int:
    return max(1, min(limit or LIMIT, LIMIT_MAX))


def read_cursor(cursor: str, width: int) -> list[Any]:
    """Return the key in a cursor that we signed."""
    try:
        key = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError) as error:
        raise BadCursor from error
    if not isinstance(key, list) or len(key) != width:
        raise BadCursor
    return key


def write_cursor(key: Sequence[Any]) -> str:
    return signing.dumps(list(key), salt=SALT, compress=True)


def newest_first(rows: "QuerySet[Record]", *, cursor: str = "", limit: int | None = None) -> Page[Record]:
    """Return one page ordered by descending primary key."""
    size = clamp(limit)
    if cursor:
        rows = rows.filter(pk__lt=read_cursor(cursor, 1)[0])
    found = list(rows.order_by("-pk")[: size + 1])
    more = len(found) > size
    return Page(tuple(found[:size]), write_cursor([found[size - 1].pk]) if more else "")


def ordered_by(
    rows: "QuerySet[Record]", field: str, *, cursor: str = "", limit: int | None = None
) -> Page[Record]:
    """Return one page in ascending order of a text field, ties by primary key."""
    size = clamp(limit)
    if cursor:
        value, pk = read_cursor(cursor, 2)
        rows = rows.filter(Q(**{f"{field}__gt": value}) | Q(**{field: value, "pk__gt": pk}))
    found = list(rows.order_by(field, "pk")[: size + 1])
    more = len(found) > size
    last = found[size - 1] if more else None
    return Page(tuple(found[:size]), write_cursor([getattr(last, field), last.pk]) if last else "")
