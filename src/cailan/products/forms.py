"""The forms of products."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cailan.products import queries


class CatalogueForm(forms.Form):
    """What the catalogue is narrowed by."""

    text = forms.CharField(label=_("Name, pinyin or initials"), max_length=100, required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        categories = [(one.code, "\u3000" * one.depth + one.name) for one in queries.list_categories()]
        field = self.fields["category"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("All categories")), *categories]


def cleaned(form: CatalogueForm) -> dict[str, Any]:
    """Return what of a filter can be used: a wrong value filters nothing."""
    form.is_valid()
    return {name: form.cleaned_data.get(name) or "" for name in form.fields}
