"""One's suppliers and customers; and parties that only documents name."""

import pytest

from cailan.kernel.access import SYSTEM
from cailan.kernel.problems import InvalidInput, NotAllowed
from cailan.parties import queries, services
from cailan.parties.models import Party, Site
from cailan.parties.rules.facts import ExternalSiteSpec, ExternalSpec
from cailan.parties.services.identities import check, keep
from cailan.parties.tests.factories import AT, make_actor, make_party, resident_number, uscc_number

pytestmark = pytest.mark.django_db


def registered(number: str, scheme: str = "uscc", **fields) -> Party:
    kept = keep(check(scheme, number, where="id_number", on=AT.date()))
    return make_party(id_scheme=scheme, id_masked=kept.masked, id_digest=kept.digest, **fields)


class TestAddCounterparty:
    @pytest.mark.requirement("S3-4.2.8-1")
    def test_keeps_the_six_fields_and_finds_a_subject_of_the_platform_by_credit_code(self):
        number = uscc_number()
        supplier = registered(number, name="连州绿源合作社")
        merchant = make_actor(make_party("merchant"))
        six = {
            "name": "绿源",
            "address": "连州市1号",
            "legal_person": "李四",
            "contact_name": "张三",
            "phone": "13800001111",
        }

        found = queries.find_by_identity(merchant, "uscc", number)
        party_id = services.add_counterparty(
            merchant, id_scheme="uscc", id_number=number, is_supplier=True, at=AT, **six
        )

        entry = queries.counterparties(merchant, kind="supplier").items[0]
        assert found.id == party_id == supplier.pk
        assert {name: getattr(entry, name) for name in six} == six
        assert (entry.id_scheme, entry.id_masked, entry.is_registered) == ("uscc", supplier.id_masked, True)

    @pytest.mark.requirement("S3-4.2.8-2")
    def test_keeps_a_person_checked_encrypted_and_masked(self):
        merchant = make_actor(make_party("merchant"))
        number = resident_number(born="19900102")

        party_id = services.add_counterparty(
            merchant,
            name="李四",
            id_scheme="resident_id",
            id_number=number,
            address="连州",
            phone="13800001111",
            is_supplier=True,
            at=AT,
        )

        kept = Party.objects.get(pk=party_id)
        entry = queries.counterparties(merchant).items[0]
        assert "19900102" not in entry.id_masked
        assert number.encode() not in bytes(kept.id_encrypted)
        assert number not in kept.uri
        mistyped = number[:-1] + ("1" if number.endswith("0") else "0")
        with pytest.raises(InvalidInput):
            services.add_counterparty(
                merchant, name="x", id_scheme="resident_id", id_number=mistyped, is_supplier=True, at=AT
            )

    def test_two_parties_that_keep_one_organisation_speak_of_the_same(self):
        number = uscc_number()
        given = {"id_scheme": "uscc", "id_number": number, "is_supplier": True, "at": AT}

        one = services.add_counterparty(make_actor(make_party("merchant")), name="绿源", **given)
        other = services.add_counterparty(make_actor(make_party("merchant")), name="绿源合作社", **given)

        assert one == other
        assert number not in Party.objects.get(pk=one).uri

    def test_does_not_link_what_two_parties_keep_of_one_person(self):
        number = resident_number()
        given = {
            "name": "李四",
            "id_scheme": "resident_id",
            "id_number": number,
            "is_supplier": True,
            "at": AT,
        }

        one = services.add_counterparty(make_actor(make_party("merchant")), **given)
        other = services.add_counterparty(make_actor(make_party("merchant")), **given)

        assert one != other

    def test_tells_nobody_who_has_a_persons_number(self):
        number = resident_number()
        person = registered(number, "resident_id", kind="individual", name="李四")
        curious = make_actor(make_party("merchant"))
        given = {"id_scheme": "resident_id", "id_number": number, "is_supplier": True, "at": AT}

        assert queries.find_by_identity(curious, "resident_id", number) is None
        assert services.add_counterparty(curious, name="王五", **given) != person.pk
        assert services.add_counterparty(curious, name="李四", **given) == person.pk

    def test_kept_again_takes_both_roles_and_loses_nothing(self):
        merchant = make_actor(make_party("merchant"))
        first = services.add_counterparty(merchant, name="绿源", phone="1380000", is_supplier=True, at=AT)

        again = services.add_counterparty(merchant, name="绿源", is_customer=True, at=AT)

        entry = queries.counterparties(merchant).items[0]
        assert first == again
        assert (entry.is_supplier, entry.is_customer, entry.phone) == (True, True, "1380000")

    def test_a_name_typed_by_two_parties_is_two_parties(self):
        one = services.add_counterparty(make_actor(make_party()), name="绿源", is_supplier=True, at=AT)
        other = services.add_counterparty(make_actor(make_party()), name="绿源", is_supplier=True, at=AT)

        assert one != other

    def test_refuses_oneself_and_nothing(self):
        number = uscc_number()
        me = make_actor(registered(number))

        for given in (
            {"name": "me", "id_scheme": "uscc", "id_number": number, "is_supplier": True},
            {"name": "x"},
        ):
            with pytest.raises(InvalidInput):
                services.add_counterparty(me, at=AT, **given)

    def test_is_for_who_manages_the_party(self):
        with pytest.raises(NotAllowed):
            services.add_counterparty(
                make_actor(make_party(), role="clerk"), name="x", is_supplier=True, at=AT
            )


