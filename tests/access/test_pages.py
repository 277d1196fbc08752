"""Pages of the core, as people use them."""

import re
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.utils import timezone
from tests.access.world import record

from cailan.accounts.models import User
from cailan.lots import queries as lots
from cailan.lots.rules.requests import Create, Line, NewLot, Transform
from cailan.lots.tests.factories import make_lot, make_product
from cailan.parties.models import Party
from cailan.products.models import Product

pytestmark = pytest.mark.django_db


@pytest.fixture
def english(world):
    """Everybody reads English, so that the tests read the sources' words."""
    for client in world.clients.values():
        client.cookies["django_language"] = "en"
    return world


def text_of(response):
    return response.content.decode()


def field(page, name):
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', text_of(page))[1]


class TestLotPage:
    @pytest.mark.requirement("S2-4.1.1-1")
    @pytest.mark.requirement("S2-3.1-1")
    def test_answers_from_where_where_now_in_which_state(self, english):
        page = text_of(english.clients["owner"].get(f"/lots/{english.facts['lot'].code}"))

        facts = page[page.index("c-answer__facts") :][:2500]
        assert "From where" in facts
        assert "7号地块" in facts
        assert "Where now" in facts
        assert "老陈菜档" in facts
        assert "48" in facts
        assert "In which state" in facts
        assert "nothing against it" in facts

    @pytest.mark.requirement("S0-2.3.4-3")
    def test_one_page_with_three_tabs(self, english):
        code = english.facts["lot"].code
        client = english.clients["owner"]

        pages = {
            view: text_of(client.get(f"/lots/{code}?view={view}"))
            for view in ("production", "circulation", "supervision")
        }

        assert "Where it comes from" in pages["production"]
        assert "Balance of this lot" in pages["circulation"]
        assert "The balance closes" in pages["circulation"]
        assert "Seals" in pages["supervision"]

    @pytest.mark.requirement("S2-4.2.3-1")
    @pytest.mark.requirement("S2-3.3-1")
    def test_says_which_stages_have_records_and_how_far_it_reaches(self, english):
        page = text_of(english.clients["owner"].get(f"/lots/{english.facts['lot'].code}"))

        meter = page[page.index("c-stages") :][:4000]
        assert meter.count("has-records") == 3
        assert "Traced over 1 hand-over" in page
        assert "to the consumer" in page

    @pytest.mark.requirement("S0-1-1")
    @pytest.mark.requirement("S0-2.2-13")
    def test_the_made_lot_leads_back_and_the_raw_lot_leads_forward(self, english):
        raw, bags = english.facts["lot"].code, english.facts["bags"]
        client = english.clients["owner"]

        assert f"/lots/{bags}" in text_of(client.get(f"/lots/{raw}"))
        assert f"/lots/{raw}" in text_of(client.get(f"/lots/{bags}"))

    @pytest.mark.requirement("S4-P4-2")
    @pytest.mark.requirement("S4-P4-3")
    def test_names_who_sealed_each_record(self, english):
        page = text_of(
            english.clients["regulator"].get(f"/lots/{english.facts['lot'].code}?view=supervision")
        )

        assert "Sealed by 绿源基地" in page
        assert "Sealed by 老陈菜档" in page

    def test_stays_within_its_queries(self, english, django_assert_max_num_queries):
        client = english.clients["owner"]
        with django_assert_max_num_queries(24):
            client.get(f"/lots/{english.facts['lot'].code}")

    def test_gives_the_events_as_epcis(self, english):
        answer = english.clients["owner"].get(f"/lots/{english.facts['lot'].code}/events.jsonld")

        assert answer["Content-Type"] == "application/ld+json"
        assert len(answer.json()["epcisBody"]["eventList"]) == 6


