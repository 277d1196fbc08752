"""The form for a new document."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cailan.documents.rules import EXTENSIONS, KIND_LABELS

ACCEPTED = ",".join(f".{extension}" for extension in EXTENSIONS)


class UploadForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind of document"),
        choices=lambda: [(kind.value, _(label)) for kind, label in KIND_LABELS.items()],
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("JPEG, PNG, WebP, PDF, XLSX, CSV, JSON or XML."),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )
