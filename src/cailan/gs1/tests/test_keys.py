import pytest
from hypothesis import given
from hypothesis import strategies as st

from cailan import gs1
from cailan.gs1 import Gs1Error
from cailan.gs1.tests import strategies


class TestCheckDigit:
    @pytest.mark.parametrize(
        ("body", "digit"),
        [
            ("690123456789", "2"),
            ("0690123456789", "2"),
            ("06901234500000001", "1"),
            ("690123400001", "6"),
            ("201234501250", "9"),
            ("212345600500", "4"),
        ],
    )
    def test_agrees_with_published_examples(self, body, digit):
        assert gs1.check_digit(body) == digit

    @given(strategies.keyed(14), st.integers(0, 13), st.integers(1, 9))
    def test_refuses_any_digit_flipped(self, key, place, step):
        flipped = key[:place] + str((int(key[place]) + step) % 10) + key[place + 1 :]

        with pytest.raises(Gs1Error) as refusal:
            gs1.verify_check_digit(flipped)

        assert refusal.value.code == "check_digit"

    def test_says_which_digit_was_expected_and_which_was_found(self):
        with pytest.raises(Gs1Error) as refusal:
            gs1.normalise_gtin("6901234567893")

        assert refusal.value.facts == {"expected": "2", "found": "3"}
        assert refusal.value.position == 12
        assert str(refusal.value) == "The check digit of 6901234567893 is 3, but 2 was expected."

    def test_points_at_the_first_character_that_is_no_digit(self):
        with pytest.raises(Gs1Error) as refusal:
            gs1.check_digit("6901２34")

        assert (refusal.value.code, refusal.value.position) == ("not_a_digit", 4)

    def test_refuses_to_compute_from_nothing(self):
        with pytest.raises(Gs1Error, match="no digits"):
            gs1.check_digit("")

    def test_pairs_two_characters_to_a_model_number(self):
        assert gs1.check_pair("1987654Ad4X4bL5ttr2310c") == "2K"

    @given(st.integers(0, 22), strategies.text82(1))
    def test_refuses_a_model_number_with_one_character_changed(self, place, other):
        body = "1987654Ad4X4bL5ttr2310c"
        changed = body[:place] + other + body[place + 1 :]

        assert (gs1.check_pair(changed) == "2K") is (changed == body)


class TestGtin:
    @pytest.mark.parametrize(
        ("text", "gtin"),
        [
            ("06901234567892", "06901234567892"),
            ("6901234567892", "06901234567892"),
            ("416000336108", "00416000336108"),
            ("02345673", "00000002345673"),
        ],
    )
    def test_becomes_fourteen_digits(self, text, gtin):
        assert gs1.normalise_gtin(text) == gtin

    @pytest.mark.parametrize("text", ["", "0", "690123456789", "69012345678920000", "690 1234567892", "六九"])
    def test_refuses_what_is_none(self, text):
        with pytest.raises(Gs1Error):
            gs1.normalise_gtin(text)

    @given(st.sampled_from([8, 12, 13, 14]).flatmap(strategies.keyed))
    def test_keeps_its_value_and_its_leading_zeros(self, text):
        gtin = gs1.normalise_gtin(text)

        assert len(gtin) == 14
        assert gtin.endswith(text)
        assert gs1.normalise_gtin(gs1.shortest_gtin(gtin)) == gtin

    @pytest.mark.parametrize(
        ("gtin", "printed"),
        [
            ("06901234567892", "6901234567892"),
            ("16901234567899", "16901234567899"),
            ("00000002345673", "02345673"),
        ],
    )
    def test_is_printed_in_its_shortest_form(self, gtin, printed):
        assert gs1.shortest_gtin(gtin) == printed


class TestOtherKeys:
    @pytest.mark.parametrize(
        ("parse", "text"),
        [
            (gs1.parse_gln, "6901234000016"),
            (gs1.parse_sscc, "069012345000000011"),
            (gs1.parse_gsrn, "123456789012345675"),
            (gs1.parse_gsin, "40123452223334442"),
            (gs1.parse_giai, "4012345ABC345"),
            (gs1.parse_ginc, "0614141xyz47/11"),
            (gs1.parse_cpid, "06141415PQ7/Z43"),
        ],
    )
    def test_are_returned_as_they_were_written(self, parse, text):
        assert parse(text) == text

    @pytest.mark.parametrize(
        ("parse", "text"),
        [
            (gs1.parse_gln, "6901234000017"),
            (gs1.parse_gln, "06901234000016"),
            (gs1.parse_sscc, "069012345000000012"),
            (gs1.parse_gsrn, "123456789012345676"),
            (gs1.parse_gsin, "40123452223334443"),
            (gs1.parse_giai, "ABC4012345"),
            (gs1.parse_cpid, "0614141lower"),
            (gs1.parse_grai, "14012345555554987"),
            (gs1.parse_gdti, "4012345000093PO"),
            (gs1.parse_gcn, "4012345222228"),
        ],
    )
    def test_are_refused_when_wrong(self, parse, text):
        with pytest.raises(Gs1Error):
            parse(text)

    def test_returnable_asset_falls_into_type_and_piece(self):
        assert gs1.parse_grai("04012345555554987") == gs1.Grai("4012345555554", "987")

    def test_document_falls_into_type_and_serial(self):
        assert gs1.parse_gdti("4012345000092PO-4711") == gs1.Gdti("4012345000092", "PO-4711")

    def test_coupon_may_have_no_serial(self):
        assert gs1.parse_gcn("4012345222227") == gs1.Gcn("4012345222227", None)

    @given(st.builds(gs1.Grai, strategies.keyed(13), st.none() | strategies.text82(16)))
    def test_returnable_asset_survives_being_written(self, grai):
        assert gs1.parse_grai(str(grai)) == grai


class TestComposeSscc:
    def test_puts_extension_prefix_and_serial_together(self):
        assert (
            gs1.compose_sscc(extension="0", company_prefix="6901234", serial=500000001)
            == "069012345000000011"
        )

    @given(st.integers(4, 12).flatmap(strategies.digits), st.data())
    def test_always_gives_a_valid_key(self, prefix, data):
        serial = data.draw(st.integers(0, 10 ** (16 - len(prefix)) - 1))

        sscc = gs1.compose_sscc(extension="3", company_prefix=prefix, serial=serial)

        assert gs1.parse_sscc(sscc)[1 : 1 + len(prefix)] == prefix

    @pytest.mark.parametrize("serial", [-1, 10**9])
    def test_refuses_a_serial_that_does_not_fit(self, serial):
        with pytest.raises(Gs1Error, match="does not fit into 9 digits"):
            gs1.compose_sscc(extension="0", company_prefix="6901234", serial=serial)