class TestScope:
    @pytest.mark.requirement("S1-4.3.5-2")
    def test_lists_holders_with_quantities_and_contacts(self, english):
        page = text_of(english.clients["regulator"].get(f"/lots/{english.facts['lot'].code}/scope"))

        assert "13900139000" in page
        assert "陈大文" in page

    def test_a_file_runs_no_formula(self, english):
        Party.objects.filter(pk=english.facts["stall"]).update(name='=HYPERLINK("x")')

        answer = english.clients["regulator"].get(f"/lots/{english.facts['lot'].code}/scope.csv")

        assert "'=HYPERLINK" in answer.content.decode("utf-8-sig")

    @pytest.mark.requirement("S3-4.2.4-1")
    @pytest.mark.requirement("S3-4.2.4-2")
    @pytest.mark.parametrize(
        ("key", "lots_shown"), [("made code", 1), ("batch number", 2), ("raw-material code", 2)]
    )
    def test_whereabouts_by_three_keys(self, english, key, lots_shown):
        keys = {
            "made code": english.facts["bags"],
            "batch number": "7-1120",
            "raw-material code": english.facts["lot"].code,
        }

        page = text_of(english.clients["owner"].get("/whereabouts", {"key": keys[key]}))

        assert page.count("Destinations and stock equal the output") == lots_shown
        assert "B-1" in page
        assert ("SO-1" in page and "老陈菜档" in page) == (lots_shown == 2)

    @pytest.mark.requirement("S2-4.1.1-2")
    def test_common_ancestors(self, english):
        lot, owner = english.facts["lot"], english.actors["owner"]
        other = record(
            owner,
            Transform(
                occurred_at=timezone.now(),
                inputs=(Line(lot.code, Decimal(2), "KGM"),),
                outputs=(NewLot(number="B-2", quantity=Decimal(2), uom="KGM", product_id=lot.product_id),),
            ),
        ).lot_codes[0]

        page = text_of(
            english.clients["owner"].get("/ancestors", {"lots": f"{english.facts['bags']}\n{other}"})
        )

        assert "7-1120" in page
        assert "2 of 2" in page


