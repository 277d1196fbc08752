"""What people read of what a laboratory found."""

import pytest
from django.utils.translation import override

from cailan.supervision.templatetags.recall_words import finding_words


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "毒死蜱‖0.081 mg/kg‖CN ≤0.02，HK ≤0.05",
            "毒死蜱检出 0.081 mg/kg（限量：内地 ≤0.02，香港 ≤0.05）",
        ),
        (
            "甲‖1 mg/kg‖MO ≤0.5；乙‖2 mg/kg‖CN 不得检出",
            "甲检出 1 mg/kg（限量：澳门 ≤0.5）；乙检出 2 mg/kg（限量：内地 不得检出）",
        ),
        ("安全间隔期未满", "安全间隔期未满"),
        ("", ""),
    ],
)
def test_findings_are_said_for_people(text, shown):
    with override("zh-hans"):
        assert finding_words(text) == shown
