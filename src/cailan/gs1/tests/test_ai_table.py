import re

import pytest

from cailan.gs1.ai_table import AI_TABLE, CODE_LENGTH, expand
from cailan.gs1.value_checks import CHECKS, SHAPE_ONLY


def _published(folder):
    """Yield (code, flags, formats, attributes) for every identifier of the GS1 syntax dictionary."""
    lines = (folder / "gs1" / "gs1-syntax-dictionary.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        codes, *words = line.partition("#")[0].split() or [""]
        if not codes:
            continue
        flags = words.pop(0) if re.fullmatch(r"[*?]+", words[0]) else ""
        formats = [word for word in words if re.match(r"\[?[NXYZ][0-9.]", word)]
        given = dict(word.partition("=")[::2] for word in words if word not in formats)
        first, _, last = codes.partition("-")
        for number in range(int(first), int(last or first) + 1):
            yield f"{number:0{len(first)}}", flags, formats, given


def _spelled(component):
    length = str(component.max_length)
    if component.min_length != component.max_length:
        length = f"..{length}"
    shape = f"{component.charset}{length}"
    shape = f"[{shape}]" if component.is_optional else shape
    return ",".join([shape, *component.checks])


def _groups(text):
    return {frozenset(group.split("+")) for group in text.split(",")} if text else set()


class TestAgainstThePublishedDictionary:
    def test_knows_the_same_identifiers(self, conformance_data):
        assert sorted(AI_TABLE) == sorted(code for code, *_ in _published(conformance_data))

    def test_gives_each_the_same_format_and_checks(self, conformance_data):
        published = {code: formats for code, _, formats, _ in _published(conformance_data)}

        assert {
            code: [_spelled(part) for part in row.components] for code, row in AI_TABLE.items()
        } == published

    def test_agrees_which_need_a_separator(self, conformance_data):
        published = {code: "*" in flags for code, flags, *_ in _published(conformance_data)}

        assert {code: row.is_predefined_length for code, row in AI_TABLE.items()} == published

    def test_agrees_which_may_be_link_attributes(self, conformance_data):
        published = {code: "?" in flags for code, flags, *_ in _published(conformance_data)}

        assert {code: row.is_link_attribute for code, row in AI_TABLE.items()} == published

    def test_agrees_on_link_keys_and_the_order_of_their_qualifiers(self, conformance_data):
        published = {
            code: tuple(tuple(row.split(",")) if row else () for row in given["dlpkey"].split("|"))
            for code, *_, given in _published(conformance_data)
            if "dlpkey" in given
        }

        mine = {
            code: row.link_qualifiers for code, row in AI_TABLE.items() if row.link_qualifiers is not None
        }

        assert mine == published

    def test_agrees_what_each_needs_beside_it(self, conformance_data):
        published = {code: _groups(given.get("req")) for code, *_, given in _published(conformance_data)}

        assert {code: set(map(frozenset, row.requires)) for code, row in AI_TABLE.items()} == published

    def test_agrees_what_each_forbids_beside_it(self, conformance_data):
        published = {
            code: set(given["ex"].split(",")) if "ex" in given else set()
            for code, *_, given in _published(conformance_data)
        }

        assert {code: set(row.excludes) for code, row in AI_TABLE.items()} == published


class TestTable:
    def test_two_digits_settle_the_length_of_every_code(self):
        assert all(CODE_LENGTH[code[:2]] == len(code) for code in AI_TABLE)

    def test_every_check_named_is_there_or_declared_shape_only(self):
        named = {name for row in AI_TABLE.values() for part in row.components for name in part.checks}

        assert named == set(CHECKS) | SHAPE_ONLY

    @pytest.mark.parametrize(
        ("codes", "meant"),
        [
            ("10 21", ["10", "21"]),
            ("7020-7022", ["7020", "7021", "7022"]),
            ("310n", ["3100", "3101", "3102", "3103", "3104", "3105"]),
        ],
    )
    def test_spells_out_ranges(self, codes, meant):
        assert list(expand(codes)) == meant
