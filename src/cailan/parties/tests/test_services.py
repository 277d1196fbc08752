"""Register, approve, refuse: what is kept, who may, what is refused."""

import json

import pytest
from django.db import connection

from cailan.accounts.models import Membership, User
from cailan.kernel.access import PUBLIC, SYSTEM
from cailan.kernel.models import AuditEntry, OutboxEvent
from cailan.kernel.problems import Conflict, InvalidInput, NotAllowed, NotFound
from cailan.ledger.models import Record
from cailan.parties import queries, services
from cailan.parties.models import Party
from cailan.parties.queries.reading import secrets_in_use
from cailan.parties.rules import secrecy
from cailan.parties.services.approval import NotPending
from cailan.parties.services.registration import AlreadyRegistered
from cailan.parties.tests.factories import (
    AT,
    make_actor,
    make_party,
    make_region,
    make_site,
    resident_number,
    uscc_number,
)

pytestmark = pytest.mark.django_db
PASSWORD = "Choy-sum 2026"


def fields(**changed):
    make_region("440118107")
    return {
        "kind": "base",
        "name": "仙村菜场",
        "id_scheme": "uscc",
        "id_number": uscc_number(),
        "region": "440118107",
        "address": "仙村镇1号",
        "legal_person": "王小明",
        "legal_id_number": resident_number(),
        "contact_name": "王小明",
        "phone": "13800005678",
        "username": f"grower-{uscc_number()}",
        "password": PASSWORD,
        "at": AT,
        **changed,
    }


def errors(refused) -> dict[str, str]:
    return {error["where"]: error["what"] for error in refused.value.extra["errors"]}


@pytest.fixture
def town():
    return make_actor(make_party("regulator", "仙村镇农业办", area="440118107"), role="officer")


class TestRegister:
    @pytest.mark.requirement("S2-5.3.3.3a-1")
    def test_keeps_numbers_encrypted_and_shows_them_masked(self):
        number, legal = uscc_number(category="2"), resident_number(born="19751231")

        party = Party.objects.get(
            pk=services.register(PUBLIC, **fields(kind="merchant", id_number=number, legal_id_number=legal))
        )

        assert party.status == "pending"
        assert number not in party.id_masked
        assert legal not in party.legal_id_masked
        assert "19751231" not in party.legal_id_masked
        with connection.cursor() as cursor:
            cursor.execute("SELECT parties_party::text FROM parties_party WHERE id = %s", [party.pk])
            row = cursor.fetchone()[0]
        for secret in (number, legal):
            assert secret not in row
            assert secret.encode().hex() not in row
        kept = secrecy.decrypt(secrets_in_use(), bytes(party.legal_id_encrypted), scheme="resident_id")
        assert kept == legal

    @pytest.mark.requirement("S2-5.3.3.3a-1")
    @pytest.mark.parametrize(
        ("changed", "where"),
        [
            ({"id_number": "91440118MA5ABCDE1X"}, "id_number"),
            ({"id_number": ""}, "id_number"),
            ({"id_scheme": "passport"}, "id_number"),
            ({"legal_id_number": "440118198001010011"}, "legal_id_number"),
            ({"legal_id_number": ""}, "legal_id_number"),
            ({"legal_id_number": resident_number(born="20301231")}, "legal_id_number"),
            ({"region": "999999"}, "region"),
            ({"region": "CN"}, "region"),
            ({"name": "  "}, "name"),
            ({"gln": "4006381333932"}, "gln"),
            ({"market_id": 1}, "market_id"),
            ({"username": ""}, "username"),
            ({"password": "short"}, "password"),
            ({"kind": "market", "password": "Short 12"}, "password"),
        ],
    )
    def test_refuses_at_the_field(self, changed, where):
        make_region("440118107")

        with pytest.raises(InvalidInput) as refused:
            services.register(PUBLIC, **fields(**changed))

        assert where in errors(refused)
        assert not Party.objects.filter(name="仙村菜场").exists()
        assert not User.objects.filter(username__startswith="grower-").exists()

    @pytest.mark.parametrize("kind", ["regulator", "operator", "technical", "external", "king"])
    def test_leaves_authorities_to_the_operator(self, kind):
        with pytest.raises(NotAllowed):
            services.register(PUBLIC, **fields(kind=kind))

    def test_refuses_the_same_number_twice_in_any_writing(self):
        number = uscc_number()
        services.register(PUBLIC, **fields(id_number=number))

        with pytest.raises(AlreadyRegistered):
            services.register(PUBLIC, **fields(id_number=f" {number.lower()[:8]}-{number[8:]}"))

        assert Party.objects.filter(status="pending").count() == 1

    def test_finds_the_same_number_after_the_secret_was_changed(self, settings):
        number = uscc_number()
        services.register(PUBLIC, **fields(id_number=number))
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another secret " * 5

        with pytest.raises(AlreadyRegistered):
            services.register(PUBLIC, **fields(id_number=number))

    def test_refuses_a_user_name_that_is_taken(self):
        given = fields()
        services.register(PUBLIC, **given)

        with pytest.raises(Conflict):
            services.register(PUBLIC, **fields(username=given["username"]))

    def test_seals_and_audits_without_a_number_of_a_person(self):
        legal = resident_number()
        party = Party.objects.get(pk=services.register(PUBLIC, **fields(legal_id_number=legal)))

        record = Record.objects.get(kind="parties.registered", subject=party.uri)

        assert json.loads(record.payload)["name"] == "仙村菜场"
        assert legal not in record.payload
        assert AuditEntry.objects.filter(action="parties.party.registered").exists()

    def test_takes_a_gln_as_the_name_for_the_world(self):
        party_id = services.register(PUBLIC, **fields(gln="4006381333931"))

        assert queries.facts([party_id])[party_id].uri == "https://id.gs1.org/417/4006381333931"


