"""The picture of a chain: everything in it once, nothing on top of anything, read in one direction."""

import random
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cailan.tracing.rules.chain import Chain, Edge, Node
from cailan.tracing.rules.folding import fold
from cailan.tracing.rules.layering import spread
from cailan.tracing.rules.layout import LIMIT, layout

AT = datetime(2026, 11, 20, 4, tzinfo=UTC)
PROOFS = ("declared", "scanned", "device", "counter_signed", "lab", "official")


def node(number: int, **changes) -> Node:
    values = {
        "id": number, "kind": "stock", "lot_id": number, "code": f"C{number}", "uri": "", "product": "Choy",
        "lot_number": f"L{number}", "holder_id": number, "holder": f"H{number}", "holder_kind": "merchant",
        "site": "", "region": "", "latitude": None, "longitude": None, "quantity": Decimal(1),
        "remaining": Decimal(0), "uom": "KGM", "acquired_at": AT, "is_held": False, "is_external": False,
    }  # fmt: skip
    return Node(**(values | changes))


def edge(number: int, source: int | None, target: int | None, **changes) -> Edge:
    values = {
        "id": number, "kind": "transfer", "source_id": source, "target_id": target, "quantity": Decimal(1),
        "uom": "KGM", "occurred_at": AT, "proof": "scanned", "document": "", "reason": "", "event_id": "",
    }  # fmt: skip
    return Edge(**(values | changes))


@st.composite
def chains(draw) -> Chain:
    """Any graph that grows with time, with origins, exits and unstated quantities."""
    count = draw(st.integers(1, 40))
    nodes = tuple(
        node(
            number,
            kind=draw(st.sampled_from(("stock", "stock", "stock", "process"))),
            is_held=draw(st.booleans()),
            is_external=draw(st.booleans()),
        )
        for number in range(1, count + 1)
    )
    ends = draw(st.lists(st.tuples(st.integers(1, count), st.integers(1, count)), max_size=80))
    quantities = st.one_of(st.none(), st.decimals("0.001", "9000", places=3))
    edges = [edge(0, None, 1, kind="create", proof="declared")]
    for source, target in ends:
        kind = "transfer" if source < target else draw(st.sampled_from(("retail", "loss")))
        edges.append(
            edge(
                len(edges),
                min(source, target),
                target if source < target else None,
                kind=kind,
                quantity=draw(quantities),
                proof=draw(st.sampled_from(PROOFS)),
            )
        )
    return Chain(nodes, tuple(edges), frozenset({draw(st.integers(1, count))}))


def star(leaves: int, **changes) -> Chain:
    nodes = (node(1), *(node(number, **changes) for number in range(2, leaves + 2)))
    edges = tuple(edge(number, 1, number, quantity=Decimal(number)) for number in range(2, leaves + 2))
    return Chain(nodes, edges, frozenset({1}))


