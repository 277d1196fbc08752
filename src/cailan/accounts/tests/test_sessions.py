"""How a session begins, what ends it, and who is slowed down."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cailan.accounts import rules, services
from cailan.accounts.models import User
from cailan.kernel import audit
from cailan.kernel.access import SYSTEM
from cailan.kernel.models import AuditEntry
from cailan.kernel.problems import TooMany
from cailan.parties.tests.factories import make_party

pytestmark = pytest.mark.django_db
GOOD = "Choysum-2026"


@pytest.fixture
def user():
    pk = services.open_account(
        SYSTEM, username="ana", display_name="安娜", password=GOOD, at=timezone.now(), must_change=False
    )
    return User.objects.get(pk=pk)


def appoint(user, party, role="owner"):
    services.grant(
        SYSTEM,
        user_id=user.pk,
        party_id=party.pk,
        party_name=party.name,
        party_kind=party.kind,
        region="",
        role=role,
    )


def sign_in(client=None, **more):
    client = client or Client()
    client.post("/account/sign-in", {"username": "ana", "password": GOOD, **more})
    return client


class TestBegin:
    def test_signing_in_changes_the_number_of_the_session(self, user, client):
        session = client.session
        session["planted"] = 1
        session.save()
        before = session.session_key

        sign_in(client)

        assert client.session.session_key != before
        assert client.cookies["sessionid"]["httponly"]
        assert client.cookies["sessionid"]["samesite"] == "Lax"

    @pytest.mark.parametrize(
        ("kind", "minutes"), [("merchant", 30), ("market", 15), ("regulator", 15), ("operator", 15)]
    )
    def test_privileged_people_are_signed_out_after_a_quarter_hour(self, user, kind, minutes):
        appoint(user, make_party(kind))

        client = sign_in()

        assert client.cookies["sessionid"]["max-age"] == minutes * 60
        assert client.session.get_expiry_age() == minutes * 60

    def test_the_pages_come_in_the_language_that_was_chosen(self, user):
        client = sign_in()
        assert "django_language" not in client.cookies

        client.post("/language", {"language": "en"})
        elsewhere = sign_in()

        assert elsewhere.cookies["django_language"].value == "en"


class TestEnd:
    def test_a_new_password_ends_all_other_sessions(self, user):
        here, elsewhere = sign_in(), sign_in()

        here.post("/account/password", {"old": GOOD, "new": "Gailan-2027", "again": "Gailan-2027"})

        assert here.get("/api/v1/me").status_code == 200
        assert elsewhere.get("/api/v1/me").status_code == 401

    def test_a_role_that_was_changed_ends_the_sessions_in_it(self, user):
        party = make_party("merchant")
        appoint(user, party)
        client = sign_in()
        assert client.get("/api/v1/me").json()["role"] == "owner"

        appoint(user, party, role="clerk")

        assert client.get("/api/v1/me").status_code == 401
        assert sign_in().get("/api/v1/me").json()["role"] == "clerk"

    def test_a_role_that_was_taken_does_not_slip_into_another_party(self, user):
        first, second = make_party("merchant"), make_party("merchant")
        appoint(user, first)
        appoint(user, second)
        client = sign_in()
        assert client.get("/api/v1/me").json()["party_id"] == first.pk

        user.memberships.filter(party_id=first.pk).update(is_active=False)

        assert client.get("/api/v1/me").status_code == 401

    def test_a_first_role_and_a_switch_do_not(self, user):
        client = sign_in()
        assert client.get("/api/v1/me").json()["party_id"] is None
        first, second = make_party("merchant"), make_party("merchant")
        appoint(user, first)
        appoint(user, second)

        assert client.get("/api/v1/me").json()["party_id"] == first.pk
        client.post("/account/switch", {"party": second.pk})
        assert client.get("/api/v1/me").json()["party_id"] == second.pk

    def test_signing_out_is_recorded(self, user):
        client = sign_in()

        client.post("/account/sign-out")

        assert AuditEntry.objects.filter(action="accounts.sign_out", user_id=user.pk).count() == 1
        assert client.get("/api/v1/me").status_code == 401


def test_a_password_that_must_be_changed_opens_no_door_for_machines_either(user):
    User.objects.update(password_changed_at=timezone.now() - rules.MAX_AGE - timedelta(days=1))
    client = sign_in()

    answer = client.get("/api/v1/me")
    captured = client.post("/epcis/capture", "{}", content_type="application/json")

    assert (answer.status_code, captured.status_code) == (403, 403)
    assert answer.json()["type"] == "/problems/password-expired"
    assert client.get("/lots").url == "/account/password"


class TestManyTries:
    def test_an_address_that_guesses_at_many_accounts_waits(self, user, client):
        AuditEntry.objects.bulk_create(
            AuditEntry(
                means="public", action="accounts.sign_in", target="x", succeeded=False, address="127.0.0.1"
            )
            for _ in range(rules.FAILURES_OF_ADDRESS)
        )

        answer = client.post(
            "/account/sign-in", {"username": "ana", "password": GOOD}, headers={"accept": "application/json"}
        )

        assert answer.status_code == 429
        assert 0 < int(answer["Retry-After"]) <= rules.FAILURE_WINDOW.total_seconds()
        later = timezone.now() + rules.FAILURE_WINDOW
        assert services.sign_in(username="ana", password=GOOD, at=later) == user

    def test_counts_an_address_and_an_act_apart(self):
        now, hour = timezone.now(), timedelta(hours=1)
        token = audit.remote_address.set("203.0.113.7")
        try:
            audit.record(SYSTEM, "a", "x")
            with pytest.raises(TooMany):
                audit.refuse_too_many("a", most=1, within=hour, at=now)
            audit.refuse_too_many("a", most=2, within=hour, at=now)
            audit.refuse_too_many("b", most=1, within=hour, at=now)
            audit.remote_address.set("203.0.113.8")
            audit.refuse_too_many("a", most=1, within=hour, at=now)
        finally:
            audit.remote_address.reset(token)

    def test_registering_is_counted_at_both_doors(self, client, monkeypatch):
        monkeypatch.setattr("cailan.parties.services.registration._MOST_TRIES", 1)
        body = {"kind": "base", "name": "某", "id_scheme": "uscc", "id_number": "x", "region": "440118"}

        first = client.post("/api/v1/registrations", body, content_type="application/json")
        again = client.post("/api/v1/registrations", body, content_type="application/json")

        assert (first.status_code, again.status_code) == (422, 429)
        assert 0 < int(again["Retry-After"]) <= 3600
        assert AuditEntry.objects.filter(action="parties.registration.tried").count() == 1
        form = {
            "name": "某", "id_scheme": "uscc", "id_number": "x", "legal_person": "某",
            "legal_id_scheme": "resident_id", "region": "440118", "address": "某", "contact_name": "某",
            "phone": "1", "username": "u", "password": "p",
        }  # fmt: skip
        assert client.post("/register/base", form).status_code == 429
