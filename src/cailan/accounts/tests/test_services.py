"""Signing in, locking, passwords, switching parties, keys."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cailan.accounts import queries, rules, services
from cailan.accounts.models import ApiKey, User
from cailan.kernel.access import SYSTEM
from cailan.kernel.models import AuditEntry
from cailan.kernel.problems import Conflict, InvalidInput, NotAllowed, NotFound
from cailan.parties.tests.factories import make_actor, make_party

pytestmark = pytest.mark.django_db
NOW = timezone.now()
GOOD = "Choysum-2026"


@pytest.fixture
def user():
    pk = services.open_account(
        SYSTEM, username="ana", display_name="安娜", password=GOOD, at=NOW, must_change=False
    )
    return User.objects.get(pk=pk)


def appoint(user, kind="merchant", role="owner"):
    party = make_party(kind)
    services.grant(
        SYSTEM,
        user_id=user.pk,
        party_id=party.pk,
        party_name=party.name,
        party_kind=kind,
        region="",
        role=role,
    )
    return party


class TestSignIn:
    def test_five_failures_within_a_quarter_hour_lock_for_half_an_hour(self, user):
        for minute in range(4):
            with pytest.raises(services.SignInRefused):
                services.sign_in(username="ana", password="wrong", at=NOW + timedelta(minutes=minute))
        with pytest.raises(services.AccountLocked):
            services.sign_in(username="ana", password="wrong", at=NOW + timedelta(minutes=4))
        with pytest.raises(services.AccountLocked):
            services.sign_in(username="ana", password=GOOD, at=NOW + timedelta(minutes=20))
        assert services.sign_in(username="ana", password=GOOD, at=NOW + timedelta(minutes=35)) == user
        assert AuditEntry.objects.filter(action="accounts.sign_in", succeeded=False).count() == 6

    def test_failures_far_apart_do_not_lock(self, user):
        for hour in range(9):
            with pytest.raises(services.SignInRefused):
                services.sign_in(username="ana", password="wrong", at=NOW + timedelta(hours=hour))

    def test_an_unknown_name_reads_like_a_wrong_password(self):
        with pytest.raises(services.SignInRefused):
            services.sign_in(username="nobody", password=GOOD, at=NOW)

    def test_a_first_password_must_be_changed_before_anything_else(self, client):
        services.open_account(SYSTEM, username="new", display_name="新", password=GOOD, at=NOW)
        client.post("/account/sign-in", {"username": "new", "password": GOOD})
        assert client.get("/lots").url == "/account/password"
        answer = client.post("/account/password", {"old": GOOD, "new": "Gailan-2027", "again": "Gailan-2027"})
        assert answer.status_code == 302
        assert client.session["must_change_password"] is False

    def test_a_next_address_of_another_host_is_not_followed(self, client, user):
        answer = client.post(
            "/account/sign-in?next=https://evil.example/", {"username": "ana", "password": GOOD}
        )
        assert answer.url == "/"


class TestPasswords:
    @pytest.mark.parametrize("bad", ["Ab1-", "alllowercase", "Ana-pass-2026", "Password-1234"[:8].lower()])
    def test_refuses_weak_ones_with_a_reason(self, bad):
        with pytest.raises(InvalidInput) as refusal:
            services.open_account(SYSTEM, username="ana", display_name="x", password=bad, at=NOW)
        assert refusal.value.extra["errors"]
        assert not User.objects.exists()

    def test_the_last_five_do_not_come_back(self, user):
        actor = queries.build_actor(user, None)
        old = GOOD
        for number in range(4):
            services.change_password(actor, old=old, new=f"Gailan-{number}-x", at=NOW)
            old = f"Gailan-{number}-x"
        with pytest.raises(InvalidInput):
            services.change_password(actor, old=old, new=GOOD, at=NOW)

    def test_privileged_people_need_twelve_characters(self):
        assert rules.why_password_refused("Ab1-cdef", is_privileged=True, username="x") == "too-short"
        assert rules.why_password_refused("Ab1-cdef", is_privileged=False, username="x") is None

    def test_a_taken_name_is_refused(self, user):
        with pytest.raises(Conflict):
            services.open_account(SYSTEM, username="ana", display_name="x", password=GOOD, at=NOW)


class TestParties:
    def test_one_sign_in_switches_between_its_parties_and_no_other(self, client, user):
        first, second, stranger = appoint(user), appoint(user), make_party("merchant")
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get("/account/password").wsgi_request.actor.party_id == first.pk
        assert client.post("/account/switch", {"party": second.pk}).status_code == 302
        assert client.get("/account/password").wsgi_request.actor.party_id == second.pk
        assert client.post("/account/switch", {"party": stranger.pk}).status_code == 422
        assert client.get("/account/password").wsgi_request.actor.party_id == second.pk

    def test_an_unknown_role_may_do_nothing(self):
        assert rules.permissions_for("merchant", "chief") == frozenset()
        assert rules.permissions_for("technical", "officer") == frozenset()


class TestApiKeys:
    def test_a_key_acts_for_its_party_until_revoked_or_expired(self):
        owner = make_actor(make_party("merchant"))
        token = services.create_api_key(owner, name="秤", at=NOW)
        actor = queries.actor_for_key(token, NOW)
        assert (actor.party_id, actor.means) == (owner.party_id, "api_key")
        assert queries.actor_for_key(token, NOW + timedelta(days=400)) is None
        assert queries.actor_for_key(token + "x", NOW) is None
        assert queries.actor_for_key("ck_没有.x", NOW) is None
        services.revoke_api_key(owner, key_id=ApiKey.objects.get().pk, at=NOW)
        assert queries.actor_for_key(token, NOW) is None

    def test_only_a_hash_is_kept(self):
        owner = make_actor(make_party("merchant"))
        token = services.create_api_key(owner, name="秤", at=NOW)
        assert token.partition(".")[2] not in str(ApiKey.objects.values())

    def test_a_clerk_makes_none_and_a_stranger_revokes_none(self):
        party = make_party("merchant")
        with pytest.raises(NotAllowed):
            services.create_api_key(make_actor(party, role="clerk"), name="x", at=NOW)
        services.create_api_key(make_actor(party), name="x", at=NOW)
        with pytest.raises(NotFound):
            services.revoke_api_key(
                make_actor(make_party("merchant")), key_id=ApiKey.objects.get().pk, at=NOW
            )
