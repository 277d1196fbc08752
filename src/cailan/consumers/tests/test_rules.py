"""What the public may read of a holder."""

import pytest

from cailan.consumers.rules import public_name


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("黄志强", "individual", "黄*"),
        ("陈大文", "external", "陈*"),
        ("李四", "merchant", "李*"),
        ("老陈档", "merchant", "老陈档"),
        ("绿源基地", "base", "绿源基地"),
        ("江南市场", "external", "江南市场"),
        ("GreenCo", "external", "GreenCo"),
    ],
)
def test_masks_persons_and_leaves_organisations(name, kind, shown):
    assert public_name(name, kind) == shown
