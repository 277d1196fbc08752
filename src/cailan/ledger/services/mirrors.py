"""Compare what was sealed with what the contexts hold now."""

from collections.abc import Callable, Sequence
from typing import Any

Rebuild = Callable[[Sequence[str]], dict[str, dict[str, Any]]]
"""Subjects → the payload that each would be sealed with today, from the context's own rows."""

_mirrors: dict[str, Rebuild] = {}


def mirror(kind: str, rebuild: Rebuild) -> None:
    """Let the audit compare the sealed payloads of a kind with a context's rows (from its app's `ready`)."""
    _mirrors[kind] = rebuild
