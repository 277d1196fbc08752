"""Canonical JSON: the part of JCS (RFC 8785) in which a fast serializer and the standard agree."""

from typing import Any

import orjson

LARGEST_INTEGER = 2**53 - 1  # RFC 7493 2.2: what every JSON reader keeps exactly
DEEPEST = 32
LARGEST_BYTES = 1_000_000


class OutOfProfile(ValueError):
    """A value that two programs could write differently, and its place as a JSON Pointer (RFC 6901)."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where or '/'}: {why}")
        self.where = where or "/"
        self.why = why


def encode(value: Any) -> bytes:
    """Return the canonical UTF-8 bytes of a value; raise OutOfProfile, naming the place.

    Allowed: objects with ASCII keys, arrays, strings, integers within ±(2^53 - 1), true, false, null.
    Decimals and times travel as strings, so that nobody's float changes them.
    """
    _check(value, "", 0)
    try:
        written = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except (TypeError, ValueError) as error:  # a lone surrogate has no UTF-8
        raise OutOfProfile("", str(error)) from None
    if len(written) > LARGEST_BYTES:
        raise OutOfProfile("", f"longer than {LARGEST_BYTES} bytes")
    return written


def decode(text: str | bytes) -> Any:
    """Read canonical JSON; raise OutOfProfile unless writing it again gives the same bytes."""
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise OutOfProfile("", str(error)) from None
    if encode(value) != raw:
        raise OutOfProfile("", "not in canonical form")
    return value


def _check(value: Any, where: str, depth: int) -> None:
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return
    if kind is int:
        if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
            raise OutOfProfile(where, "an integer beyond 2^53 - 1; write it as a string")
        return
    if depth >= DEEPEST:
        raise OutOfProfile(where, f"nested deeper than {DEEPEST}")
    if kind is dict:
        for key, item in value.items():
            if type(key) is not str or not key.isascii():
                raise OutOfProfile(f"{where}/{key}", "keys are ASCII text")
            _check(item, f"{where}/{key}", depth + 1)
    elif kind is list or kind is tuple:
        for place, item in enumerate(value):
            _check(item, f"{where}/{place}", depth + 1)
    else:
        raise OutOfProfile(
            where, f"a {kind.__name__} has no canonical form; write decimals and times as strings"
        )
