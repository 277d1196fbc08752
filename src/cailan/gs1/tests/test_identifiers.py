import json
import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cailan.gs1 import (
    Gs1Error,
    Identifier,
    compose,
    digital_link,
    element_strings,
    epc_uri,
    from_link,
    identify,
)
from cailan.gs1.identifiers import _plain
from cailan.gs1.tests import strategies

GTIN = "06901234567892"
_EPC = re.compile(r'"(urn:epc:[^"]+|https://id\.gs1\.org/[^"]+)"')
PIECE = f"https://id.gs1.org/01/{GTIN}/21/000123"


class TestIdentify:
    @pytest.mark.parametrize(
        "text",
        [
            PIECE,
            "urn:epc:id:sgtin:6901234.056789.000123",
            "https://example.cn/p/01/6901234567892/21/000123?17=261130",
            "]d2010690123456789221000123",
            "(01)06901234567892(21)000123",
            "]Q1https://example.cn/01/6901234567892/21/000123",
        ],
    )
    def test_finds_one_name_in_every_notation(self, text):
        assert identify(text) == Identifier(PIECE, "instance", "01", GTIN, GTIN, serial="000123")

    def test_names_a_piece_by_its_serial_and_still_knows_its_lot(self):
        found = identify(f"https://example.cn/01/{GTIN}/10/A/21/000123")

        assert (found.uri, found.lot) == (PIECE, "A")
        assert found.class_uri == f"https://id.gs1.org/01/{GTIN}/10/A"
        assert found.full_uri == f"https://id.gs1.org/01/{GTIN}/10/A/21/000123"

    @pytest.mark.parametrize(
        ("text", "ai"),
        [
            ("6901234567892", "01"),
            ("02345673", "01"),
            ("416000336108", "01"),
            (GTIN, "01"),
            ("069012345000000011", "00"),
        ],
    )
    def test_takes_bare_digits_for_gtin_or_sscc(self, text, ai):
        assert identify(text).key_ai == ai

    def test_takes_bare_digits_for_what_the_field_expects(self):
        found = identify("6901234000016", digits_are="414")

        assert (found.uri, found.gln, found.gtin) == (
            "https://id.gs1.org/414/6901234000016",
            "6901234000016",
            None,
        )

    @pytest.mark.parametrize(
        ("text", "level"),
        [
            ("urn:epc:class:lgtin:4012345.012345.998877", "class"),
            ("urn:epc:idpat:sgtin:4012345.098765.*", "class"),
            ("urn:epc:id:sscc:5200001.0111111146", "instance"),
            ("urn:epc:id:sgln:0012345.11111.400", "location"),
            ("urn:epc:id:pgln:4000001.00012", "party"),
            ("urn:epc:id:giai:4000001.111", "instance"),
            ("urn:epc:id:grai:4012345.55555.987", "instance"),
            ("https://id.gs1.org/8003/04012345555554", "class"),
            ("https://id.gs1.org/253/4012345000092", "class"),
            ("urn:epc:id:cpi:0614141.5PQ7%2FZ43.12345", "instance"),
            ("https://example.cn/t/ABC", "other"),
        ],
    )
    def test_tells_pieces_from_kinds_places_and_parties(self, text, level):
        assert identify(text).level == level

    @pytest.mark.parametrize(
        "text",
        [
            "urn:uuid:0a8c1e9c-5b1b-4c3c-9a9e-1e5b8d1f2a3b",
            "urn:epc:id:gid:95100000.12345.400",
            "geo:47.506694,11.104301",
            "http://transaction.acme.com/po/12345678",
            "https://example.cn/2026/11/a-day",
            "https://example.cn/01/no-number",
            "https://溯源.cn/批次/一",
        ],
    )
    def test_lets_a_uri_that_is_not_gs1_stand_for_itself(self, text):
        found = identify(text)

        assert found == Identifier(text)
        assert not found.is_gs1

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "not_gs1"),
            ("荔枝", "not_gs1"),
            ("GZ261101A", "not_gs1"),
            ("44098100218121800001", "not_gs1"),
            ("6901234567893", "check_digit"),
            ("069012345000000012", "check_digit"),
            ("https://example.cn/01/06901234567893", "check_digit"),
            ("https://id.gs1.org/99/1", "no_key"),
            ("https://id.gs1.org", "not_a_link"),
            ("urn:epc:id:sgtin:1.2.3", "prefix_length"),
            ("urn:epc:id:sgtin:0614141.10.346.2018", "length"),
            ("urn:epc:tag:sgtin-96:1.0614141.812345.6789", "tag_uri"),
            ("urn:epc:idpat:sgtin:4012345.*.*", "pattern"),
            ("(02)06901234567892(37)20", "no_key"),
            ("]Q1]Q1x", "symbology"),
        ],
    )
    def test_refuses_what_it_cannot_name(self, text, code):
        with pytest.raises(Gs1Error) as refusal:
            identify(text)

        assert refusal.value.code == code

    @given(
        st.text()
        | st.from_regex(r"\](Q1|d2|E0)[0-9()]*", fullmatch=True)
        | st.from_regex(
            r"https://(id\.gs1\.org|a)/(01|00|414|8004)/[0-9]{13,18}(/[0-9]{2}/.{0,5})?", fullmatch=True
        )
        | st.from_regex(r"urn:epc:(id|class|idpat):(sgtin|sgln|giai|grai):[0-9.*%A]{0,30}", fullmatch=True)
    )
    def test_refuses_any_other_text_in_one_way(self, text):
        with suppress(Gs1Error):
            found = identify(text)
            assert identify(found.uri).uri == found.uri

    @given(strategies.trade_items)
    def test_the_notations_agree(self, item):
        link = digital_link.from_elements(item)

        assert identify(link.uri) == identify(element_strings.build(item)) == from_link(link)

    @given(strategies.gtins, st.none() | strategies.plain_words, st.none() | strategies.plain_words)
    def test_the_short_way_gives_what_the_long_way_gives(self, gtin, lot, serial):
        tail = (f"/10/{lot}" if lot else "") + (f"/21/{serial}" if serial else "")

        assert _plain(f"https://example.cn/01/{gtin}{tail}") == compose(gtin=gtin, lot=lot, serial=serial)

    @given(strategies.digits(7), st.text("0123456789.", min_size=3, max_size=9), strategies.plain_words)
    def test_the_short_way_takes_no_epc_the_long_way_refuses(self, prefix, reference, serial):
        text = f"urn:epc:id:sgtin:{prefix}.{reference}.{serial}"

        if found := _plain(text):
            assert found == from_link(epc_uri.parse(text))