class TestApprove:
    @pytest.mark.requirement("S2-5.3.3.3a-1")
    def test_gives_a_key_and_makes_the_registrant_owner(self, town):
        party_id = services.register(PUBLIC, **fields())

        services.approve(town, party_id=party_id, at=AT)

        member = Membership.objects.get(party_id=party_id)
        assert (member.role, member.region, member.is_active) == ("owner", "", True)
        assert Record.objects.filter(
            kind="ledger.key.created", payload__contains=f'"party":{party_id}'
        ).exists()
        assert Record.objects.filter(kind="parties.approved", party_id=town.party_id).exists()
        assert OutboxEvent.objects.get(name="parties.party.approved").payload["party_id"] == party_id

    def test_gives_no_rights_before(self):
        party_id = services.register(PUBLIC, **fields())

        assert not Membership.objects.filter(party_id=party_id).exists()

    @pytest.mark.requirement("S0-2.3.2-4")
    @pytest.mark.parametrize("area", ["440118102", "440117", "440300"])
    def test_is_not_for_another_area(self, area):
        party_id = services.register(PUBLIC, **fields())
        elsewhere = make_actor(make_party("regulator", area=area), role="officer")

        with pytest.raises(NotFound):
            services.approve(elsewhere, party_id=party_id, at=AT)

    @pytest.mark.parametrize("area", ["440118107", "440118", "440100", "440000", "CN"])
    def test_is_for_every_level_above(self, area):
        party_id = services.register(PUBLIC, **fields())

        services.approve(
            make_actor(make_party("regulator", area=area), role="officer"), party_id=party_id, at=AT
        )

        assert Party.objects.get(pk=party_id).status == "approved"

    def test_lets_a_market_decide_on_its_merchants_only(self):
        market = make_party("market")
        manager = make_actor(market)
        own = services.register(PUBLIC, **fields(kind="merchant", market_id=market.pk))
        other = services.register(PUBLIC, **fields(kind="merchant"))

        services.approve(manager, party_id=own, at=AT)

        with pytest.raises(NotFound):
            services.approve(manager, party_id=other, at=AT)

    def test_is_not_for_an_auditor(self):
        party_id = services.register(PUBLIC, **fields())
        auditor = make_actor(make_party("regulator", area="440118"), role="auditor")

        with pytest.raises(NotAllowed):
            services.approve(auditor, party_id=party_id, at=AT)

    def test_decides_once(self, town):
        party_id = services.register(PUBLIC, **fields())
        services.approve(town, party_id=party_id, at=AT)

        with pytest.raises(NotPending):
            services.refuse(town, party_id=party_id, reason="late", at=AT)

    def test_is_not_for_oneself(self):
        officer = make_actor(make_party("regulator", area="440118"), role="officer", user_id=77)
        party_id = services.register(officer, **fields())

        with pytest.raises(NotAllowed):
            services.approve(officer, party_id=party_id, at=AT)


class TestRefuse:
    def test_frees_the_number_for_a_right_registration(self, town):
        number = uscc_number()
        party_id = services.register(PUBLIC, **fields(id_number=number))

        services.refuse(town, party_id=party_id, reason="营业执照不清楚", at=AT)

        again = services.register(PUBLIC, **fields(id_number=number))
        assert Party.objects.get(pk=party_id).refused_reason == "营业执照不清楚"
        assert Party.objects.get(pk=again).status == "pending"

    def test_asks_for_a_reason(self, town):
        party_id = services.register(PUBLIC, **fields())

        with pytest.raises(InvalidInput):
            services.refuse(town, party_id=party_id, reason="  ", at=AT)


