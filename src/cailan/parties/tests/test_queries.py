"""Who sees which parties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cailan.kernel.access import PUBLIC
from cailan.kernel.problems import NotAllowed, NotFound
from cailan.parties import queries, services
from cailan.parties.models import Counterparty
from cailan.parties.rules import secrecy
from cailan.parties.tests.factories import make_actor, make_party, make_site

NONCE = b"\x00" * secrecy.NONCE_BYTES


@pytest.mark.django_db
class TestVisibility:
    @pytest.mark.requirement("S0-2.3.2-4")
    def test_town_sees_the_town_and_the_district_all_its_towns(self, django_assert_num_queries):
        here = make_party("base", region="440118107")
        next_town = make_party("base", region="440118102")
        next_district = make_party("base", region="440117")
        town = make_actor(make_party("regulator", area="440118107", region="440118107"), role="officer")
        district = make_actor(make_party("regulator", area="440118"), role="officer")
        other = make_actor(make_party("regulator", area="440117", region="440117"), role="officer")

        with django_assert_num_queries(1):
            seen_by_town = {one.id for one in queries.list_parties(town).items}
        seen_by_district = {one.id for one in queries.list_parties(district).items}

        assert here.pk in seen_by_town
        assert not {next_town.pk, next_district.pk} & seen_by_town
        assert {here.pk, next_town.pk} <= seen_by_district
        assert next_district.pk not in seen_by_district
        with pytest.raises(NotFound):
            queries.get_party(other, here.pk)

    def test_a_party_sees_itself_and_its_book_only(self):
        one, partner, stranger = make_party(), make_party("merchant"), make_party("merchant")
        Counterparty.objects.create(owner=one, party=partner, name=partner.name)

        seen = {party.id for party in queries.list_parties(make_actor(one)).items}

        assert seen == {one.pk, partner.pk}
        with pytest.raises(NotFound):
            queries.sites_of(make_actor(one), stranger.pk)

    def test_a_market_sees_its_merchants(self):
        market = make_party("market")
        own, other = (
            make_party("merchant", market=market),
            make_party("merchant", market=make_party("market")),
        )

        seen = {party.id for party in queries.list_parties(make_actor(market)).items}

        assert own.pk in seen
        assert other.pk not in seen

    def test_the_operator_sees_all_and_an_area_without_the_kind_sees_nothing(self):
        party = make_party()
        impostor = make_actor(make_party("merchant"), region="CN")

        assert party.pk in {one.id for one in queries.list_parties(make_actor(make_party("operator"))).items}
        assert party.pk not in {one.id for one in queries.list_parties(impostor).items}

    def test_the_public_sees_nobody(self):
        with pytest.raises(NotFound):
            queries.get_party(PUBLIC, make_party().pk)
        with pytest.raises(NotAllowed):
            queries.list_parties(PUBLIC)

    def test_masks_the_contact_for_who_does_not_oversee(self):
        grower = make_party(
            contact_name="王小明", phone="13800005678", legal_person="王小明", address="仙村1号"
        )
        buyer = make_party("merchant")
        Counterparty.objects.create(owner=buyer, party=grower, name=grower.name)
        officer = make_actor(make_party("regulator", area="440118"), role="officer")

        seen_by_buyer = queries.get_file(make_actor(buyer), grower.pk)

        assert seen_by_buyer.facts.phone == "138****5678"
        assert (seen_by_buyer.facts.contact_name, seen_by_buyer.legal_person, seen_by_buyer.address) == (
            "王*",
            "王*",
            "",
        )
        assert queries.facts([grower.pk])[grower.pk].phone == "138****5678"
        assert queries.get_party(officer, grower.pk).phone == "13800005678"

    def test_narrows_by_kind_state_region_and_text(self):
        operator = make_actor(make_party("operator", region=""))
        wanted = make_party("base", "仙村菜场", region="440118107")
        make_party("base", "仙村菜场二", region="440300")
        make_party("merchant", "仙村菜场三", region="440118107")

        page = queries.list_parties(operator, kind="base", status="approved", region="440118", text="仙村")

        assert [one.id for one in page.items] == [wanted.pk]

    def test_pages_stay_whole_while_parties_come_in(self):
        operator = make_actor(make_party("operator"))
        made = [make_party().pk for _ in range(5)]

        first = queries.list_parties(operator, limit=3)
        make_party()
        second = queries.list_parties(operator, limit=3, cursor=first.next)

        assert [one.id for one in (*first.items, *second.items)][:5] == made[::-1]


@pytest.mark.django_db
class TestRegions:
    def test_loads_all_regions_again_and_again(self):
        assert services.load_regions() == services.load_regions() > 3_000
        assert [one.name for one in queries.region_path("440118107")] == [
            "广东省",
            "广州市",
            "增城区",
            "仙村镇",
        ]
        assert queries.region_name("440118", "en") == "Zengcheng"
        assert "440118107" in {one.code for one in queries.list_regions("440118")}

    def test_a_choice_that_does_not_fit_ends_the_path(self):
        services.load_regions()

        levels = queries.choose_step_by_step(["440000", "440300", "440118"])

        assert [level.chosen for level in levels] == ["440000", "440300", ""]
        assert (
            queries.choose_step_by_step(["440000", "440100", "440118", "440118107"])[-1].chosen == "440118107"
        )


@pytest.mark.django_db
def test_regulator_reaches_the_sites_of_its_area():
    site = make_site(make_party("base", region="440118107"))
    district = make_actor(make_party("regulator", area="440118"), role="officer")

    assert [one.id for one in queries.sites_of(district, site.party_id)] == [site.pk]


class TestSecrecy:
    @given(st.text(max_size=40), st.text(max_size=10))
    def test_opens_with_present_and_former_keys_only(self, number, scheme):
        former, present = secrecy.derive("former"), secrecy.derive("present")
        kept = secrecy.encrypt(former, number, scheme=scheme, nonce=NONCE)

        assert secrecy.decrypt((present, former), kept, scheme=scheme) == number
        with pytest.raises(secrecy.CannotRead):
            secrecy.decrypt((present,), kept, scheme=scheme)
        with pytest.raises(secrecy.CannotRead):
            secrecy.decrypt((former,), kept, scheme=scheme + "x")

    def test_digests_differ_by_scheme_number_and_book(self):
        keys = secrecy.derive("present")
        found = {
            secrecy.digest(keys, "uscc", "1"),
            secrecy.digest(keys, "uscc", "2"),
            secrecy.digest(keys, "hk_br", "1"),
            secrecy.digest(keys, "uscc", "1", owner_id=1),
            secrecy.digest(secrecy.derive("other"), "uscc", "1"),
        }

        assert len(found) == 5
