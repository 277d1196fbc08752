"""Weights stay exact from the scale to the total, in kg, 斤, catties and pounds."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cailan.products.rules import units
from cailan.products.rules.units import Quantity, UnitError

grams = st.integers(1, 1_000_000_000).map(lambda n: Decimal(n) / 1000)
masses = st.sampled_from(["KGM", "GRM", "TNE"])


class TestWords:
    @pytest.mark.parametrize(
        ("word", "factor", "code"),
        [
            ("公斤", "1", "KGM"),
            ("KG", "1", "KGM"),
            ("ｋｇ", "1", "KGM"),
            ("KGM", "1", "KGM"),
            ("斤", "0.5", "KGM"),
            ("市斤", "0.5", "KGM"),
            ("两", "0.05", "KGM"),
            ("担", "50", "KGM"),
            ("司马斤", "0.60478982", "KGM"),
            ("司馬斤", "0.60478982", "KGM"),
            ("catty", "0.60478982", "KGM"),
            ("司馬兩", "0.03779936375", "KGM"),
            ("司马担", "60.478982", "KGM"),
            ("磅", "1", "LBR"),
            ("lbs.", "1", "LBR"),
            ("吨", "1", "TNE"),
            ("只", "1", "H87"),
            ("个", "1", "H87"),
            ("枚", "1", "H87"),
            ("头", "1", "H87"),
            ("箱", "1", "XBX"),
            ("毫升", "1", "MLT"),
        ],
    )
    def test_means(self, word, factor, code):
        measure = units.parse_unit(word)

        assert (measure.factor, measure.code) == (Decimal(factor), code)

    def test_a_catty_is_heavier_in_hong_kong_and_macao(self):
        assert units.parse_unit("斤", place="HK").factor == Decimal("0.60478982")
        assert units.parse_unit("斤", place="MO").factor == Decimal("0.60478982")
        assert units.parse_unit("市斤", place="HK").factor == Decimal("0.5")

    def test_refuses_an_unknown_word(self):
        with pytest.raises(UnitError) as caught:
            units.parse_unit("扎")

        assert caught.value.code == "unknown-unit"


class TestParse:
    @pytest.mark.parametrize(
        ("text", "amount", "code"),
        [
            ("12.5公斤", "12.5", "KGM"),
            ("１２．５ 公斤", "12.5", "KGM"),
            ("1,200 kg", "1200", "KGM"),
            ("40斤", "20", "KGM"),
            ("3 司马斤", "1.81436946", "KGM"),
            ("30只", "30", "H87"),
        ],
    )
    def test_reads_amount_and_unit(self, text, amount, code):
        assert units.parse_quantity(text) == Quantity(Decimal(amount), code)

    @pytest.mark.parametrize(
        ("text", "refusal"),
        [
            ("12.5", "unit-missing"),
            ("公斤", "not-a-quantity"),
            ("1,20 kg", "not-a-number"),
            (".5kg", "not-a-number"),
            ("1e5kg", "not-a-quantity"),
            ("12 扎", "unknown-unit"),
        ],
    )
    def test_refuses_by_name(self, text, refusal):
        with pytest.raises(UnitError) as caught:
            units.parse_quantity(text)

        assert caught.value.code == refusal

    @given(st.text(max_size=12))
    def test_any_text_is_read_or_refused_by_name(self, text):
        try:
            units.parse_quantity(text)
        except UnitError as refusal:
            code = refusal.code
        else:
            code = "read"
        assert code


class TestConvert:
    @given(grams, masses, masses)
    def test_there_and_back_is_the_same(self, amount, code, to):
        assert units.convert(units.convert(amount, code, to), to, code) == amount

    @given(grams, grams)
    def test_parts_convert_like_the_whole(self, first, second):
        whole = units.convert(first + second, "LBR", "KGM")

        assert units.convert(first, "LBR", "KGM") + units.convert(second, "LBR", "KGM") == whole

    @pytest.mark.parametrize(
        ("amount", "code", "to", "expected"),
        [
            ("2500", "GRM", "KGM", "2.5"),
            ("1", "LBR", "GRM", "453.59237"),
            ("1.2", "TNE", "KGM", "1200"),
            ("12", "EA", "H87", "12"),
            ("250", "MLT", "LTR", "0.25"),
        ],
    )
    def test_known_values(self, amount, code, to, expected):
        assert units.convert(Decimal(amount), code, to) == Decimal(expected)

    @pytest.mark.parametrize(
        ("code", "to", "refusal"),
        [
            ("H87", "KGM", "not-convertible"),
            ("KGM", "LTR", "not-convertible"),
            ("KGM", "XBX", "not-convertible"),
            ("XBX", "KGM", "package-without-content"),
            ("XBX", "XCR", "package-without-content"),
            ("ZZZ", "KGM", "unknown-unit"),
        ],
    )
    def test_refuses_by_name(self, code, to, refusal):
        with pytest.raises(UnitError) as caught:
            units.convert(Decimal(1), code, to)

        assert caught.value.code == refusal

    def test_a_box_of_known_content_converts(self):
        assert units.convert(Decimal(12), "XBX", "KGM", per_package=Decimal("7.5")) == Decimal(90)

    @given(grams)
    def test_half_a_jin_more_never_gets_lost(self, kilograms):
        jin = kilograms * 2

        assert units.to_product_unit(jin, "斤", "KGM") == kilograms

    def test_catties_are_stored_to_the_gram(self):
        assert units.to_product_unit(Decimal(3), "斤", "KGM", place="HK") == Decimal("1.814")

    def test_an_amount_in_the_products_own_unit_is_not_rounded_in_silence(self):
        with pytest.raises(UnitError) as caught:
            units.to_product_unit(Decimal("1.0005"), "公斤", "KGM")

        assert caught.value.code == "too-precise"

    def test_less_than_half_a_gram_is_nothing(self):
        with pytest.raises(UnitError) as caught:
            units.to_product_unit(Decimal("0.4"), "g", "KGM")

        assert caught.value.code == "not-positive"


class TestCheck:
    @given(grams)
    def test_accepts_grams_up_to_a_thousand_tonnes(self, amount):
        assert units.check(amount, "KGM") == amount

    @pytest.mark.parametrize(
        ("amount", "code", "refusal"),
        [
            ("0", "KGM", "not-positive"),
            ("-1", "KGM", "not-positive"),
            ("1.0005", "KGM", "too-precise"),
            ("1000000.001", "KGM", "too-much"),
            ("1000.001", "TNE", "too-much"),
            ("1.5", "H87", "not-whole"),
            ("2.5", "XBX", "not-whole"),
            ("100000001", "H87", "too-much"),
            ("NaN", "KGM", "not-a-number"),
            ("Infinity", "KGM", "not-a-number"),
            ("1", "斤", "unknown-unit"),
        ],
    )
    def test_refuses_by_name(self, amount, code, refusal):
        with pytest.raises(UnitError) as caught:
            units.check(Decimal(amount), code)

        assert caught.value.code == refusal

    @pytest.mark.parametrize(
        ("amount", "code"), [("1000000", "KGM"), ("1E+3", "KGM"), ("12.5000", "KGM"), ("30.0", "H87")]
    )
    def test_accepts_what_only_looks_odd(self, amount, code):
        assert units.check(Decimal(amount), code) == Decimal(amount)


class TestDisplay:
    @pytest.mark.parametrize(
        ("amount", "code", "in_jin", "shown"),
        [
            ("40.000", "KGM", False, "40 kg"),
            ("40.000", "KGM", True, "80 斤"),
            ("0.25", "KGM", True, "0.5 斤"),
            ("1234567.5", "KGM", False, "1,234,567.5 kg"),
            ("500", "GRM", True, "1 斤"),
            ("1E+2", "KGM", False, "100 kg"),
            ("12", "H87", True, "12 pc"),
        ],
    )
    def test_shows(self, amount, code, in_jin, shown):
        assert str(units.display(Decimal(amount), code, in_jin=in_jin)) == shown