class TestBook:
    def test_shows_only_ones_own_in_pages(self, django_assert_num_queries):
        merchant = make_actor(make_party("merchant"))
        for number in range(5):
            services.add_counterparty(merchant, name=f"供应商 {number}", is_supplier=True, at=AT)
        services.add_counterparty(make_actor(make_party()), name="供应商 x", is_supplier=True, at=AT)

        with django_assert_num_queries(1):
            first = queries.counterparties(merchant, text="供应商", limit=3)
        second = queries.counterparties(merchant, text="供应商", limit=3, cursor=first.next)

        assert [entry.name for entry in (*first.items, *second.items)] == [
            f"供应商 {n}" for n in range(4, -1, -1)
        ]
        assert second.next == ""


class TestExternals:
    def test_makes_thousands_once_in_few_statements(self, django_assert_max_num_queries):
        specs = [ExternalSpec(uri=f"https://id.gs1.org/417/{n:013d}", name=f"Farm {n}") for n in range(3000)]

        with django_assert_max_num_queries(20):
            first = services.ensure_external(SYSTEM, [*specs, specs[0]])
        again = services.ensure_external(SYSTEM, specs)

        assert first == again
        assert len(first) == 3000
        assert Party.objects.filter(status="external", kind="external").count() == 3000

    def test_leaves_a_registered_party_as_it_is(self):
        party = make_party("base", "连州绿源合作社", uri="https://id.gs1.org/417/4006381333931")

        found = services.ensure_external(
            SYSTEM, [ExternalSpec(uri=party.uri, name="Somebody", region="nowhere")]
        )

        assert found == {party.uri: party.pk}
        assert Party.objects.get(pk=party.pk).name == "连州绿源合作社"

    def test_makes_places_of_known_parties(self):
        party = make_party("base")
        specs = [
            ExternalSiteSpec(
                uri="https://id.gs1.org/414/4006381333931",
                party_uri=party.uri,
                name="Field",
                latitude=1.5,
                longitude=2.5,
            ),
            ExternalSiteSpec(
                uri="https://id.cailan.example/site/x", party_uri="https://nobody.example", name="?"
            ),
        ]

        found = services.ensure_external_sites(SYSTEM, specs)

        assert list(found) == ["https://id.gs1.org/414/4006381333931"]
        site = Site.objects.get(pk=found["https://id.gs1.org/414/4006381333931"])
        assert (site.party_id, site.latitude, site.region_id) == (party.pk, 1.5, party.region_id)
        assert services.ensure_external_sites(SYSTEM, specs) == found