class TestRecording:
    def test_a_new_lot_and_its_second_tap(self, english):
        client = english.clients["owner"]
        page = client.get("/lots/new")
        data = {
            "client_key": field(page, "client_key"), "product": "choysum", "quantity": "20", "uom": "JIN",
            "number": "T-1", "occurred_at": field(page, "occurred_at"), "document": "", "site": "",
        }  # fmt: skip

        first, second = client.post("/lots/new", data), client.post("/lots/new", data)

        assert first["Location"] == second["Location"]
        [lot] = lots.lots_named(english.actors["owner"], "T-1")
        assert (lots.remaining_everywhere([lot.id])[lot.id], lot.uom) == (Decimal(10), "KGM")

    def test_a_refusal_stands_at_the_field_and_the_input_stays(self, english):
        client = english.clients["owner"]
        page = client.get("/lots/new")
        data = {
            "client_key": field(page, "client_key"), "product": "nonsense-xyz", "quantity": "many", "uom": "KGM",
            "number": "T-2", "occurred_at": field(page, "occurred_at"),
        }  # fmt: skip

        answer = client.post("/lots/new", data)

        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert 'value="T-2"' in text_of(answer)
        assert 'value="many"' in text_of(answer)
        assert set(answer.context["form"].errors) == {"product", "quantity"}

    def test_the_same_page_sent_with_other_input_is_asked_about(self, english):
        client = english.clients["owner"]
        code = english.facts["lot"].code
        page = client.get(f"/lots/retail?lot={code}")
        data = {
            "client_key": field(page, "client_key"),
            "occurred_at": field(page, "occurred_at"),
            f"quantity_{code}": "1",
        }
        client.post(f"/lots/retail?lot={code}", data)

        answer = client.post(f"/lots/retail?lot={code}", data | {f"quantity_{code}": "2"})

        assert answer.status_code == HTTPStatus.CONFLICT
        assert field(answer, "client_key") != data["client_key"]

    def test_sells_to_a_buyer_of_the_book(self, english):
        client = english.clients["owner"]
        code = english.facts["lot"].code
        page = client.get(f"/lots/transfer?lot={code}")
        data = {
            "client_key": field(page, "client_key"), "occurred_at": field(page, "occurred_at"),
            "taker": english.facts["buyer"], f"quantity_{code}": field(page, f"quantity_{code}"),
        }  # fmt: skip

        assert client.post(f"/lots/transfer?lot={code}", data)["Location"] == "/stock"
        assert not lots.stock(english.actors["owner"], text=code).items

    def test_processes_several_lots_into_several(self, english):
        client = english.clients["owner"]
        code, bags = english.facts["lot"].code, english.facts["bags"]
        page = client.get("/lots/transform")
        data = {
            "client_key": field(page, "client_key"), "occurred_at": field(page, "occurred_at"), "outputs": "2",
            f"quantity_{code}": "3", f"quantity_{bags}": "4",
            "out_product_0": "choysum", "out_quantity_0": "5", "out_uom_0": "KGM", "out_number_0": "M-1",
            "out_product_1": "washedgreens", "out_quantity_1": "1500", "out_uom_1": "GRM", "out_number_1": "M-2",
        }  # fmt: skip

        answer = client.post("/lots/transform", data)

        assert answer.status_code == HTTPStatus.FOUND
        assert {row.lot.number for row in lots.stock(english.actors["owner"]).items} >= {"M-1", "M-2"}
        assert text_of(client.post("/lots/transform", data | {"more": "1"})).count("<legend>Output") == 3

    def test_counts_stock(self, english):
        client, holding = english.clients["owner"], english.facts["holding"]
        page = client.get(f"/lots/count/{holding}")
        data = {
            "client_key": field(page, "client_key"),
            "occurred_at": field(page, "occurred_at"),
            "counted": "4",
            "reason": "dried",
        }

        client.post(f"/lots/count/{holding}", data)

        assert lots.get_holding(english.actors["owner"], holding).remaining == Decimal(4)

    def test_a_hold_shows_on_every_page_and_ends(self, english):
        client, code = english.clients["regulator"], english.facts["lot"].code

        client.post(f"/lots/{code}/hold", {"reason": "residue", "with_derived": "on"})
        scan = text_of(english.clients["public"].get(f"/t/{english.facts['bags']}"))
        client.post(f"/lots/{code}/release", {"reason": "cleared"})

        assert "This lot is blocked" in scan
        assert "residue" not in scan
        assert not lots.get_lot(english.actors["owner"], code).is_held


class TestLists:
    @pytest.mark.requirement("S0-2.3.1-1")
    def test_one_list_over_all_six_categories(self, english):
        for category in ("vegetables", "fruit", "aquatic", "poultry", "eggs", "pigs"):
            product = make_product(f"x-{category}", category=category)
            make_lot(english.actors["owner"], number=f"C-{category}", product_id=product)

        page = text_of(english.clients["owner"].get("/lots"))

        assert page.count("C-") >= 6
        only = text_of(english.clients["owner"].get("/lots?category=fruit"))
        assert "C-fruit" in only
        assert "C-pigs" not in only

    def test_finds_by_code_link_number_and_part(self, english):
        client, lot = english.clients["owner"], english.facts["lot"]

        for text in (lot.code, lot.code.lower(), f"https://phone.example/t/{lot.code}", lot.uri, "7-1120"):
            assert client.get("/lots/find", {"q": text})["Location"] == f"/lots/{lot.code}"
        assert client.get("/lots/find", {"q": "7-11"})["Location"] == "/lots?text=7-11"

    def test_the_list_stays_within_its_queries(self, english, django_assert_max_num_queries):
        with django_assert_max_num_queries(12):
            english.clients["owner"].get("/lots")

    def test_names_are_text_not_markup(self, english):
        Product.objects.filter(pk=english.facts["product"]).update(
            name_zh="<script>alert(1)</script>", name_en="<b>x</b>"
        )
        Party.objects.filter(pk=english.facts["base"]).update(name="<img src=x>")
        code = english.facts["lot"].code

        for who, address in (
            ("owner", "/lots"),
            ("owner", "/stock"),
            ("owner", f"/lots/{code}"),
            ("public", f"/t/{code}"),
            ("regulator", f"/lots/{code}/scope"),
        ):
            page = text_of(english.clients[who].get(address))
            assert "<script>alert" not in page
            assert "<img src=x" not in page
            assert "<b>x" not in page

    def test_every_own_number_on_the_home_page_is_true(self, english):
        page = english.clients["owner"].get("/producer/")

        numbers = page.context["numbers"]
        assert (numbers.lots, numbers.stock, numbers.made) == (2, (("KGM", Decimal(33)),), 2)
        assert (numbers.moved_out, numbers.held) == (1, 0)

    def test_a_newcomer_is_told_what_to_do(self, english):
        assert "You act for no organisation yet" in text_of(english.clients["newcomer"].get("/", follow=True))


