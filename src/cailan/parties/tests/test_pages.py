"""The pages of parties, as people use them."""

import html

import pytest
from django.test import Client
from django.urls import reverse

from cailan.accounts import services as accounts
from cailan.kernel.access import SYSTEM
from cailan.parties import services
from cailan.parties.models import Counterparty, Party, Site
from cailan.parties.tests.factories import AT, make_party, make_site, resident_number, uscc_number

pytestmark = pytest.mark.django_db
PASSWORD = "Choy-sum 2026"
NASTY = '<script>alert("x")</script>'


@pytest.fixture(autouse=True)
def _regions():
    services.load_regions()


def sign_in(party: Party, *, role: str = "owner", username: str = "") -> Client:
    """Return a browser in which a person of the party has signed in."""
    username = username or f"{role}-{party.pk}"
    user_id = accounts.open_account(
        SYSTEM, username=username, display_name=username, password=PASSWORD, at=AT, must_change=False
    )
    accounts.grant(
        SYSTEM,
        user_id=user_id,
        party_id=party.pk,
        party_name=party.name,
        party_kind=party.kind,
        region=party.area_id or "",
        role=role,
    )
    return enter(Client(), username)


def enter(client: Client, username: str) -> Client:
    answer = client.post(reverse("accounts:sign_in"), {"username": username, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    session = client.session
    session["must_change_password"] = False
    session.save()
    return client


def registration(**changed) -> dict[str, object]:
    return {
        "name": "仙村菜场",
        "id_scheme": "uscc",
        "id_number": uscc_number(),
        "legal_person": "王小明",
        "legal_id_scheme": "resident_id",
        "legal_id_number": resident_number(),
        "region": ["440000", "440100", "440118", "440118107"],
        "address": "仙村镇1号",
        "contact_name": "王小明",
        "phone": "13800005678",
        "username": "wang",
        "password": PASSWORD,
        **changed,
    }


@pytest.fixture
def officer():
    return sign_in(
        make_party("regulator", "仙村镇农业办", region="440118107", area="440118107"), role="officer"
    )


class TestRegistration:
    @pytest.mark.requirement("S0-2.1-1")
    @pytest.mark.parametrize("kind", ["base", "processor", "distribution_centre", "merchant", "lab"])
    def test_registers_is_approved_and_signs_in(self, kind, officer):
        visitor = Client()
        assert (
            reverse("parties:register", args=[kind])
            in visitor.get(reverse("parties:choose_kind")).content.decode()
        )

        sent = visitor.post(reverse("parties:register", args=[kind]), registration())
        party = Party.objects.get(name="仙村菜场")
        waiting = enter(Client(), "wang").get(reverse("parties:waiting")).content.decode()
        approved = officer.post(reverse("parties:approve", args=[party.pk]))
        owner = enter(Client(), "wang")
        page = owner.get(reverse("parties:organisation"))
        home = owner.get("/", follow=True)

        assert (home.status_code, home.context["actor"].party_kind) == (200, kind)
        assert (sent.status_code, sent["Location"]) == (302, reverse("parties:registered"))
        assert "仙村菜场" in waiting
        assert approved.status_code == 302
        assert page.status_code == 200
        assert "仙村菜场" in page.content.decode()
        assert Party.objects.get(pk=party.pk).region_id == "440118107"

    def test_says_at_the_field_what_is_wrong_and_keeps_the_rest(self):
        answer = Client().post(
            reverse("parties:register", args=["base"]), registration(id_number="91440118MA5ABCDE1X")
        )
        text = answer.content.decode()

        assert answer.status_code == 422
        assert "c-field__error" in text
        assert "仙村镇1号" in text
        assert '<option value="440118107" selected>' in text
        assert PASSWORD not in text
        assert not Party.objects.filter(name="仙村菜场").exists()

    def test_asks_for_the_next_level_without_script(self):
        answer = Client().post(
            reverse("parties:register", args=["base"]), registration(region=["440000", ""], narrow="1")
        )

        assert '<option value="440100"' in answer.content.decode()
        assert not Party.objects.exists()

    def test_answers_the_next_level_to_script(self):
        answer = Client().get(reverse("parties:regions"), {"region": ["440000", "440100", "440118"]})

        assert "仙村镇" in answer.content.decode()

    @pytest.mark.parametrize("kind", ["regulator", "operator", "nothing"])
    def test_has_no_form_for_authorities(self, kind):
        assert Client().get(reverse("parties:register", args=[kind])).status_code == 404

    def test_a_signed_in_person_registers_another_party_without_a_new_account(self, officer):
        client = sign_in(make_party("base"), username="wang")

        answer = client.post(reverse("parties:register", args=["processor"]), registration())

        assert answer["Location"] == reverse("parties:waiting")
        party = Party.objects.get(name="仙村菜场")
        officer.post(reverse("parties:approve", args=[party.pk]))
        assert len(client.get(reverse("parties:organisation")).context["actor"].parties) == 2


class TestQueue:
    @pytest.mark.requirement("S0-2.3.2-4")
    def test_shows_the_officer_only_what_waits_in_the_town(self, officer, django_assert_max_num_queries):
        here = make_party("base", "仙村一号", region="440118107", status="pending")
        there = make_party("base", "石滩一号", region="440118102", status="pending")
        district = sign_in(
            make_party("regulator", "增城区局", region="440118", area="440118"), role="officer"
        )

        with django_assert_max_num_queries(10):
            page = officer.get(reverse("parties:list"), {"status": "pending"}).content.decode()
        wider = district.get(reverse("parties:list"), {"status": "pending"}).content.decode()

        assert "仙村一号" in page
        assert "石滩一号" not in page
        assert "仙村一号" in wider
        assert "石滩一号" in wider
        assert officer.get(reverse("parties:party", args=[there.pk])).status_code == 404
        assert officer.post(reverse("parties:approve", args=[there.pk])).status_code == 404
        assert officer.get(reverse("parties:party", args=[here.pk])).status_code == 200

    def test_list_costs_the_same_for_one_and_for_fifty(self, officer, django_assert_max_num_queries):
        for number in range(50):
            make_party("base", f"仙村 {number}", region="440118107", market=make_party("market"))

        with django_assert_max_num_queries(10):
            officer.get(reverse("parties:list"))

    def test_answers_rows_only_to_script(self, officer):
        rows = officer.get(reverse("parties:list"), headers={"HX-Request": "true"}).content.decode()

        assert "c-table" in rows
        assert "<html" not in rows

    def test_refuses_with_a_reason_that_the_registrant_reads(self, officer):
        Client().post(reverse("parties:register", args=["base"]), registration())
        party = Party.objects.get(name="仙村菜场")

        empty = officer.post(reverse("parties:refuse", args=[party.pk]), {"reason": " "})
        officer.post(reverse("parties:refuse", args=[party.pk]), {"reason": "执照看不清"})
        page = enter(Client(), "wang").get(reverse("parties:party", args=[party.pk])).content.decode()

        assert empty.status_code == 422
        assert "执照看不清" in page

    def test_offers_no_decision_to_whom_it_is_not(self):
        mine = make_party("base", region="440118107", status="pending")
        partner = make_party("merchant")
        Counterparty.objects.create(owner=partner, party=mine, name=mine.name)
        client = sign_in(partner)

        assert (
            reverse("parties:approve", args=[mine.pk])
            not in client.get(reverse("parties:party", args=[mine.pk])).content.decode()
        )
        assert client.post(reverse("parties:approve", args=[mine.pk])).status_code == 403

    def test_prints_names_as_text(self, officer):
        party = make_party("base", NASTY, region="440118107", address=NASTY, contact_name=NASTY)
        make_site(party, name=NASTY, code=NASTY)

        for address in (reverse("parties:list"), reverse("parties:party", args=[party.pk])):
            page = officer.get(address).content.decode()
            assert NASTY not in page
            assert html.escape(NASTY) in page

    @pytest.mark.parametrize(
        "query", ["?cursor=forged", "?kind=x&status=y", "?text=%00", "?text=" + "x" * 200]
    )
    def test_survives_odd_addresses(self, officer, query):
        assert officer.get(reverse("parties:list") + query).status_code in {200, 400}


class TestOrganisation:
    def test_adds_places_and_people(self):
        party = make_party("base", region="440118107")
        client = sign_in(party)

        client.post(reverse("parties:new_site"), {"kind": "base", "name": "一号基地", "region": ""})
        base = Site.objects.get(name="一号基地")
        client.post(
            reverse("parties:new_site"), {"kind": "plot", "name": "七号地", "code": "7", "parent_id": base.pk}
        )
        client.post(
            reverse("parties:new_member"),
            {"display_name": "小李", "username": "li", "role": "clerk", "password": "First pass 1"},
        )
        page = client.get(reverse("parties:organisation")).content.decode()

        assert "七号地" in page
        assert "小李" in page

    def test_says_at_the_field_why_a_place_is_refused(self):
        client = sign_in(make_party("base"))

        answer = client.post(
            reverse("parties:new_site"), {"kind": "plot", "name": "七号地", "latitude": "99"}
        )

        assert answer.status_code == 422
        assert "七号地" in answer.content.decode()

    def test_clerks_do_not_manage(self):
        client = sign_in(make_party("base"), role="clerk")

        for page in ("new_site", "new_member", "new_counterparty", "new_agency"):
            assert client.get(reverse(f"parties:{page}")).status_code == 403

    @pytest.mark.requirement("S3-4.2.8-1")
    def test_keeps_a_supplier_found_by_credit_code(self):
        number = uscc_number()
        Client().post(reverse("parties:register", args=["base"]), registration(id_number=number))
        operator = sign_in(make_party("operator"))
        operator.post(reverse("parties:approve", args=[Party.objects.get(name="仙村菜场").pk]))
        client = sign_in(make_party("merchant"))
        asked = {"id_scheme": "uscc", "id_number": number}

        found = client.post(reverse("parties:new_counterparty"), {**asked, "find": "1"}).content.decode()
        kept = {
            **asked,
            "name": "仙村菜场",
            "is_supplier": "on",
            "address": "仙村镇1号",
            "legal_person": "王小明",
            "contact_name": "王小红",
            "phone": "13900001111",
        }
        client.post(reverse("parties:new_counterparty"), kept)
        page = client.get(reverse("parties:book")).content.decode()

        assert "仙村菜场" in found
        for value in ("仙村菜场", number, "仙村镇1号", "王小明", "王小红", "13900001111"):
            assert value in page

    def test_operator_sets_up_an_authority(self):
        client = sign_in(make_party("operator"))

        answer = client.post(
            reverse("parties:new_agency"),
            {
                "name": "从化区局",
                "area": ["440000", "440100", "440117", ""],
                "contact_name": "何",
                "username": "he",
                "password": "Conghua-2026x",
            },
        )

        assert answer.status_code == 302, answer.content.decode()
        assert Party.objects.get(name="从化区局").area_id == "440117"

    def test_sends_strangers_to_the_sign_in(self):
        for page in ("list", "organisation", "book", "new_site", "waiting"):
            assert (
                Client().get(reverse(f"parties:{page}"))["Location"].startswith(reverse("accounts:sign_in"))
            )