class TestCompose:
    @pytest.mark.parametrize(
        ("lot", "serial", "uri"),
        [
            (None, None, f"https://id.gs1.org/01/{GTIN}"),
            ("GZ/1", None, f"https://id.gs1.org/01/{GTIN}/10/GZ%2F1"),
            ("GZ/1", "000123", PIECE),
        ],
    )
    def test_batch_and_item_codes_can_be_read_again(self, lot, serial, uri):
        composed = compose(gtin="6901234567892", lot=lot, serial=serial)

        assert composed.uri == uri
        assert identify(composed.full_uri) == composed

    def test_refuses_a_lot_gs1_cannot_carry(self):
        with pytest.raises(Gs1Error, match="character set 82"):
            compose(gtin=GTIN, lot="荔枝一号")


class TestAgainstPublishedEvents:
    def test_every_event_name_is_the_one_the_published_hashes_use(self, conformance_data):
        named = {
            (text, prehash)
            for prehash in (conformance_data / "event-hash").glob("*.prehashes")
            if (source := prehash.with_suffix(".jsonld")).exists()
            for text in _EPC.findall(source.read_text(encoding="utf-8"))
        }

        differing = {
            text for text, prehash in named if identify(text).uri not in prehash.read_text(encoding="utf-8")
        }

        assert len(named) > 30
        assert differing == set()

    def test_every_name_in_the_published_examples_is_recognised(self, conformance_data):
        names = {
            text
            for source in sorted((conformance_data / "epcis" / "JSON").rglob("*.jsonld"))
            for text in _strings(json.loads(source.read_text(encoding="utf-8")))
            if text.startswith(("urn:epc:id:", "urn:epc:class:", "https://id.gs1.org/"))
        }

        unrecognised = {text for text in names if not identify(text).is_gs1}

        assert len(names) > 50
        assert unrecognised == set()


def _strings(document):
    if isinstance(document, dict):
        document = [*document, *document.values()]
    if isinstance(document, list):
        for part in document:
            yield from _strings(part)
    elif isinstance(document, str):
        yield document
