"""Register, approve, refuse: what is kept, who may, what is refused."""

import pytest

from cailan.parties.tests import factories


@pytest.mark.django_db
class TestFactories:
    def test_makes_an_approved_party_with_a_key_and_an_actor(self):
        party = factories.make_party("base", region="440118107")

        actor = factories.make_actor(party)

        assert actor.party_id == party.pk
        assert factories.make_site(party).region_id == "440118107"
