"""Numbers of the three places: the published vectors, and refusals that say what is wrong."""

import contextlib
import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cailan.parties.rules import identity, kinds
from cailan.parties.rules.identity import IdKind, InvalidIdentity
from cailan.parties.rules.kinds import PartyKind, SiteKind
from cailan.parties.rules.masking import mask

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def with_check(body: str) -> str:
    return body + identity.uscc_check(body)


bodies = st.builds(
    lambda registrar, category, region, rest: registrar + category + region + rest,
    st.sampled_from(sorted(identity.USCC_REGISTRARS)),
    st.sampled_from("123456789"),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=9, max_size=9),
)


class TestUscc:
    @pytest.mark.parametrize(
        "code",
        [
            "91350100M000100Y43",
            "91110000600037341L",
            "91440101MA5ABCDE52",
            "93440111MA5ABCDE5B",
            "92440304MA5ABCDE5L",
        ],
    )
    def test_accepts_the_published_vectors(self, code):
        found = identity.uscc(code)

        assert found.value == code
        assert found.region == code[2:8]
        assert found.warnings == ()

    @pytest.mark.parametrize("registrar", sorted(identity.USCC_REGISTRARS))
    def test_accepts_every_registering_body(self, registrar):
        found = identity.uscc(with_check(f"{registrar}2440118MA5ABCDE5"[:17]))

        assert (found.registrar, found.category) == (registrar, "2")

    def test_reads_what_people_paste(self):
        assert identity.uscc("９１３５0100 m000-100Y43\n").value == "91350100M000100Y43"

    def test_only_warns_when_the_inner_organisation_code_deviates(self):
        found = identity.uscc(with_check("91350100M000100Y5"))

        assert found.warnings == (identity.INNER_CHECK_DIFFERS,)

    @pytest.mark.parametrize(
        ("code", "refusal"),
        [
            ("91350100M000100Y4", "wrong-length"),
            ("91350100M000100Y44", "wrong-check"),
            ("91350100MO00100Y43", "letter-not-used"),
            ("913501A0M000100Y43", "wrong-characters"),
            ("91350100M0001_0Y43", "wrong-characters"),
            ("B1350100M000100Y43", "unknown-registrar"),
            ("9A350100M000100Y43", "unknown-category"),
        ],
    )
    def test_refuses_by_name(self, code, refusal):
        with pytest.raises(InvalidIdentity) as caught:
            identity.uscc(code)

        assert caught.value.code == refusal
        assert caught.value.message.endswith(".")

    def test_never_tells_the_right_check_character(self):
        with pytest.raises(InvalidIdentity) as caught:
            identity.uscc("91350100M000100Y44")

        assert caught.value.expected is None

    @given(bodies)
    def test_accepts_every_number_with_its_check(self, body):
        assert identity.uscc(with_check(body)).value == with_check(body)

    @given(bodies, st.integers(0, 17), st.sampled_from(ALPHABET))
    def test_refuses_every_single_wrong_character(self, body, position, char):
        code = with_check(body)
        wrong = code[:position] + char + code[position + 1 :]

        if wrong != code:
            with pytest.raises(InvalidIdentity):
                identity.uscc(wrong)

    @given(st.text(string.printable, max_size=25))
    def test_any_text_is_accepted_or_refused_by_name(self, text):
        for kind in IdKind:
            with contextlib.suppress(InvalidIdentity):
                assert identity.validate(kind, text).kind is kind


@pytest.mark.parametrize(("body", "check"), [("M000100Y", "4"), ("60003734", "1"), ("MA5ABCDE", "5")])
def test_computes_the_organisation_check(body, check):
    assert identity.organisation_check(body) == check


class TestOldLicence:
    def test_accepts_the_published_vector(self):
        assert identity.licence_15("310115600985533").value == "310115600985533"

    @given(st.text("0123456789", min_size=14, max_size=14), st.integers(0, 14), st.integers(1, 9))
    def test_refuses_every_single_wrong_digit(self, body, position, shift):
        code = body + identity.mod_11_10_check(body)
        wrong = code[:position] + str((int(code[position]) + shift) % 10) + code[position + 1 :]

        assert identity.licence_15(code).value == code
        with pytest.raises(InvalidIdentity):
            identity.licence_15(wrong)


