from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cailan.gs1 import DigitalLink, Element, Gs1Error, digital_link
from cailan.gs1.tests import strategies

GTIN = "06901234567892"


class TestParse:
    @pytest.mark.parametrize(
        "text",
        [
            f"https://id.gs1.org/01/{GTIN}/10/GZ261101A/21/000123",
            f"http://id.gs1.org/01/{GTIN}/10/GZ261101A/21/000123",
            "https://example.cn/01/6901234567892/10/GZ261101A/21/000123",
            f"https://example.cn:8443/some/where/01/{GTIN}/10/GZ261101A/21/000123?linkType=all#top",
            "https://example.cn/gtin/6901234567892/lot/GZ261101A/ser/000123",
            f"https://example.cn/01/{GTIN}/10/GZ%32%361101A/21/000123",
            f"https://example.cn/00/other/01/{GTIN}/10/GZ261101A/21/000123",
        ],
    )
    def test_reads_any_host_prefix_word_and_length(self, text):
        link = digital_link.parse(text)

        assert link.canonical == f"https://id.gs1.org/01/{GTIN}/10/GZ261101A/21/000123"

    def test_tells_attributes_from_what_is_not_gs1(self):
        link = digital_link.parse(f"https://example.cn/p/01/{GTIN}?17=261130&linkType=gs1:pip&3103=001250;x")

        assert link.stem == "https://example.cn/p"
        assert link.attributes == (Element("17", "261130"), Element("3103", "001250"))
        assert link.extras == (("linkType", "gs1:pip"), ("x", ""))
        assert link.canonical == f"https://id.gs1.org/01/{GTIN}?17=261130&3103=001250"
        assert link.constrained == f"https://id.gs1.org/01/{GTIN}"

    def test_plus_means_itself_in_the_path(self):
        assert digital_link.parse(f"https://example.cn/01/{GTIN}/10/A+B").get("10") == "A+B"

    def test_another_sequence_leaves_the_lot_to_the_query(self):
        link = digital_link.parse(f"https://example.cn/01/{GTIN}/235/XYZ?10=ABC")

        assert (link.get("235"), link.get("10")) == ("XYZ", "ABC")

    @pytest.mark.parametrize(
        ("tail", "code", "at"),
        [
            ("/01/06901234567893", "check_digit", "3"),
            ("/01/06901234567892/21/A/10/B", "qualifier_order", "10/B"),
            ("/01/06901234567892/10/B/235/A", "qualifier_order", "235/A"),
            ("/00/069012345000000011/10/B", "qualifier", "10/B"),
            ("/01/06901234567892/99/B", "qualifier", "99/B"),
            ("/01/06901234567892/98765/B", "no_key", "/01/06901234567892/98765/B"),
            ("/01/06901234567892?17=261332", "date", "1332"),
            ("/01/06901234567892?10=A", "qualifier", "10=A"),
            ("/01/06901234567892?21=A", "qualifier", "21=A"),
            ("/00/069012345000000011?254=A", "attribute", "254=A"),
            ("/01/06901234567892?17=261130&17=261130", "repeated_ai", "17=261130"),
            ("/01/06901234567892?97=", "empty", ""),
            ("/01/06901234567892?987=A", "unknown_ai", "987=A"),
            ("/01/06901234567892?97=A+B", "charset", "+B"),
            ("/01/06901234567892/10/%2", "percent", "%2"),
            ("/01/06901234567892/10/%00", "charset", "%00"),
            ("/01/06901234567892/10/A<B", "uri_character", "<B"),
            ("/01/06901234567892/10/荔枝", "uri_character", "荔枝"),
            ("/01/06901234567892/10/", "empty", ""),
            ("/01/06901234567892/", "no_key", "/01/06901234567892/"),
            ("/", "no_key", "/"),
        ],
    )
    def test_refuses_with_code_and_place(self, tail, code, at):
        text = f"https://example.cn{tail}"

        with pytest.raises(Gs1Error) as refusal:
            digital_link.parse(text)

        assert refusal.value.code == code
        assert text[refusal.value.position :] == at

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "https://",
            "https:///01/06901234567892",
            "https://$a/01/06901234567892",
            "ftp://example.cn/01/06901234567892",
            "example.cn/01/06901234567892",
            "https://[fe80::1%25lo]/01/06901234567892",
            "https://example.cn:x/01/06901234567892",
        ],
    )
    def test_refuses_what_is_no_web_address(self, text):
        with pytest.raises(Gs1Error):
            digital_link.parse(text)

    @given(st.text() | st.text("htps:/01690%2?=&;#[]@", max_size=60).map("https://a/01/".__add__))
    def test_refuses_any_other_text_in_one_way(self, text):
        with suppress(Gs1Error):
            link = digital_link.parse(text)
            assert digital_link.parse(link.uri).elements == link.elements


