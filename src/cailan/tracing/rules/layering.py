"""Place a graph in layers so that it can be read in one direction (after Sugiyama, Tagawa and Toda, 1981)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

Arc = tuple[str, str]
Neighbours = dict[str, list[str]]


def without_cycles(keys: Sequence[str], arcs: Iterable[Arc]) -> list[Arc]:
    """Return the arcs, those that close a cycle turned round, self-loops dropped (depth first, in order)."""
    after = _after(arcs)
    state: dict[str, int] = {}  # 1 on the path, 2 done
    turned: dict[Arc, None] = {}
    for start in keys:
        if start in state:
            continue
        state[start] = 1
        path = [(start, iter(after[start]))]
        while path:
            key, rest = path[-1]
            following = next(rest, None)
            if following is None:
                state[key] = 2
                path.pop()
            elif state.get(following) == 1:
                turned[following, key] = None
            else:
                turned[key, following] = None
                if following not in state:
                    state[following] = 1
                    path.append((following, iter(after[following])))
    return list(turned)


def layers_of(keys: Sequence[str], arcs: Sequence[Arc]) -> dict[str, int]:
    """Return each key's layer by longest path; what has nothing before it moves next to what follows it."""
    after = _after(arcs)
    waiting: dict[str, int] = dict.fromkeys(keys, 0)
    for _, target in arcs:
        waiting[target] += 1
    layer = dict.fromkeys(keys, 0)
    has_before = {target for _, target in arcs}
    ready = [key for key in keys if not waiting[key]]
    for key in ready:  # grows while it is walked
        for target in after[key]:
            layer[target] = max(layer[target], layer[key] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    for key in keys:
        if key not in has_before and after[key]:
            layer[key] = min(layer[target] for target in after[key]) - 1
    return layer


def ordered(
    keys: Sequence[str], arcs: Sequence[Arc], layer: dict[str, int], sweeps: int = 8
) -> list[list[str]]:
    """Order each layer so that few lines cross: by the mean place of the neighbours, forth and back."""
    rows: list[list[str]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for key in keys:
        rows[layer[key]].append(key)
    before, after = _both(arcs)
    for sweep in range(sweeps):
        is_forward = sweep % 2 == 0
        neighbours = before if is_forward else after
        for row in rows if is_forward else reversed(rows):
            _sort_row(row, rows, layer, neighbours)
    return rows


def _sort_row(row: list[str], rows: list[list[str]], layer: dict[str, int], neighbours: Neighbours) -> None:
    touched = {layer[other] for key in row for other in neighbours[key]}
    place = {key: at for index in touched for at, key in enumerate(rows[index])}
    own = {key: float(at) for at, key in enumerate(row)}
    mean = {
        key: sum(place[other] for other in neighbours[key]) / len(neighbours[key])
        if neighbours[key]
        else own[key]
        for key in row
    }
    row.sort(key=lambda key: (mean[key], own[key]))


def centres(
    rows: Sequence[Sequence[str]], arcs: Sequence[Arc], size: dict[str, float], gap: float, passes: int = 8
) -> dict[str, float]:
    """Return each key's centre across the flow: near its neighbours, in order, never closer than `gap`."""
    before, after = _both(arcs)
    place: dict[str, float] = {}
    for row in rows:
        edge = 0.0
        for key in row:
            place[key] = edge + size[key] / 2
            edge += size[key] + gap
    for turn in range(passes):
        neighbours = (before, after)[turn % 2]
        for row in rows if turn % 2 == 0 else reversed(rows):
            wanted = [_mean(place, neighbours[key], place[key]) for key in row]
            place.update(zip(row, spread(wanted, [size[key] for key in row], gap), strict=True))
    for row in rows:
        wanted = [_mean(place, before[key] + after[key], place[key]) for key in row]
        place.update(zip(row, spread(wanted, [size[key] for key in row], gap), strict=True))
    return place


def spread(wanted: Sequence[float], sizes: Sequence[float], gap: float) -> list[float]:
    """Return centres in order, at least `gap` apart, with the least squared distances from the wanted.

    Isotonic regression by pooling adjacent violators (Ayer and others, 1955).
    """
    offsets = [0.0]
    for left, right in pairwise(sizes):
        offsets.append(offsets[-1] + (left + right) / 2 + gap)
    pools: list[tuple[float, int]] = []  # mean, members
    for want, offset in zip(wanted, offsets, strict=False):
        mean, members = want - offset, 1
        while pools and pools[-1][0] >= mean:
            other, others = pools.pop()
            mean = (mean * members + other * others) / (members + others)
            members += others
        pools.append((mean, members))
    level = [mean for mean, members in pools for _ in range(members)]
    return [value + offset for value, offset in zip(level, offsets, strict=False)]


def _mean(place: dict[str, float], keys: Sequence[str], otherwise: float) -> float:
    return sum(place[key] for key in keys) / len(keys) if keys else otherwise


def _after(arcs: Iterable[Arc]) -> Neighbours:
    after: Neighbours = defaultdict(list)
    for source, target in arcs:
        if source != target:
            after[source].append(target)
    return after


def _both(arcs: Iterable[Arc]) -> tuple[Neighbours, Neighbours]:
    arcs = list(arcs)
    return _after((target, source) for source, target in arcs), _after(arcs)
