import datetime as dt
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cailan import gs1
from cailan.gs1 import Element, Gs1Date, Gs1Error


class TestElement:
    @pytest.mark.parametrize(
        ("ai", "value"),
        [
            ("10", "GZ261101A"),
            ("10", "!\"%&'()*+,-./:;<=>?_"),
            ("17", "240229"),
            ("17", "260200"),
            ("253", "1231231231232TEST5678901234567"),
            ("422", "344"),
            ("423", "156344446"),
            ("4309", "02790858483015297971"),
            ("4331", "000500-"),
            ("7003", "2611011830"),
            ("7007", "261101261103"),
            ("7030", "156AB123"),
            ("7040", "1ABC"),
            ("7258", "1/2"),
            ("8003", "04012345555554"),
            ("8007", "BE71096123456769"),
            ("8008", "261101183000"),
            ("8013", "1987654Ad4X4bL5ttr2310c2K"),
            ("8030", "dGVzdA=="),
        ],
    )
    def test_holds_what_gs1_allows(self, ai, value):
        assert Element(ai, value).value == value

    @pytest.mark.parametrize(
        ("ai", "value", "code", "position"),
        [
            ("01", "06901234567893", "check_digit", 13),
            ("10", "", "empty", 0),
            ("10", "荔枝", "charset", 0),
            ("10", "A B", "charset", 1),
            ("10", "A" * 21, "too_long", 20),
            ("17", "261301", "date", 2),
            ("17", "261131", "date", 4),
            ("21", "A#", "charset", 1),
            ("310", "001250", "unknown_ai", 0),
            ("3103", "01250", "length", 5),
            ("7003", "2611012460", "time", 6),
            ("422", "999", "country", 0),
            ("423", "1563", "length", 4),
            ("4300", "A%2", "percent", 1),
            ("7006", "261100", "date", 4),
            ("8001", "00001234512301", "value", 0),
            ("8006", "069012345678920301", "piece", 14),
            ("8007", "BE71096123456760", "iban", 2),
            ("8011", "0123", "leading_zero", 0),
            ("8013", "1987654Ad4X4bL5ttr2310c2X", "check_pair", 23),
        ],
    )
    def test_refuses_the_rest_and_points_at_the_place(self, ai, value, code, position):
        with pytest.raises(Gs1Error) as refusal:
            Element(ai, value)

        assert (refusal.value.code, refusal.value.position) == (code, position)


class TestReadMeasure:
    @pytest.mark.parametrize(
        ("ai", "value", "measure"),
        [
            ("3103", "001250", gs1.Measure(Decimal("1.250"), "KGM")),
            ("3100", "000012", gs1.Measure(Decimal(12), "KGM")),
            ("3105", "000001", gs1.Measure(Decimal("0.00001"), "KGM")),
            ("3302", "123456", gs1.Measure(Decimal("1234.56"), "KGM")),
            ("3160", "000003", gs1.Measure(Decimal(3), "MTQ")),
            ("10", "3103", None),
            ("3921", "000123", None),
        ],
    )
    def test_counts_decimals_by_the_fourth_digit(self, ai, value, measure):
        assert gs1.read_measure(Element(ai, value)) == measure

    def test_keeps_the_decimals_that_were_printed(self):
        assert str(gs1.read_measure(Element("3103", "012100")).value) == "12.100"

    @given(st.integers(0, 999999), st.integers(0, 5))
    def test_loses_nothing(self, number, decimals):
        measure = gs1.read_measure(Element(f"310{decimals}", f"{number:06}"))

        assert measure.value * 10**decimals == number


class TestReadAmount:
    @pytest.mark.parametrize(
        ("ai", "value", "amount"),
        [
            ("3922", "1250", gs1.Amount(Decimal("12.50"), None)),
            ("3932", "1561250", gs1.Amount(Decimal("12.50"), "156")),
            ("3952", "001250", gs1.Amount(Decimal("12.50"), None)),
            ("3103", "001250", None),
            ("392", None, None),
        ],
    )
    def test_reads_price_and_currency(self, ai, value, amount):
        if value is None:
            with pytest.raises(Gs1Error, match="not a GS1 application identifier"):
                Element(ai, "1")
        else:
            assert gs1.read_amount(Element(ai, value)) == amount


class TestDates:
    def test_day_zero_leaves_the_day_open(self):
        (date,) = gs1.read_dates(Element("17", "260200"), current_year=2026)

        assert date == Gs1Date(2026, 2, None)
        assert date.earliest == dt.date(2026, 2, 1)
        assert date.latest == dt.date(2026, 2, 28)

    def test_harvest_period_has_two_dates(self):
        dates = gs1.read_dates(Element("7007", "261101261103"), current_year=2026)

        assert [date.latest for date in dates] == [dt.date(2026, 11, 1), dt.date(2026, 11, 3)]

    def test_an_element_without_dates_has_none(self):
        assert gs1.read_dates(Element("10", "261101"), current_year=2026) == ()

    def test_birth_dates_spell_out_the_year(self):
        (date,) = gs1.read_dates(Element("7250", "19490228"), current_year=2026)

        assert date.earliest == dt.date(1949, 2, 28)

    @pytest.mark.parametrize(
        ("two_digits", "current_year", "year"),
        [
            (26, 2026, 2026),
            (76, 2026, 2076),
            (77, 2026, 1977),
            (99, 2026, 1999),
            (10, 1960, 2010),
            (11, 1960, 1911),
            (0, 2050, 2100),
        ],
    )
    def test_two_digits_mean_the_nearest_century(self, two_digits, current_year, year):
        assert gs1.full_year(two_digits, current_year=current_year) == year

    def test_refuses_a_leap_day_of_a_century_that_has_none(self):
        with pytest.raises(Gs1Error, match="29 is not a day"):
            gs1.read_date("000229", current_year=2060)

    @given(st.dates(dt.date(1977, 1, 1), dt.date(2076, 12, 31)))
    def test_read_back_what_was_written(self, date):
        read = gs1.read_date(f"{date:%y%m%d}", current_year=2026)

        assert read.earliest == read.latest == date

    @given(st.text(max_size=10) | st.text("0123456789", min_size=6, max_size=8), st.integers(1950, 2090))
    def test_refuse_anything_else_in_one_way(self, text, current_year):
        with suppress(Gs1Error):
            date = gs1.read_date(text, current_year=current_year)
            assert date.earliest <= date.latest


class TestCompany:
    def test_content_needs_its_count(self):
        alone = (Element("02", "06901234567892"),)

        assert gs1.missing_companions(alone) == (("02", (("37",),)),)

    def test_nothing_is_missing_on_a_full_pallet_label(self):
        label = (
            Element("00", "069012345000000011"),
            Element("02", "06901234567892"),
            Element("37", "20"),
            Element("10", "A"),
        )

        assert gs1.missing_companions(label) == ()

    def test_a_piece_and_its_content_exclude_each_other(self):
        pair = (Element("01", "06901234567892"), Element("02", "06901234567892"))

        assert gs1.conflicting_pairs(pair) == (("02", "01"),)

    def test_two_net_weights_exclude_each_other(self):
        weights = (Element("3102", "000125"), Element("3103", "001250"))

        assert gs1.conflicting_pairs(weights) == (("3102", "3103"), ("3103", "3102"))
