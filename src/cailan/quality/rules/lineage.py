"""How a lot stands by the lots it was made from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parents:
    """Which lot each holding is of; None for a process."""

    lot_of: Mapping[int, int | None]

    def of(self, edges: Iterable[tuple[int | None, int | None]]) -> dict[int, frozenset[int]]:
        """Return the lots that went into the processes from which each lot came."""
        into: dict[int, set[int]] = {}
        out_of: list[tuple[int, int]] = []
        for source, target in edges:
            if source is None or target is None:
                continue
            from_lot, to_lot = self.lot_of.get(source), self.lot_of.get(target)
            if from_lot is not None and to_lot is None:
                into.setdefault(target, set()).add(from_lot)
            elif from_lot is None and to_lot is not None:
                out_of.append((source, to_lot))
        made: dict[int, set[int]] = {}
        for process, lot in out_of:
            made.setdefault(lot, set()).update(into.get(process, ()))
        return {lot: frozenset(inputs - {lot}) for lot, inputs in made.items()}


def parents(nodes: Iterable[tuple[int, int | None]]) -> Parents:
    return Parents(dict(nodes))


def standing(lot: int, own: Mapping[int, str], made_from: Mapping[int, frozenset[int]]) -> str:
    """Return "failed" where the lot or anything behind it failed, "passed" where reports cover all of it, else ""."""
    behind = _behind(lot, made_from)
    if any(own.get(one) == "failed" for one in behind):
        return "failed"
    return "passed" if lot in _covered(behind, own, made_from) else ""


def _behind(lot: int, made_from: Mapping[int, frozenset[int]]) -> set[int]:
    behind: set[int] = set()
    waiting = [lot]
    while waiting:
        one = waiting.pop()
        if one not in behind:
            behind.add(one)
            waiting.extend(made_from.get(one, ()))
    return behind


def _covered(behind: set[int], own: Mapping[int, str], made_from: Mapping[int, frozenset[int]]) -> set[int]:
    """Return the lots that passed, and those made of nothing but such: each input is looked at once."""
    uses: dict[int, list[int]] = {}
    open_inputs: dict[int, int] = {}
    for one in behind:
        inputs = made_from.get(one, frozenset())
        open_inputs[one] = len(inputs)
        for each in inputs:
            uses.setdefault(each, []).append(one)
    covered: set[int] = set()
    ready = [one for one in behind if own.get(one) == "passed"]
    while ready:
        one = ready.pop()
        if one in covered:
            continue
        covered.add(one)
        for made in uses.get(one, ()):
            open_inputs[made] -= 1
            if not open_inputs[made]:
                ready.append(made)
    return covered
