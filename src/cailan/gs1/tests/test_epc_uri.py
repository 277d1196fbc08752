from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cailan.gs1 import DigitalLink, Element, Gs1Error, Pattern, check_digit, digital_link, epc_uri
from cailan.gs1.tests import strategies

# EPC URI, length of its company prefix, the Digital Link of the same thing.
PAIRS = [
    ("urn:epc:id:sgtin:0614141.107346.2018", 7, "/01/10614141073464/21/2018"),
    ("urn:epc:id:sgtin:690123456789.0.00123", 12, "/01/06901234567892/21/00123"),
    ("urn:epc:id:sgtin:4012345.011111.%25%26%2Fa!", 7, "/01/04012345111118/21/%25%26%2Fa%21"),
    ("urn:epc:class:lgtin:4012345.012345.998877", 7, "/01/04012345123456/10/998877"),
    ("urn:epc:class:lgtin:4012345.012345.a.b", 7, "/01/04012345123456/10/a.b"),
    (
        "urn:epc:id:upui:1234567.098765.51qIgY)%3C%26Jp3*j7SDB",
        7,
        "/01/01234567987651/235/51qIgY%29%3C%26Jp3%2Aj7SDB",
    ),
    ("urn:epc:id:itip:4012345.012345.01.02.987", 7, "/8006/040123451234560102/21/987"),
    ("urn:epc:id:sscc:5200001.0111111146", 7, "/00/052000011111111461"),
    ("urn:epc:id:sgln:0012345.11111.400", 7, "/414/0012345111112/254/400"),
    ("urn:epc:id:sgln:4012345.00005.0", 7, "/414/4012345000054"),
    ("urn:epc:id:sgln:999999999999..0", 12, "/414/9999999999994"),
    ("urn:epc:id:pgln:4000001.00012", 7, "/417/4000001000128"),
    ("urn:epc:id:pgln:999999999999.", 12, "/417/9999999999994"),
    ("urn:epc:id:grai:4012345.55555.987", 7, "/8003/04012345555554987"),
    ("urn:epc:id:giai:4000001.111", 7, "/8004/4000001111"),
    ("urn:epc:id:gdti:4012345.00009.PO-4711", 7, "/253/4012345000092PO-4711"),
    ("urn:epc:id:sgcn:4012345.22222.0815", 7, "/255/40123452222270815"),
    ("urn:epc:id:gsrn:0614141.0000010253", 7, "/8018/061414100000102530"),
    ("urn:epc:id:gsrnp:4012345.0000000007", 7, "/8017/401234500000000074"),
    ("urn:epc:id:gsin:4012345.222333444", 7, "/402/40123452223334442"),
    ("urn:epc:id:ginc:0614141.xyz47%2F11", 7, "/401/0614141xyz47%2F11"),
    ("urn:epc:id:cpi:0614141.5PQ7%2FZ43.12345", 7, "/8010/06141415PQ7%2FZ43/8011/12345"),
]


class TestParse:
    @pytest.mark.parametrize(("urn", "_length", "path"), PAIRS)
    def test_gives_the_digital_link_of_the_same_thing(self, urn, _length, path):
        if urn.startswith("urn:epc:id:gsrn:"):
            path = path[:-1] + check_digit("06141410000010253")

        assert epc_uri.parse(urn).constrained == f"https://id.gs1.org{path}"

    @pytest.mark.parametrize(
        ("urn", "code"),
        [
            ("urn:epc:id:sgtin:0614141.107346", "fields"),
            ("urn:epc:id:sgtin:0614141.10734.1", "length"),
            ("urn:epc:id:sgtin:06141.12107346.1", "prefix_length"),
            ("urn:epc:id:sgtin:0614141.10734x.1", "not_a_digit"),
            ("urn:epc:id:sgtin:0614141.107346.", "empty"),
            ("urn:epc:id:sgtin:0614141.107346.%2", "percent"),
            ("urn:epc:id:sgtin:0614141.107346.A#B", "charset"),
            ("urn:epc:id:sgtin:0614141.107346.123456789012345678901", "too_long"),
            ("urn:epc:class:sgtin:0614141.107346.1", "not_an_epc"),
            ("urn:epc:id:lgtin:0614141.107346.1", "not_an_epc"),
            ("urn:epc:id:grai:4012345.55555.", "empty"),
            ("urn:epc:id:giai:4000001.", "empty"),
            ("urn:epc:id:unheard:4000001.1", "not_an_epc"),
            ("urn:epc:idpat:lgtin:4012345.012345.*", "not_an_epc"),
            ("urn:epc:idpat:sgtin:4012345.*.5", "pattern"),
            ("urn:epc:idpat:sgtin:4012345.0123.*", "length"),
            ("urn:epc:idpat:sgtin:401.*.*", "prefix_length"),
            ("https://id.gs1.org/01/06901234567892", "not_an_epc"),
        ],
    )
    def test_refuses_with_a_code(self, urn, code):
        with pytest.raises(Gs1Error) as refusal:
            epc_uri.parse(urn)

        assert refusal.value.code == code

    @given(st.text() | st.text("0123456789.*%2FA", max_size=40).map("urn:epc:id:sgtin:".__add__))
    def test_refuses_any_other_text_in_one_way(self, text):
        with suppress(Gs1Error):
            found = epc_uri.parse(text)
            assert isinstance(found, DigitalLink | Pattern)