class TestScan:
    @pytest.mark.requirement("S0-3.1-1")
    @pytest.mark.requirement("S2-5.3.3.3d-1")
    def test_says_all_without_sign_in_or_script(self, english):
        page = english.clients["public"].get(f"/t/{english.facts['lot'].code}")
        text = text_of(page)

        assert page.status_code == HTTPStatus.OK
        for word in (
            "choysum",
            "绿源基地",
            "Its way",
            "What happened",
            "Who answers for it",
            "/verify?record=",
        ):
            assert word in text
        without_styles = re.sub(r"<style.*?</style>", "", text, flags=re.DOTALL)
        assert "htmx" not in without_styles
        assert re.findall(r'<script[^>]*src="[^"]*/(\w+)', text) == ["public"]
        assert len(without_styles.encode()) < 60_000

    def test_hides_persons_phones_papers(self, english):
        Party.objects.filter(pk=english.facts["base"]).update(kind="individual", name="黄志强")

        text = text_of(english.clients["public"].get(f"/t/{english.facts['lot'].code}"))

        assert "黄*" in text
        assert "黄志强" not in text
        assert "13800138000" not in text
        assert "13900139000" not in text
        assert "SO-1" not in text
        assert "7号地块" not in text

    def test_a_digital_link_of_ours(self, english):
        new = NewLot(
            number="A-1",
            quantity=Decimal(5),
            uom="KGM",
            product_id=english.facts["product"],
            gtin="6901234567892",
        )
        record(english.actors["owner"], Create(occurred_at=timezone.now(), lot=new))

        assert english.clients["public"].get("/01/06901234567892/10/A-1").status_code == HTTPStatus.OK

    @pytest.mark.parametrize(
        "code", ["ABC", "https://example.com/x", "261121G661XSVADJNMC5Y", "%E4%BD%A0", "../../etc"]
    )
    def test_a_foreign_code_is_explained(self, english, code):
        page = english.clients["public"].get(f"/t/{code}")

        assert page.status_code == HTTPStatus.NOT_FOUND
        assert "This code is not known here" in text_of(page) or "Nothing" in text_of(page)

    def test_the_qr_code_leads_to_the_page(self, english):
        code = english.facts["lot"].code
        svg = english.clients["public"].get(f"/t/{code}.svg")

        assert svg["Content-Type"] == "image/svg+xml"
        assert "viewBox" in text_of(svg)
        assert text_of(svg).startswith("<?xml")

    def test_stays_within_its_queries(self, english, django_assert_max_num_queries):
        with django_assert_max_num_queries(28):
            english.clients["public"].get(f"/t/{english.facts['lot'].code}")

    def test_the_form_leads_to_the_page(self, english):
        code = english.facts["lot"].code

        assert english.clients["public"].get("/t", {"code": f" {code.lower()} "})["Location"] == f"/t/{code}"
        assert english.clients["public"].get("/t", {"code": "nope"}).status_code == HTTPStatus.NOT_FOUND


class TestLanguage:
    def test_is_remembered(self, world):
        world.clients["owner"].post("/language", {"language": "en", "next": "/stock"})

        assert User.objects.get(username="owner").language == "en"
        assert "All stock" in text_of(world.clients["owner"].get("/producer/"))
