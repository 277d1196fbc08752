"""Two people at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from cailan.kernel.access import PUBLIC
from cailan.kernel.problems import Conflict
from cailan.parties import services
from cailan.parties.models import Party
from cailan.parties.tests.factories import (
    AT,
    make_actor,
    make_party,
    make_region,
    resident_number,
    uscc_number,
)

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts) -> list[object]:
    """Do all at once, each on its own connection; return their answers and refusals."""
    start = Barrier(len(acts))

    def run(act):
        try:
            start.wait()
            return act()
        except Conflict as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_one_number_is_registered_once():
    number = uscc_number()
    make_region("440118107")

    def register(name: str):
        return lambda: services.register(
            PUBLIC, kind="base", name=name, id_scheme="uscc", id_number=number, region="440118107", username=name,
            password="Choy-sum 2026", legal_person="王", legal_id_number=resident_number(), at=AT,
        )  # fmt: skip

    answers = together(register("one"), register("two"))

    assert sum(isinstance(answer, int) for answer in answers) == 1
    assert Party.objects.filter(status="pending").count() == 1


def test_one_registration_is_decided_once():
    party = make_party(region="440118107", status="pending")
    officer = make_actor(make_party("regulator", area="440118"), role="officer")

    answers = together(
        lambda: services.approve(officer, party_id=party.pk, at=AT),
        lambda: services.refuse(officer, party_id=party.pk, reason="no", at=AT),
    )

    assert answers.count(None) == 1


def test_two_parties_keep_one_organisation():
    number = uscc_number()
    keepers = [make_actor(make_party("merchant")) for _ in range(2)]

    def keep(actor):
        return lambda: services.add_counterparty(
            actor, name="绿源", id_scheme="uscc", id_number=number, is_supplier=True, at=AT
        )

    assert len(set(together(*map(keep, keepers)))) == 1
