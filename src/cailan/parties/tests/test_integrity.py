"""What the services write stays sound; what is changed past them is found and named; who reads what was sealed."""

import json

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from cailan.accounts import services as accounts
from cailan.accounts.models import ApiKey, Membership
from cailan.kernel.access import PUBLIC, SYSTEM
from cailan.ledger import queries as seals
from cailan.ledger import services as ledger
from cailan.ledger.models import Record
from cailan.parties import services
from cailan.parties.models import Counterparty, Party
from cailan.parties.rules.facts import ExternalSiteSpec, ExternalSpec
from cailan.parties.tests.factories import (
    AT,
    make_actor,
    make_party,
    make_region,
    resident_number,
    uscc_number,
)

pytestmark = pytest.mark.django_db
PASSWORD = "Choy-sum 2026"
KNOWN = "https://id.gs1.org/417/4006381333931"


def registration(**changed):
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


def play():
    """Register, claim, refuse, approve, appoint, settle, keep a book, know others: everything that writes rows."""
    operator = make_actor(make_party("operator", region=""))
    make_region("440118107")
    agency = {"name": "仙村镇农业办", "area": "440118107", "contact_name": "李主任", "phone": "02080000000"}
    first = {"username": "li", "password": "Zengcheng 2026"}
    town_id = services.create_agency(operator, kind="regulator", **agency, **first, at=AT)
    town = make_actor(Party.objects.get(pk=town_id))
    keeper = make_actor(make_party("merchant"))
    number = uscc_number()
    kept = {"id_scheme": "uscc", "is_supplier": True, "phone": "13900001111", "at": AT}
    claimed = services.add_counterparty(keeper, name="Old name", id_number=number, **kept)
    services.register(PUBLIC, **registration(id_number=number))
    services.refuse(town, party_id=claimed, reason="not theirs", at=AT)
    services.register(PUBLIC, **registration(id_number=number))
    services.approve(town, party_id=claimed, at=AT)
    grower = make_actor(Party.objects.get(pk=claimed))
    member = {"username": "clerk", "display_name": "小李", "role": "clerk", "password": PASSWORD}
    services.add_member(grower, **member, at=AT)
    base = services.add_site(grower, kind="base", name="仙村基地", latitude=23.1, longitude=113.6, at=AT)
    services.add_site(grower, kind="plot", name="7号田", code="7", parent_id=base, at=AT)
    person = {
        "name": "李四",
        "id_scheme": "resident_id",
        "id_number": resident_number(),
        "phone": "13700001111",
    }
    services.add_counterparty(grower, **person, is_customer=True, at=AT)
    services.ensure_import_party(SYSTEM, at=AT)
    services.ensure_external(grower, [ExternalSpec(uri=KNOWN, name="Farm", gln="4006381333931")])
    services.ensure_external_sites(grower, [ExternalSiteSpec(f"{KNOWN}/x", KNOWN, "Field", 1.5, 2.5)])
    accounts.create_api_key(grower, name="秤", at=AT)
    accounts.create_api_key(grower, name="旧秤", at=AT)
    accounts.revoke_api_key(grower, key_id=ApiKey.objects.get(name="旧秤").pk, at=AT)
    ledger.sequence_once()
    return grower, town, keeper


PAGES = ("parties:organisation", "parties:book")
CHANGES = (
    ("UPDATE parties_party SET name = 'Other' WHERE name = '仙村菜场' AND status = 'approved'", "name"),
    ("UPDATE parties_party SET name = 'Other' WHERE name = '李四'", "name"),
    ("UPDATE parties_party SET status = 'approved' WHERE status = 'refused'", "status"),
    ("UPDATE parties_party SET area_id = '440100' WHERE kind = 'regulator'", "area"),
    ("UPDATE parties_party SET phone = '1' WHERE kind = 'regulator'", "phone"),
    ("UPDATE parties_party SET gln = NULL WHERE gln IS NOT NULL", "gln"),
    (
        "UPDATE parties_party SET id_digest = set_byte(id_digest, 0, 255 - get_byte(id_digest, 0))",
        "id_digest",
    ),
    (
        "UPDATE parties_party SET id_encrypted = set_byte(id_encrypted, 20, get_byte(id_encrypted, 20) # 1)",
        "id_encrypted",
    ),
    ("UPDATE parties_party SET refused_reason = 'other' WHERE status = 'refused'", "refused_reason"),
    ("UPDATE parties_party SET uri = uri || 'x' WHERE kind = 'technical'", "missing"),
    ("UPDATE parties_site SET latitude = 23.2 WHERE name = '仙村基地'", "latitude"),
    ("UPDATE parties_site SET code = '8' WHERE kind = 'plot'", "code"),
    ("UPDATE parties_site SET name = 'Other' WHERE name = 'Field'", "name"),
    ("DELETE FROM parties_site WHERE kind = 'plot'", "missing"),
    ("UPDATE parties_counterparty SET phone = '1' WHERE phone = '13900001111'", "phone"),
    ("UPDATE parties_counterparty SET is_customer = NOT is_customer", "is_customer"),
    ("UPDATE accounts_membership SET role = 'owner' WHERE role = 'clerk'", "role"),
    ("UPDATE accounts_membership SET region = '44' WHERE region <> ''", "region"),
    ("UPDATE accounts_membership SET party_kind = 'operator'", "party_kind"),
    ("DELETE FROM accounts_membership WHERE role = 'clerk'", "missing"),
    ("UPDATE accounts_apikey SET revoked_at = NULL", "revoked_at"),
    ("UPDATE accounts_apikey SET role = 'owner'", "role"),
    ("UPDATE accounts_apikey SET digest = set_byte(digest, 0, get_byte(digest, 0) # 1)", "digest"),
)