class TestResidentId:
    def test_accepts_the_published_vectors(self):
        assert identity.resident_id("11010519491231002x").value == "11010519491231002X"
        assert identity.resident_id("440101199001011233").born_on == date(1990, 1, 1)

    @pytest.mark.parametrize("region", ["810000", "820000", "830000"])
    def test_knows_the_residence_permit_of_people_from_hong_kong_macao_and_taiwan(self, region):
        body = region + "19800229123"
        found = identity.resident_id(body + identity.resident_check(body))

        assert found.kind is IdKind.RESIDENCE_PERMIT
        assert found.born_on == date(1980, 2, 29)

    def test_a_residence_permit_is_not_taken_for_a_resident_id(self):
        body = "81000019800229123"

        with pytest.raises(InvalidIdentity) as caught:
            identity.validate(IdKind.RESIDENT_ID, body + identity.resident_check(body))

        assert caught.value.code == "other-kind"
        assert caught.value.expected == "residence_permit"

    @pytest.mark.parametrize(
        ("code", "refusal"),
        [
            ("440101900101123", "wrong-length"),
            ("440101199002301233", "wrong-date"),
            ("440101199001011234", "wrong-check"),
            ("X40101199001011233", "wrong-characters"),
            ("940101199001011233", "wrong-characters"),
        ],
    )
    def test_refuses_by_name(self, code, refusal):
        with pytest.raises(InvalidIdentity) as caught:
            identity.resident_id(code)

        assert caught.value.code == refusal

    def test_refuses_a_birth_that_is_yet_to_come(self):
        with pytest.raises(InvalidIdentity) as caught:
            identity.resident_id("440101199001011233", on=date(1989, 12, 31))

        assert caught.value.code == "future-date"


class TestHongKong:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("A123456(3)", "A123456(3)"),
            ("ab987654（3）", "AB987654(3)"),
            ("C1234569", "C123456(9)"),
        ],
    )
    def test_accepts_identity_cards(self, text, value):
        assert identity.hkid(text).value == value

    @pytest.mark.parametrize("digit", [d for d in "0123456789A" if d != "3"])
    def test_refuses_a_wrong_check_character(self, digit):
        with pytest.raises(InvalidIdentity):
            identity.hkid(f"A123456({digit})")

    def test_reads_the_branch_apart_from_the_business_number(self):
        found = identity.hk_br("66820292-000")

        assert (found.value, found.branch) == ("66820292", "000")
        assert identity.hk_br("66820292").value == found.value

    @pytest.mark.parametrize(
        ("text", "refusal"),
        [("C0012345", "temporary-number"), ("6682029", "wrong-shape"), ("66820292-00", "wrong-shape")],
    )
    def test_refuses_what_is_no_business_number(self, text, refusal):
        with pytest.raises(InvalidIdentity) as caught:
            identity.hk_br(text)

        assert caught.value.code == refusal

    def test_keeps_leading_zeros_of_a_company_number(self):
        assert identity.hk_cr("0012345").value == "0012345"


class TestMacaoAndPermits:
    @pytest.mark.parametrize(
        ("kind", "text", "value"),
        [
            ("macao_business", "12345（so）", "12345 (SO)"),
            ("macao_business", "12345 CO", "12345 (CO)"),
            ("macao_tax", "123456", "123456"),
            ("macao_tax", "81234567", "81234567"),
            ("macao_id", "1234567(8)", "1234567(8)"),
            ("macao_id", "52345678", "5234567(8)"),
            ("home_return_permit", "H1234567802", "H12345678"),
            ("home_return_permit", "m12345678", "M12345678"),
            ("taiwan_permit", "12345678", "12345678"),
        ],
    )
    def test_accepts(self, kind, text, value):
        assert identity.validate(kind, text).value == value

    @pytest.mark.parametrize(
        ("kind", "text"),
        [
            ("macao_business", "12345"),
            ("macao_tax", "1234567"),
            ("macao_id", "2234567(8)"),
            ("home_return_permit", "H1234567"),
            ("taiwan_permit", "1234567"),
        ],
    )
    def test_refuses_with_an_example(self, kind, text):
        with pytest.raises(InvalidIdentity) as caught:
            identity.validate(kind, text)

        assert caught.value.expected


