from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cailan.gs1 import Element, Gs1Error, element_strings
from cailan.gs1.ai_table import AI_TABLE
from cailan.gs1.element_strings import FNC1
from cailan.gs1.tests import strategies

ITEM = (Element("01", "06901234567892"), Element("10", "GZ261101A"), Element("21", "000123"))


class TestParse:
    @pytest.mark.parametrize(
        "text",
        [
            f"010690123456789210GZ261101A{FNC1}21000123",
            f"]d2010690123456789210GZ261101A{FNC1}21000123",
            f"]C1{FNC1}010690123456789210GZ261101A{FNC1}21000123",
            f"]Q30106901234567892{FNC1}10GZ261101A{FNC1}21000123{FNC1}",
            "(01)06901234567892(10)GZ261101A(21)000123",
            "]d2(01)06901234567892(10)GZ261101A(21)000123",
        ],
    )
    def test_reads_raw_and_bracketed_alike(self, text):
        assert element_strings.parse(text).elements == ITEM

    def test_keeps_the_symbology_and_finds_values(self):
        found = element_strings.parse("]d20106901234567892")

        assert found.symbology == "]d2"
        assert found.get("01") == "06901234567892"
        assert found.get("10") is None

    def test_reads_a_scale_label_in_one_go(self):
        found = element_strings.parse("0106901234567892310300125017261130")

        assert [(element.ai, element.value) for element in found.elements] == [
            ("01", "06901234567892"),
            ("3103", "001250"),
            ("17", "261130"),
        ]

    def test_counts_an_identical_repetition_once(self):
        assert element_strings.parse(f"10A{FNC1}10A").elements == (Element("10", "A"),)

    @pytest.mark.parametrize(
        ("text", "code", "position"),
        [
            ("", "empty", 0),
            ("]d2", "empty", 0),
            ("]E06901234567892", "symbology", 0),
            ("0106901234567893", "check_digit", 15),
            ("01069012345", "length", 11),
            ("010690123456789289X", "unknown_ai", 16),
            (f"10A{FNC1}10B", "repeated_ai", 4),
            (f"0106901234567892{FNC1}{FNC1}10A", "unknown_ai", 17),
            ("0106901234567892422156344", "too_long", 22),
            ("(01)06901234567892(10", "brackets", 18),
            ("(01)06901234567892(1)A", "brackets", 18),
            ("(10)A(B)", "brackets", 5),
            ("(01)06901234567892(17)261301", "date", 24),
            ("(10)A\\B", "brackets", 5),
        ],
    )
    def test_refuses_with_code_and_place(self, text, code, position):
        with pytest.raises(Gs1Error) as refusal:
            element_strings.parse(text)

        assert (refusal.value.code, refusal.value.position) == (code, position)

    @given(st.text() | st.text("()0123\x1d]dC2\\A", max_size=40))
    def test_refuses_any_other_text_in_one_way(self, text):
        with suppress(Gs1Error):
            found = element_strings.parse(text)
            assert element_strings.parse(element_strings.build(found.elements)).elements == found.elements


class TestBuild:
    def test_separates_only_where_it_must(self):
        assert element_strings.build(ITEM, symbology="]d2") == f"]d2010690123456789210GZ261101A{FNC1}21000123"

    def test_separates_after_a_fixed_length_that_is_not_predefined(self):
        elements = [Element("422", "156"), Element("10", "A")]

        assert element_strings.build(elements) == f"422156{FNC1}10A"

    def test_prints_brackets_and_escapes_those_in_values(self):
        elements = [Element("01", "06901234567892"), Element("10", "A(21)B")]

        assert element_strings.build_bracketed(elements) == r"(01)06901234567892(10)A\(21)B"

    @given(strategies.trade_items, strategies.attributes)
    def test_raw_form_survives_the_way_through_a_scanner(self, item, more):
        elements = (*item, *more)

        text = element_strings.build(elements, symbology="]d2")

        assert element_strings.parse(text).elements == elements

    @given(strategies.trade_items, strategies.attributes)
    def test_printed_form_can_be_typed_in_again(self, item, more):
        elements = (*item, *more)

        assert element_strings.parse(element_strings.build_bracketed(elements)).elements == elements

    @given(st.sampled_from(sorted(AI_TABLE)), st.text(max_size=40) | st.text("0123456789", max_size=40))
    def test_no_identifier_takes_a_value_it_cannot_give_back(self, ai, value):
        with suppress(Gs1Error):
            element = Element(ai, value)
            assert element_strings.parse(element_strings.build([element])).elements == (element,)