def browser_of(actor) -> Client:
    """Return a browser in which the owner of the actor's party has signed in."""
    owner = Membership.objects.filter(party_id=actor.party_id, role="owner").select_related("user").get()
    browser = Client()
    browser.force_login(owner.user)
    session = browser.session
    session["must_change_password"] = False
    session.save()
    return browser


def named_after(change: str) -> set[str]:
    """Return what the audit names after a change that is taken back at once."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(change)
            assert cursor.rowcount, change
        found = {one.where for one in ledger.audit(SYSTEM).alterations}
        transaction.set_rollback(True)
    return found


class TestAudit:
    def test_a_row_changed_by_hand_is_named(self):
        play()
        assert ledger.audit(SYSTEM).alterations == []

        missed = [(change, named) for change, named in CHANGES if named not in named_after(change)]
        assert missed == []

    def test_a_region_that_is_not_as_listed_is_named(self):
        call_command("load_reference", verbosity=0)
        assert ledger.audit(SYSTEM).is_sound

        with connection.cursor() as cursor:
            cursor.execute("UPDATE parties_region SET name_zh = name_zh || '区' WHERE code = '440118'")
        [found] = ledger.audit(SYSTEM).alterations
        assert (found.where, found.subject) == ("name_zh", "parties_region 440118")


class TestPages:
    def test_party_places_people_and_book_show_their_seals_and_the_way_to_check_them(self):
        grower, town, _keeper = play()
        party = Party.objects.get(pk=grower.party_id)
        people = {row.subject: row.pk for row in Record.objects.filter(subject__startswith=f"{party.uri}#")}
        places = Record.objects.filter(kind="parties.site_added", party_id=party.pk)
        whole = Record.objects.filter(subject=party.uri).latest("pk")

        shown = [browser_of(grower).get(reverse(name)).content.decode() for name in PAGES]
        overseen = browser_of(town).get(reverse("parties:party", args=[party.pk])).content.decode()

        for record in [*people.values(), *places.values_list("pk", flat=True), whole.pk]:
            assert any(f"/verify?record={record}" in page for page in shown)
        for record in [*places, whole]:
            assert f"/verify?record={record.pk}" in overseen
        assert town.party_name in overseen


class TestDiscretion:
    def test_seals_nothing_of_a_person_in_clear(self):
        play()

        sealed = "".join(Record.objects.filter(kind__startswith="parties.").values_list("payload", flat=True))
        for secret in ("王小明", "李主任", "李四", "13800005678", "02080000000", "13700001111", "仙村镇1号"):
            assert secret not in sealed
        assert "仙村菜场" in sealed

    def test_the_log_does_not_say_whom_a_party_deals_with(self):
        one = make_party("base")
        known = services.add_counterparty(make_actor(one), name="衡阳某合作社", is_supplier=True, at=AT)

        sealed = Record.objects.get(kind="parties.counterparty_kept")

        entry = Counterparty.objects.get(owner=one, party_id=known)
        assert sealed.subject == f"{one.uri}#entry-{entry.pk}"

    def test_the_same_value_of_two_rows_looks_different(self):
        for _ in range(2):
            services.register(PUBLIC, **registration())

        rows = Record.objects.filter(kind="parties.registered").values_list("payload", flat=True)
        one, other = (json.loads(payload)["phone"] for payload in rows)
        assert one != other


class TestDisclosure:
    def test_content_is_read_by_the_party_and_those_who_oversee_it(self):
        grower, town, keeper = play()
        party = Party.objects.get(pk=grower.party_id)
        record = Record.objects.filter(subject=party.uri).latest("pk").pk

        assert seals.may_read(grower, record)
        assert seals.may_read(town, record)
        assert seals.may_read(SYSTEM, record)
        assert not seals.may_read(keeper, record)
        assert not seals.may_read(PUBLIC, record)

    @pytest.mark.parametrize(
        ("kind", "is_open_to_town"),
        [
            ("parties.site_added", True),
            ("parties.role_granted", True),
            ("parties.counterparty_kept", False),
            ("accounts.api_key.created", False),
        ],
    )
    def test_books_and_keys_are_their_owners_own(self, kind, is_open_to_town):
        grower, town, keeper = play()
        record = Record.objects.filter(kind=kind, party_id=grower.party_id).latest("pk").pk

        assert seals.may_read(grower, record)
        assert seals.may_read(town, record) is is_open_to_town
        assert not seals.may_read(keeper, record)