class TestMask:
    @pytest.mark.parametrize(
        ("kind", "value", "shown"),
        [
            ("resident_id", "440101199001011233", "4401**********1233"),
            ("hkid", "A123456(3)", "A******(3)"),
            ("name", "陈大文", "陈*"),
            ("name", "欧阳修", "欧阳*"),
            ("name", "Chan Tai Man", "C* T* M*"),
            ("phone", "13800001234", "138****1234"),
            ("phone", "+852 91234567", "+852 91****67"),
            ("plate", "粤A12345", "粤A***45"),
            ("bank_account", "6222021234", "******1234"),
            ("uscc", "91350100M000100Y43", "91350100M000100Y43"),
            ("uscc", "92440304MA5ABCDE5L", "9244**********DE5L"),
            ("hk_br", "66820292", "66820292"),
            ("anything else", "secret", "******"),
        ],
    )
    def test_shows_only_what_outsiders_need(self, kind, value, shown):
        assert mask(kind, value) == shown

    @given(
        st.sampled_from(sorted(kinds.PERSON_DOCUMENTS)),
        st.text(string.ascii_uppercase, min_size=1, max_size=20),
    )
    def test_hides_at_least_half_of_a_persons_number(self, kind, value):
        assert mask(kind, value).count("*") * 2 >= len(value)


class TestKinds:
    def test_every_kind_has_a_label(self):
        assert set(kinds.PARTY_LABELS) == set(PartyKind)
        assert set(kinds.SITE_LABELS) == set(SiteKind)

    @pytest.mark.parametrize("document", ["440101199001011233", "92440304MA5ABCDE5L"])
    def test_a_merchant_may_be_a_person_or_a_business(self, document):
        number = identity.uscc(document) if document.startswith("92") else identity.resident_id(document)

        assert kinds.why_not_register(PartyKind.MERCHANT, number) is None

    @pytest.mark.parametrize("kind", [PartyKind.BASE, PartyKind.LAB, PartyKind.MARKET, PartyKind.CARRIER])
    def test_an_organisation_cannot_register_with_a_persons_document(self, kind):
        refusal = kinds.why_not_register(kind, identity.resident_id("440101199001011233"))

        assert refusal.code == "wrong-document"
        assert IdKind.USCC in refusal.expected

    @pytest.mark.parametrize(
        ("kind", "number", "refusal"),
        [
            (PartyKind.BASE, None, "number-missing"),
            (PartyKind.INDIVIDUAL, identity.uscc("91350100M000100Y43"), "wrong-document"),
            (PartyKind.CIRCULATION, identity.hk_cr("0012345"), "wrong-document"),
            (PartyKind.CIRCULATION, identity.licence_15("310115600985533"), "wrong-document"),
            (PartyKind.REGULATOR, identity.uscc("91350100M000100Y43"), "not-an-authority"),
            (PartyKind.LAB, identity.uscc("92440304MA5ABCDE5L"), "not-a-legal-person"),
        ],
    )
    def test_refuses_by_name(self, kind, number, refusal):
        assert kinds.why_not_register(kind, number).code == refusal

    def test_accepts_companies_of_the_three_places(self):
        for number in (
            identity.uscc("91350100M000100Y43"),
            identity.hk_br("66820292"),
            identity.macao_business("12345 (SO)"),
        ):
            assert kinds.why_not_register(PartyKind.DISTRIBUTION_CENTRE, number) is None

    def test_departments_of_hong_kong_have_no_number(self):
        assert kinds.why_not_register(PartyKind.REGULATOR, None) is None

    def test_a_stall_lies_in_a_market_and_a_plot_in_a_base(self):
        assert kinds.why_not_place(SiteKind.STALL, None).code == "needs-a-market"
        assert kinds.why_not_place(SiteKind.PLOT, SiteKind.MARKET).code == "needs-a-base"
        assert kinds.why_not_place(SiteKind.PLOT, SiteKind.BASE) is None
        assert kinds.why_not_place(SiteKind.WAREHOUSE, None) is None
