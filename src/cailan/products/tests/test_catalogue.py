"""The catalogue: one schema over all categories, found by every name people use."""

import pytest
from django.core.management import call_command
from django.test import Client

from cailan.accounts import services as accounts
from cailan.kernel.access import PUBLIC, SYSTEM
from cailan.kernel.problems import Conflict, InvalidInput, NotAllowed, NotFound
from cailan.parties.tests.factories import AT, make_actor, make_party
from cailan.products import queries, services

pytestmark = pytest.mark.django_db


@pytest.fixture
def library():
    services.load_catalogue()


@pytest.fixture
def client_of():
    """Return how to get a machine of a party."""

    def make(party) -> Client:
        key = accounts.create_api_key(make_actor(party), name="test", at=AT, role="owner", valid_days=36_500)
        return Client(headers={"Authorization": f"Bearer {key}"})

    return make


@pytest.fixture
def browser_of():
    """Return how to get a browser in which an owner of a party has signed in."""

    def make(party) -> Client:
        given = {"username": f"owner-{party.pk}", "password": "Choy-sum 2026"}
        user_id = accounts.open_account(SYSTEM, display_name="x", at=AT, must_change=False, **given)
        described = {"party_id": party.pk, "party_name": party.name, "party_kind": party.kind}
        accounts.grant(SYSTEM, user_id=user_id, region="", role="owner", **described)
        client = Client()
        client.post("/account/sign-in", given)
        session = client.session
        session["must_change_password"] = False
        session.save()
        return client

    return make


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

    def test_puts_official_names_before_aliases(self, library):
        assert all(product.name_zh.startswith("白") for product in queries.search("白", limit=2))

    def test_takes_percent_signs_as_text(self, library):
        assert queries.search("%") == ()


class TestOneLibrary:
    @pytest.mark.requirement("S0-2.3.1-1")
    def test_six_categories_stand_in_one_list(self, library, client_of):
        client = client_of(make_party("base"))
        found: list[dict] = []
        cursor = ""
        while True:
            page = client.get("/api/v1/products", {"limit": 200, "cursor": cursor}).json()
            found += page["items"]
            if not (cursor := page["next"]):
                break

        parent = {one["code"]: one["parent"] for one in client.get("/api/v1/categories").json()}
        roots = {parent.get(one["category"], "") for one in found} | {one["category"] for one in found}

        assert {"vegetables", "fruit", "aquatic", "poultry", "eggs", "pigs"} <= roots
        assert len({one["slug"] for one in found}) == len(found)
        assert {frozenset(one) for one in found} == {frozenset(found[0])}  # one schema for all

    @pytest.mark.requirement("S1-3.1-1")
    @pytest.mark.parametrize(
        "branch", ["plants", "animals", "micro_organisms", "fungi", "vegetables", "pigs"]
    )
    def test_covers_plants_animals_and_micro_organisms(self, library, branch):
        assert queries.list_products(PUBLIC, category=branch).items

    def test_a_page_costs_few_queries(self, library, django_assert_max_num_queries):
        with django_assert_max_num_queries(2):
            queries.list_products(PUBLIC, category="vegetables", text="cai")

    def test_resolves_many_names_at_once(self, library, django_assert_num_queries):
        with django_assert_num_queries(1):
            found = queries.resolve_names(["白萝卜", " Carrot ", "甘筍", "blb", "nothing"])

        assert {name: one.slug for name, one in found.items()} == {
            "白萝卜": "white-radish",
            " Carrot ": "carrot",
            "甘筍": "carrot",
        }

    def test_shows_a_product_with_its_other_names(self, library):
        file = queries.get_product(PUBLIC, "white-radish")

        assert "daikon" in file.aliases
        assert file.categories == ("植物类", "蔬菜", "根菜类")


class TestMainProducts:
    @pytest.mark.requirement("S3-4.2.7-1")
    def test_chosen_from_the_library_they_come_first_in_forms(self, library, client_of):
        grower = make_party("base")
        client = client_of(grower)

        client.put("/api/v1/main-products", {"slugs": ["green-radish"]}, content_type="application/json")

        searched = client.get("/api/v1/products/search", {"text": "萝卜"}).json()
        offered = client.get("/api/v1/products/search").json()
        mine = client.get("/api/v1/main-products").json()
        assert searched[0]["slug"] == "green-radish"
        assert [one["slug"] for one in offered] == ["green-radish"]
        assert [one["product"]["slug"] for one in mine] == ["green-radish"]
        assert queries.search("萝卜")[0].slug == "white-radish"

    def test_the_list_is_what_was_chosen_last(self, library):
        grower = make_actor(make_party("base"))
        services.choose_main_products(grower, slugs=["carrot", "beetroot"], at=AT)
        services.choose_main_products(grower, slugs=["carrot"], at=AT)

        assert [one.product.slug for one in queries.main_products(grower)] == ["carrot"]
        with pytest.raises(InvalidInput):
            services.choose_main_products(grower, slugs=["unicorn"], at=AT)
        with pytest.raises(NotAllowed):
            services.choose_main_products(make_actor(make_party(), role="clerk"), slugs=["carrot"], at=AT)

    def test_own_products_are_found_by_oneself_only(self, library):
        grower, other = make_actor(make_party("base")), make_actor(make_party("base"))
        given = {
            "name_zh": "仙村迟菜心",
            "category": "cabbages",
            "uom": "KGM",
            "gtin": "4006381333931",
            "at": AT,
        }

        pk = services.register_product(grower, **given)

        assert queries.by_gtin(["04006381333931"])["04006381333931"].id == pk
        assert queries.search("迟菜心", party_id=grower.party_id)[0].id == pk
        assert pk not in [one.id for one in queries.search("仙村迟菜心", party_id=other.party_id)]
        with pytest.raises(Conflict):
            services.register_product(other, **given)
        for wrong in ({"gtin": "4006381333932"}, {"name_zh": " "}, {"category": "cars"}):
            with pytest.raises(InvalidInput):
                services.register_product(grower, **given | wrong)

    def test_ones_own_number_for_a_product_of_the_library(self, library):
        grower = make_actor(make_party("base"))
        services.choose_main_products(grower, slugs=["carrot"], at=AT)

        services.name_own_gtin(grower, slug="carrot", gtin="4006381333931", at=AT)

        assert queries.by_gtin(["04006381333931"])["04006381333931"].slug == "carrot"
        with pytest.raises(NotFound):
            services.name_own_gtin(grower, slug="beetroot", gtin="4006381333931", at=AT)


class TestPages:
    def test_catalogue_finds_by_initials_and_shows_codes(self, library, browser_of):
        page = browser_of(make_party("base")).get("/products", {"text": "blb"}).content.decode()

        assert "白萝卜" in page
        assert "010401" in page

    def test_one_tap_puts_a_product_into_ones_list_and_one_takes_it_out(self, library, browser_of):
        browser = browser_of(make_party("base"))

        browser.post("/main-products/carrot")
        page = browser.get("/main-products").content.decode()
        browser.post("/main-products/carrot", {"remove": "1"})

        assert "胡萝卜" in page
        assert "take out" in page.lower() or "移出" in page
        assert browser.get("/main-products").context["mine"] == ()

    @pytest.mark.parametrize(
        "address", ["/products?category=x&text=%00", "/products/carrot", "/products/none"]
    )
    def test_survives_odd_addresses(self, library, browser_of, address):
        assert browser_of(make_party("base")).get(address).status_code in {200, 400, 404}