class TestClaim:
    def test_a_subject_known_from_documents_becomes_the_one_that_registers(self, town):
        number = uscc_number()
        keeper = make_actor(make_party("merchant"))
        known = services.add_counterparty(
            keeper, name="Old name", id_scheme="uscc", id_number=number, is_supplier=True, at=AT
        )

        party_id = services.register(PUBLIC, **fields(id_number=number))
        services.approve(town, party_id=party_id, at=AT)

        assert party_id == known
        assert queries.facts([known])[known].name == "仙村菜场"
        assert queries.counterparties(keeper).items[0].is_registered

    def test_a_refused_claim_leaves_the_subject_as_it_was(self, town):
        number = uscc_number()
        keeper = make_actor(make_party("merchant"))
        known = services.add_counterparty(
            keeper, name="Old name", id_scheme="uscc", id_number=number, is_supplier=True, at=AT
        )
        given = fields(id_number=number)
        services.register(PUBLIC, **given)

        services.refuse(town, party_id=known, reason="not theirs", at=AT)

        external = Party.objects.get(pk=known)
        assert (external.status, external.name, external.phone) == ("external", "Old name", "")
        user = User.objects.get(username=given["username"])
        registrant = make_actor(make_party("base"), user_id=user.pk)
        assert [one.status for one in queries.list_registrations(registrant)] == ["refused"]
        assert services.register(PUBLIC, **fields(id_number=number)) == known


class TestAgencies:
    @pytest.mark.requirement("S2-5.3.3.3b-1")
    def test_operator_sets_up_an_authority_whose_officers_see_their_area_only(self):
        operator = make_actor(make_party("operator", region=""))
        make_region("440118107")
        party_id = services.create_agency(
            operator,
            kind="regulator",
            name="仙村镇农业办",
            area="440118107",
            contact_name="李主任",
            username="li",
            password="Zengcheng 2026",
            at=AT,
        )
        owner = make_actor(Party.objects.get(pk=party_id))
        services.add_member(
            owner, username="chen", display_name="陈", role="officer", password="Xiancun-2026x", at=AT
        )
        here, there = make_party("base", region="440118107"), make_party("base", region="440118102")
        officer = make_actor(Party.objects.get(pk=party_id), role="officer")

        seen = {one.id for one in queries.list_parties(officer).items}

        assert set(Membership.objects.filter(party_id=party_id).values_list("role", "region")) == {
            ("owner", "440118107"),
            ("officer", "440118107"),
        }
        assert here.pk in seen
        assert there.pk not in seen

    def test_nobody_else_sets_up_an_authority(self):
        with pytest.raises(NotAllowed):
            services.create_agency(
                make_actor(make_party("base")), kind="regulator", name="x", area="440118", at=AT
            )

    def test_the_first_operator_is_made_by_the_system(self):
        party_id = services.create_agency(SYSTEM, kind="operator", name="平台运营", at=AT)

        assert Party.objects.get(pk=party_id).status == "approved"

    def test_draws_nobody_into_a_party(self):
        owner = make_actor(make_party("base"))
        given = {"display_name": "x", "role": "clerk", "password": PASSWORD, "at": AT}
        services.add_member(owner, username="same", **given)

        with pytest.raises(Conflict):
            services.add_member(make_actor(make_party("base")), username="same", **given)

    def test_offers_no_role_of_another_kind(self):
        with pytest.raises(InvalidInput):
            services.add_member(
                make_actor(make_party("base")),
                username="x",
                display_name="x",
                role="officer",
                password=PASSWORD,
                at=AT,
            )


class TestSites:
    def test_plot_lies_in_a_base_of_ones_own(self):
        party = make_party("base", region="440118107")
        owner = make_actor(party)
        base = services.add_site(owner, kind="base", name="一号基地", latitude=23.2, longitude=113.7, at=AT)

        plot = services.add_site(owner, kind="plot", name="七号地", code="7", parent_id=base, at=AT)

        assert queries.site_facts([plot])[plot].region == "440118107"
        assert Record.objects.filter(kind="parties.site_added", party_id=party.pk).count() == 2

    @pytest.mark.parametrize(
        ("changed", "where"),
        [
            ({"kind": "plot"}, "parent_id"),
            ({"kind": "castle"}, "kind"),
            ({"parent_id": 10**12}, "parent_id"),
            ({"latitude": 23.0}, "latitude"),
            ({"latitude": 91.0, "longitude": 0.0}, "latitude"),
            ({"region": "000000"}, "region"),
            ({"name": ""}, "name"),
            ({"gln": "123"}, "gln"),
        ],
    )
    def test_refuses_at_the_field(self, changed, where):
        given = {"kind": "base", "name": "一号基地", "at": AT} | changed

        with pytest.raises(InvalidInput) as refused:
            services.add_site(make_actor(make_party("base")), **given)

        assert where in errors(refused)

    def test_lies_in_no_place_of_a_stranger(self):
        foreign = make_site(make_party("base"))

        with pytest.raises(InvalidInput):
            services.add_site(
                make_actor(make_party("base")), kind="plot", name="x", parent_id=foreign.pk, at=AT
            )

    def test_stall_number_is_taken_once_in_a_market(self):
        market = make_site(make_party("market"), kind="market")
        given = {"kind": "stall", "name": "A-12", "code": "A-12", "parent_id": market.pk, "at": AT}
        services.add_site(make_actor(make_party("merchant")), **given)

        with pytest.raises(Conflict):
            services.add_site(make_actor(make_party("merchant")), **given)