class TestLayout:
    @given(chain=chains(), compact=st.booleans())
    @settings(max_examples=150, deadline=None)
    def test_draws_every_holding_and_every_flow_exactly_once(self, chain, compact):
        picture = layout(chain, compact=compact)

        drawn = Counter(box.node.id for box in picture.boxes if box.node)
        drawn.update(number for box in picture.boxes if box.group for number in box.group.node_ids)
        assert drawn == Counter(each.id for each in chain.nodes)
        assert Counter(each.id for line in picture.lines for each in line.edges) == Counter(
            each.id for each in chain.edges
        )

    @given(chain=chains(), compact=st.booleans())
    @settings(max_examples=150, deadline=None)
    def test_no_box_lies_on_another_or_outside(self, chain, compact):
        picture = layout(chain, compact=compact)

        for at, one in enumerate(picture.boxes):
            assert one.x >= 0
            assert one.y >= 0
            assert one.x + one.width <= picture.width
            assert one.y + one.height <= picture.height
            for other in picture.boxes[at + 1 :]:
                is_beside = one.x + one.width <= other.x or other.x + other.width <= one.x
                is_above = one.y + one.height <= other.y or other.y + other.height <= one.y
                assert is_beside or is_above

    @given(chain=chains(), compact=st.booleans())
    @settings(max_examples=150, deadline=None)
    def test_every_line_runs_with_the_flow(self, chain, compact):
        picture = layout(chain, compact=compact)

        along = 1 if compact else 0
        for line in picture.lines:
            places = [point[along] for point in line.points]
            assert places == sorted(places)
            assert places[0] < places[-1]

    @given(chain=chains(), seed=st.randoms(use_true_random=False))
    @settings(max_examples=50, deadline=None)
    def test_does_not_depend_on_the_order_of_its_parts(self, chain, seed):
        nodes, edges = list(chain.nodes), list(chain.edges)
        seed.shuffle(nodes)
        seed.shuffle(edges)

        assert layout(Chain(tuple(nodes), tuple(edges), chain.focus)) == layout(chain)

    def test_turns_a_line_that_closes_a_cycle_instead_of_looping(self):
        ring = Chain(
            (node(1), node(2), node(3)), (edge(1, 1, 2), edge(2, 2, 3), edge(3, 3, 1)), frozenset({1})
        )

        picture = layout(ring)

        places = {box.key: box.x for box in picture.boxes}
        assert places["n1"] < places["n2"] < places["n3"]
        assert len(picture.lines) == 3

    def test_leaves_room_for_a_line_that_passes_a_layer(self):
        chain = Chain(
            (node(1), node(2), node(3)), (edge(1, 1, 2), edge(2, 2, 3), edge(3, 1, 3)), frozenset({1})
        )

        picture = layout(chain)

        middle = next(box for box in picture.boxes if box.key == "n2")
        bypass = next(line for line in picture.lines if (line.source, line.target) == ("n1", "n3"))
        assert all(not middle.y <= y <= middle.y + middle.height for _, y in bypass.points[1:-1])

    def test_an_unproven_origin_is_drawn_as_a_gap_and_a_harvest_is_not(self):
        chain = Chain(
            (node(1, is_external=True), node(2)),
            (
                edge(1, None, 1, kind="create", proof="declared"),
                edge(2, None, 2, kind="create", proof="declared"),
            ),
            frozenset({2}),
        )

        kinds = Counter(box.kind for box in layout(chain).boxes)

        assert kinds == {"stock": 2, "gap": 1, "origin": 1}

    def test_a_line_of_several_flows_is_only_as_proven_as_the_weakest(self):
        chain = Chain(
            (node(1), node(2)),
            (
                edge(1, 1, 2, proof="official", quantity=Decimal(3)),
                edge(2, 1, 2, proof="declared", quantity=None),
            ),
            frozenset({1}),
        )

        (line,) = layout(chain).lines

        assert line.proof == "declared"
        assert [amount.quantity for amount in line.amounts] == [Decimal(3)]
        assert line.unstated == 1

    def test_an_empty_chain_is_an_empty_picture(self):
        assert layout(Chain((), (), frozenset())).boxes == ()

    @pytest.mark.parametrize("seed", [1, 2])
    def test_a_thousand_holdings_are_all_drawn(self, seed):
        dice = random.Random(seed)
        nodes = tuple(node(number) for number in range(1, 1001))
        edges = tuple(
            edge(number, dice.randrange(max(1, number - 60), number), number) for number in range(2, 1001)
        )

        picture = layout(Chain(nodes, edges, frozenset({1})))

        drawn = sum(len(box.group.node_ids) if box.group else 1 for box in picture.boxes)
        assert drawn == 1000


class TestFold:
    def test_a_chain_within_the_limit_stays_as_it_is(self):
        assert fold(star(LIMIT - 1), limit=LIMIT).groups == ()

    def test_many_buyers_of_one_seller_become_one_box_with_their_sum(self):
        folded = fold(star(300), limit=LIMIT)

        (group,) = folded.groups
        assert len(group.node_ids) == group.holder_count == 300
        assert group.amounts[0].quantity == sum(range(2, 302))
        assert [each.id for each in folded.nodes] == [1]

    def test_many_suppliers_of_one_buyer_become_one_box_upstream(self):
        chain = star(200)
        turned = Chain(
            chain.nodes,
            tuple(edge(each.id, each.target_id, each.source_id) for each in chain.edges),
            chain.focus,
        )

        (group,) = fold(turned, limit=LIMIT).groups

        assert group.is_upstream

    def test_held_holdings_are_folded_apart(self):
        chain = star(300)
        nodes = tuple(node(each.id, is_held=each.id % 2 == 0) for each in chain.nodes)

        groups = fold(Chain(nodes, chain.edges, chain.focus), limit=LIMIT).groups

        assert sorted(group.is_held for group in groups) == [False, True]

    def test_the_focus_is_never_folded_away(self):
        chain = star(200)
        focused = Chain(chain.nodes, chain.edges, frozenset({77}))

        assert 77 in {each.id for each in fold(focused, limit=LIMIT).nodes}

    @given(chain=chains(), limit=st.integers(1, 30))
    @settings(deadline=None)
    def test_totals_are_kept(self, chain, limit):
        folded = fold(chain, limit=limit)

        inside = {number: group.key for group in folded.groups for number in group.node_ids}
        flows = [
            each
            for each in chain.edges
            if each.source_id and each.target_id and (each.source_id in inside or each.target_id in inside)
        ]
        stated = sum(amount.quantity for group in folded.groups for amount in group.amounts)
        assert stated == sum(each.quantity for each in flows if each.quantity is not None)
        assert sum(group.unstated for group in folded.groups) == sum(each.quantity is None for each in flows)


class TestSpread:
    @given(
        wanted=st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=30),
        size=st.floats(1, 200),
        gap=st.floats(0, 50),
    )
    def test_keeps_the_order_and_the_gap(self, wanted, size, gap):
        places = spread(wanted, [size] * len(wanted), gap)

        assert all(right - left >= size + gap - 1e-6 for left, right in pairwise(places))

    def test_moves_nothing_that_already_has_room(self):
        assert spread([0.0, 100.0, 300.0], [10.0, 10.0, 10.0], 5.0) == [0.0, 100.0, 300.0]
