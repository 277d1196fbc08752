"""What the verify page takes: a record's number, or a copy of a proof."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cailan.ledger.rules.proofs import LONGEST


class RecordForm(forms.Form):
    """A record of the log by its number."""

    record = forms.IntegerField(label=_("Record number"), min_value=1, max_value=2**63 - 1)


class CopyForm(forms.Form):
    """A proof that somebody holds: as a file, or its text."""

    file = forms.FileField(label=_("Proof file"), required=False)
    text = forms.CharField(
        label=_("or its text"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if file is not None and file.size > LONGEST:
            raise forms.ValidationError(_("This file is far too large for a proof. Choose another."))
        # A browser sends what is pasted with other line ends, and people copy without the last one.
        pasted = (cleaned.get("text") or "").replace("\r\n", "\n").strip() + "\n"
        cleaned["copy"] = file.read() if file is not None else pasted.encode()
        if not cleaned["copy"].strip():
            raise forms.ValidationError(_("Choose a proof file, or paste its text."))
        return cleaned