class TestCanonicalForm:
    @given(strategies.trade_items, strategies.attributes)
    def test_survives_being_written_and_read(self, item, more):
        link = digital_link.from_elements([*more, *reversed(item)], stem="https://example.cn/p")

        assert digital_link.parse(link.uri) == link
        assert digital_link.parse(link.canonical).canonical == link.canonical
        assert digital_link.parse(link.qualified).elements == tuple(item)

    @given(strategies.lots, strategies.serials)
    def test_writes_every_character_so_that_it_needs_no_guessing(self, lot, serial):
        link = DigitalLink(Element("01", GTIN), (Element("10", lot), Element("21", serial)))

        path = link.canonical.removeprefix("https://id.gs1.org")

        assert set(path.replace("/", "").replace("%", "")) <= set(
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._"
        )
        assert path.split("/")[1::2] == ["01", "10", "21"]

    def test_orders_attributes_by_identifier(self):
        link = digital_link.parse(f"https://example.cn/01/{GTIN}?3103=001250&17=261130&11=261101")

        assert link.canonical.endswith("?11=261101&17=261130&3103=001250")

    def test_keeps_leading_zeros(self):
        link = digital_link.parse(f"https://example.cn/01/{GTIN}/10/007/21/00001")

        assert link.canonical == f"https://id.gs1.org/01/{GTIN}/10/007/21/00001"


class TestConstrainedForm:
    @pytest.mark.parametrize(
        ("tail", "name"),
        [
            (f"/01/{GTIN}/22/V/10/L/21/S?17=261130", f"/01/{GTIN}/21/S"),
            (f"/01/{GTIN}/22/V/10/L", f"/01/{GTIN}/10/L"),
            (f"/01/{GTIN}/22/V", f"/01/{GTIN}"),
            (f"/01/{GTIN}/235/T", f"/01/{GTIN}/235/T"),
            ("/414/6901234000016/254/gate%2F1", "/414/6901234000016/254/gate%2F1"),
            ("/414/6901234000016/7040/1ABC", "/414/6901234000016"),
            ("/8010/0628165987/8011/9876", "/8010/0628165987/8011/9876"),
            ("/8006/040123451234560102/10/L/21/S", "/8006/040123451234560102/21/S"),
        ],
    )
    def test_names_each_thing_in_one_way(self, tail, name):
        assert digital_link.parse(f"https://example.cn{tail}").constrained == f"https://id.gs1.org{name}"


class TestFromElements:
    def test_puts_a_logistic_unit_before_what_it_holds(self):
        link = digital_link.from_elements(
            [
                Element("02", GTIN),
                Element("37", "20"),
                Element("10", "A"),
                Element("00", "069012345000000011"),
            ]
        )

        assert link.uri == f"https://id.gs1.org/00/069012345000000011?02={GTIN}&37=20&10=A"

    def test_refuses_elements_without_a_key(self):
        with pytest.raises(Gs1Error, match="primary key"):
            digital_link.from_elements([Element("10", "A")])

    @pytest.mark.parametrize(
        "parts",
        [
            (Element("10", "A"), (), ()),
            (Element("01", GTIN), (Element("21", "1"), Element("10", "A")), ()),
            (Element("01", GTIN), (), (Element("01", GTIN),)),
        ],
    )
    def test_a_link_cannot_be_made_of_parts_that_do_not_fit(self, parts):
        with pytest.raises(Gs1Error):
            DigitalLink(*parts)