class TestBuild:
    @pytest.mark.parametrize(("urn", "length", "path"), PAIRS)
    def test_gives_back_the_epc_uri(self, urn, length, path):
        link = epc_uri.parse(urn)

        assert epc_uri.build(link, prefix_length=length) == urn

    def test_a_bare_gtin_becomes_the_pattern_of_its_serials(self):
        link = digital_link.parse("https://id.gs1.org/01/04012345987652")

        assert epc_uri.build(link, prefix_length=7) == "urn:epc:idpat:sgtin:4012345.098765.*"

    def test_a_serial_makes_the_lot_redundant(self):
        link = digital_link.parse("https://id.gs1.org/01/04012345987652/10/A/21/7")

        assert epc_uri.build(link, prefix_length=7) == "urn:epc:id:sgtin:4012345.098765.7"

    @pytest.mark.parametrize(
        ("tail", "length"),
        [
            ("/8004/4000001", 7),
            ("/8004/4000AB", 6),
            ("/01/06901234567892", 13),
            ("/8013/1987654Ad4X4bL5ttr2310c2K", 7),
        ],
    )
    def test_refuses_what_has_no_epc_uri(self, tail, length):
        with pytest.raises(Gs1Error):
            epc_uri.build(digital_link.parse(f"https://id.gs1.org{tail}"), prefix_length=length)

    @given(strategies.trade_items, st.integers(6, 12))
    def test_trade_items_survive_the_way_there_and_back(self, item, length):
        link = digital_link.from_elements(item)

        urn = epc_uri.build(link, prefix_length=length)
        back = epc_uri.parse(urn)

        assert (back.class_uri if isinstance(back, Pattern) else back.constrained) == link.constrained

    @given(strategies.keyed(18), st.integers(6, 12))
    def test_logistic_units_survive_as_well(self, sscc, length):
        link = DigitalLink(Element("00", sscc))

        assert epc_uri.parse(epc_uri.build(link, prefix_length=length)) == link

    @given(
        strategies.keyed(13),
        st.none() | strategies.text82(20).filter(lambda text: text != "0"),
        st.integers(6, 12),
    )
    def test_locations_survive_as_well(self, gln, extension, length):
        link = DigitalLink(Element("414", gln), (Element("254", extension),) if extension else ())

        assert epc_uri.parse(epc_uri.build(link, prefix_length=length)) == link


class TestPattern:
    def test_with_a_whole_trade_item_names_its_class(self):
        pattern = epc_uri.parse("urn:epc:idpat:sgtin:4012345.098765.*")

        assert pattern == Pattern("sgtin", ("4012345", "098765", None))
        assert pattern.class_uri == "https://id.gs1.org/01/04012345987652"
        assert pattern.uri_prefixes == ("https://id.gs1.org/01/04012345987652/21/",)

    def test_with_a_company_only_begins_in_ten_ways(self):
        pattern = epc_uri.parse("urn:epc:idpat:sgtin:4012345.*.*")

        assert pattern.class_uri is None
        assert pattern.uri_prefixes == tuple(f"https://id.gs1.org/01/{digit}4012345" for digit in range(10))

    @pytest.mark.parametrize(
        ("urn", "prefixes"),
        [
            ("urn:epc:idpat:sgtin:*.*.*", ("https://id.gs1.org/01/",)),
            ("urn:epc:idpat:grai:4012345.*.*", ("https://id.gs1.org/8003/04012345",)),
            ("urn:epc:idpat:grai:4012345.99999.*", ("https://id.gs1.org/8003/04012345999990",)),
            ("urn:epc:idpat:giai:4012345.*", ("https://id.gs1.org/8004/4012345",)),
            ("urn:epc:idpat:sgln:4012345.00005.*", ("https://id.gs1.org/414/4012345000054",)),
            ("urn:epc:idpat:itip:4012345.012345.01.*.*", ("https://id.gs1.org/8006/0401234512345601",)),
        ],
    )
    def test_says_how_what_it_matches_begins(self, urn, prefixes):
        assert epc_uri.parse(urn).uri_prefixes == prefixes

    def test_without_a_star_is_the_thing_itself(self):
        assert epc_uri.parse("urn:epc:idpat:sgtin:4012345.098765.5") == epc_uri.parse(
            "urn:epc:id:sgtin:4012345.098765.5"
        )

    @given(strategies.digits(7), strategies.digits(6), strategies.serials.filter(lambda text: text != "*"))
    def test_every_serial_begins_as_its_patterns_say(self, prefix, reference, serial):
        link = epc_uri.parse(
            epc_uri.build(
                digital_link.from_elements(
                    [
                        Element("01", (body := reference[0] + prefix + reference[1:]) + check_digit(body)),
                        Element("21", serial),
                    ]
                ),
                prefix_length=7,
            )
        )

        for fields in (f"{prefix}.{reference}.*", f"{prefix}.*.*", "*.*.*"):
            pattern = epc_uri.parse(f"urn:epc:idpat:sgtin:{fields}")
            assert link.constrained.startswith(pattern.uri_prefixes)
