"""The chain's picture and map as pages print them."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from django.template import Context, Template
from django.test import override_settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cailan.tracing.rules import captions
from cailan.tracing.rules.chain import Chain, Edge, Node
from cailan.tracing.rules.map import map_of
from cailan.tracing.rules.projection import COUNTRY, REGION, is_inside, to_country, to_region
from cailan.tracing.rules.window import window_around

AT = datetime(2026, 11, 19, 22, 30, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"


def node(number: int, holder: str, **changes) -> Node:
    values = {
        "id": number,
        "kind": "stock",
        "lot_id": number,
        "code": f"C{number}",
        "uri": "",
        "product": "菜心",
        "lot_number": "CX-7",
        "holder_id": number,
        "holder": holder,
        "holder_kind": "merchant",
        "site": "",
        "region": "",
        "latitude": None,
        "longitude": None,
        "quantity": Decimal(40),
        "remaining": Decimal(10),
        "uom": "KGM",
        "acquired_at": AT,
        "is_held": False,
        "is_external": False,
    }
    return Node(**(values | changes))


def edge(number: int, source: int | None, target: int | None, **changes) -> Edge:
    values = {
        "id": number,
        "kind": "transfer",
        "source_id": source,
        "target_id": target,
        "quantity": Decimal(40),
        "uom": "KGM",
        "occurred_at": AT,
        "proof": "counter_signed",
        "document": "",
        "reason": "",
        "event_id": "",
    }
    return Edge(**(values | changes))


CHAIN = Chain(
    (
        node(1, "<b>元谋来货</b>", is_external=True, latitude=25.7, longitude=101.87),
        node(2, "志强蔬菜", is_held=True, latitude=23.12, longitude=113.3),
    ),
    (
        edge(1, None, 1, kind="create", proof="declared"),
        edge(2, 1, 2, document="交易单 88231"),
        edge(3, 2, None, kind="retail"),
    ),
    frozenset({2}),
)


def printed(source: str, language: str = "en", **context) -> str:
    with translation.override(language):
        return Template("{% load chain %}" + source).render(Context({"chain": CHAIN, **context}))


def drawings(page: str) -> list[ET.Element]:
    # The picture is our own output; a parser for hostile input would prove nothing more.
    return [ET.fromstring(text) for text in re.findall(r"<svg[^>]*role=.*?</svg>", page, re.DOTALL)]  # noqa: S314


class TestPicture:
    def test_is_well_formed_and_names_every_holder_hold_and_gap(self):
        page = printed("{% chain_picture chain %}")

        wide, tall = drawings(page)
        for picture in (wide, tall):
            words = " ".join(picture.itertext())
            assert "志强蔬菜" in words
            assert "On hold" in words
            assert "Origin unproven" in words
            assert "40 kg" in words

    def test_escapes_what_people_typed(self):
        page = printed("{% chain_picture chain %}")

        assert "<b>元谋来货" not in page
        assert "&lt;b&gt;" in page

    def test_a_large_chain_is_printed_once_and_stays_left_to_right(self):
        many = tuple(node(number, f"买家 {number}") for number in range(2, 60))
        chain = Chain(
            (node(1, "鸿业"), *many), tuple(edge(each.id, 1, each.id) for each in many), frozenset({1})
        )

        assert len(drawings(printed("{% chain_picture chain %}", chain=chain))) == 1

    def test_a_holding_leads_to_the_page_that_was_named(self):
        with override_settings(ROOT_URLCONF="cailan.tracing.tests.picture_urls"):
            page = printed('{% chain_picture chain "lot" %}')

        assert 'href="/lots/C2"' in page

    def test_the_same_can_be_read_as_a_list_with_proof_and_paper(self):
        page = printed("{% chain_picture chain %}")

        assert "志强蔬菜: 40 kg, Counter-signed (交易单 88231)" in page

    def test_weights_follow_the_reader(self):
        assert "80 斤" in printed("{% chain_picture chain %}", weight_unit="jin")

    def test_days_are_those_of_shanghai(self):
        assert "2026-11-20 06:30" in printed("{% chain_picture chain %}")


class TestMap:
    def test_an_origin_outside_the_region_opens_the_map_of_the_country(self):
        picture = map_of(CHAIN)

        assert picture.country is not None
        assert len(picture.country.places) == 2
        assert len(picture.region.places) == 1

    def test_without_any_place_it_says_so(self):
        page = printed("{% chain_map chain %}", chain=Chain((node(1, "志强"),), (), frozenset({1})))

        assert "No place is known" in page

    def test_prints_the_source_of_the_borders(self):
        assert "GS(2024)0650" in printed("{% chain_map chain %}")

    @given(longitude=st.floats(110, 117), latitude=st.floats(20.5, 25.3))
    def test_every_point_of_guangdong_lies_on_the_region(self, longitude, latitude):
        assert is_inside(REGION, to_region(longitude, latitude))

    @pytest.mark.parametrize(
        ("longitude", "latitude"), [(73.6, 39.4), (135.0, 48.4), (123.3, 53.5), (112.3, 3.9), (123.5, 25.7)]
    )
    def test_the_ends_of_the_country_lie_on_its_drawing(self, longitude, latitude):
        assert is_inside(COUNTRY, to_country(longitude, latitude))

    @given(st.lists(st.tuples(st.floats(0, REGION.width), st.floats(0, REGION.height)), max_size=8))
    def test_the_window_shows_all_places_and_stays_on_the_drawing(self, points):
        window = window_around(points)

        assert window.x >= 0
        assert window.x + window.width <= REGION.width + 0.2
        assert window.y + window.height <= REGION.height + 0.2
        assert all(window.x - 0.1 <= x <= window.x + window.width + 0.1 for x, _ in points)
        assert all(window.y - 0.1 <= y <= window.y + window.height + 0.1 for _, y in points)


class TestCaptions:
    @given(text=st.text(max_size=60), room=st.floats(1.5, 30))
    def test_what_is_fitted_fits(self, text, room):
        assert captions.width(captions.fit(text, room)) <= room + 0.01

    def test_a_short_text_is_left_alone(self):
        assert captions.fit("志强蔬菜", 4) == "志强蔬菜"

    @given(st.text(max_size=40))
    def test_groups_lose_no_letter(self, code):
        groups = captions.groups(code)

        assert "".join(groups) == code
        assert all(len(left) == 4 for left, _ in pairwise(groups))
