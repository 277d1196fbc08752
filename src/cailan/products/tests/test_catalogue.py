"""The catalogue: one schema over all categories, found by every name people use."""

import pytest
from django.core.management import call_command

from cailan.kernel.access import PUBLIC
from cailan.parties.tests.factories import AT, make_actor, make_party
from cailan.products import queries, services

pytestmark = pytest.mark.django_db


@pytest.fixture
def library():
    services.load_catalogue()


class TestLoading:
    def test_loads_everything_and_again_without_change(self):
        call_command("load_reference")
        before = queries.list_products(PUBLIC, limit=500)

        call_command("load_reference")

        assert queries.list_products(PUBLIC, limit=500) == before
        assert len(before.items) > 300


class TestSearch:
    @pytest.mark.parametrize(
        ("typed", "slug"),
        [
            ("白萝卜", "white-radish"),
            ("白", "white-radish"),
            ("bailuobo", "white-radish"),
            ("blb", "white-radish"),
            ("甘筍", "carrot"),
            ("Carrot", "carrot"),
            ("daikon", "white-radish"),
            ("carot", "carrot"),
        ],
    )
    def test_finds_a_product_by_any_name(self, library, typed, slug):
        assert slug in [product.slug for product in queries.search(typed)]

    def test_puts_the_exact_name_first(self, library):
        assert queries.search("萝卜")[0].slug == "white-radish"

    def test_takes_percent_signs_as_text(self, library):
        assert queries.search("%") == ()
