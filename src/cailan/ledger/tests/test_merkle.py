import contextlib
import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cailan.ledger.rules import merkle, tiles

LARGEST = 70_000
LEAVES = [hashlib.sha256(b"\x00%d" % number).digest() for number in range(LARGEST)]


def naive_root(leaves):
    """RFC 6962 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = naive_root(leaves[:split]), naive_root(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


@pytest.fixture(scope="module")
def log():
    """The tiles of a log of 70 000 entries, grown in uneven steps."""
    tree, stored = merkle.Tree(), {}
    steps = [0, 1, 2, 255, 256, 257, 1000, 65_535, 65_536, 65_537, LARGEST]
    for start, end in pairwise(steps):
        for leaf in LEAVES[start:end]:
            tree.append(leaf)
        for place, data in tree.changed_tiles().items():
            assert data.startswith(stored.get(place, b""))  # a tile only grows
            stored[place] = data
        assert tree.root() == naive_root(LEAVES[:end])
    return lambda level, idx: stored[level, idx]


sizes = st.one_of(st.integers(1, 1100), st.sampled_from([65_535, 65_536, 65_537, LARGEST]))


@given(size=sizes, data=st.data())
def test_every_leaf_is_proven_under_the_naive_root(log, size, data):
    index = data.draw(st.integers(0, size - 1))
    root = naive_root(LEAVES[:size])
    proof = merkle.inclusion_proof(index, size, log)

    assert merkle.root_at(size, log) == root
    assert merkle.root_from_inclusion(LEAVES[index], index, size, proof) == root


@given(size=st.integers(2, 600), data=st.data())
def test_a_wrong_proof_never_leads_to_the_root(log, size, data):
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1).filter(lambda number: number != index))
    proof = merkle.inclusion_proof(index, size, log)
    broken = [
        (LEAVES[other], index, proof),
        (LEAVES[index], other, proof),
        (LEAVES[index], index, proof[:-1]),
        (LEAVES[index], index, [*proof, LEAVES[0]]),
        (LEAVES[index], index, [LEAVES[size], *proof[1:]]),
    ]
    for leaf, place, hashes in broken:
        try:
            found = merkle.root_from_inclusion(leaf, place, size, hashes)
        except merkle.Disagreement:
            continue
        assert found != naive_root(LEAVES[:size])


@given(new=sizes, data=st.data())
def test_the_later_tree_contains_the_earlier_one(log, new, data):
    old = data.draw(st.integers(0, new))
    old_root, new_root = naive_root(LEAVES[:old]), naive_root(LEAVES[:new])
    proof = merkle.consistency_proof(old, new, log)

    merkle.check_consistency(old, new, old_root, new_root, proof)
    if 0 < old < new:
        rewritten = naive_root([hashlib.sha256(b"other").digest(), *LEAVES[1:old]])
        for wrong in (
            (rewritten, new_root, proof),
            (old_root, rewritten, proof),
            (old_root, new_root, proof[:-1]),
            (old_root, new_root, [*proof, LEAVES[0]]),
        ):
            with pytest.raises(merkle.Disagreement):
                merkle.check_consistency(old, new, *wrong)


@given(size=sizes, more=st.integers(0, 700))
def test_a_tree_taken_up_from_its_tiles_grows_on(log, size, more):
    more = min(more, LARGEST - size)
    tree = merkle.Tree.at(size, log)
    for leaf in LEAVES[size : size + more]:
        tree.append(leaf)

    assert tree.root() == merkle.root_at(size + more, log)
    for (level, idx), data in tree.changed_tiles().items():
        assert log(level, idx)[: len(data)] == data


def test_there_is_nothing_to_prove_outside_the_tree(log):
    for index, size in ((5, 5), (-1, 5), (0, 0)):
        with pytest.raises(merkle.Disagreement):
            merkle.inclusion_proof(index, size, log)
        with pytest.raises(merkle.Disagreement):
            merkle.root_from_inclusion(LEAVES[0], index, size, [])
    with pytest.raises(merkle.Disagreement):
        merkle.consistency_proof(6, 5, log)
    with pytest.raises(merkle.Disagreement):
        merkle.check_consistency(3, 5, LEAVES[0], LEAVES[1], [])


@pytest.mark.parametrize(
    ("size", "widths"),
    [  # the worked examples of C2SP tlog-tiles
        (256, {0: (1, 0), 1: (0, 1)}),
        (70_000, {0: (273, 112), 1: (1, 17), 2: (0, 1)}),
    ],
)
def test_tiles_are_as_wide_as_the_specification_says(size, widths):
    for level, (full, partial) in widths.items():
        assert tiles.width_at(size, level, full) == partial
        assert full == 0 or tiles.width_at(size, level, full - 1) == tiles.WIDTH
    assert tiles.width_at(size, max(widths) + 1, 0) == 0


def test_the_numbers_of_tiles_are_written_in_threes():
    assert tiles.number_path(1_234_067) == "x001/x234/067"
    assert tiles.parse_path("0/x001/x234/067") == tiles.TilePath(0, 1_234_067, 256)
    assert tiles.parse_path("entries/000.p/255") == tiles.TilePath(None, 0, 255)


@pytest.mark.parametrize(
    "path",
    ["", "0", "0/1", "0/0001", "64/000", "00/000", "0/x000/001", "0/000.p/0", "0/000.p/256", "0/000/", "-1/000",
     "0/000.p/01", "entries", "0/" + "x001/" * 9 + "001", "../000"],
)  # fmt: skip
def test_a_path_written_another_way_names_no_tile(path):
    with pytest.raises(tiles.NotATile):
        tiles.parse_path(path)


@given(st.integers(0, 2**60))
def test_a_tile_is_found_under_its_own_path(number):
    assert tiles.parse_path(f"3/{tiles.number_path(number)}").idx == number


@given(st.text(max_size=40))
def test_no_path_breaks_the_parser(path):
    with contextlib.suppress(tiles.NotATile):
        tiles.parse_path(path)
