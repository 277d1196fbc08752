"""What the public may read of a party's name."""

import pytest

from cailan.ledger.queries import signer_names
from cailan.parties.rules.masking import public_name
from cailan.parties.tests.factories import make_party


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("黄志强", "individual", "黄*"),
        ("陈大文", "external", "陈*"),
        ("欧阳小明", "merchant", "欧阳*"),
        ("李四", "merchant", "李*"),
        ("老陈档", "merchant", "老陈档"),
        ("绿源基地", "base", "绿源基地"),
        ("江南市场", "external", "江南市场"),
        ("GreenCo", "external", "GreenCo"),
    ],
)
def test_masks_persons_and_leaves_organisations(name, kind, shown):
    assert public_name(name, kind) == shown


@pytest.mark.django_db
def test_whoever_verifies_a_seal_does_not_read_a_persons_name():
    person = make_party("individual", name="黄志强")
    farm = make_party("base", name="绿源基地")

    assert signer_names([person.pk, farm.pk]) == {person.pk: "黄*", farm.pk: "绿源基地"}
