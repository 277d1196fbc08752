"""The forms of parties."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cailan.parties import queries
from cailan.parties.rules import kinds
from cailan.parties.rules.identity import IdKind
from cailan.parties.rules.kinds import PARTY_LABELS, SITE_LABELS, PartyKind

ID_LABELS: dict[IdKind, str | Promise] = {
    IdKind.USCC: _("Unified social credit code"),
    IdKind.LICENCE_15: _("Old licence number (15 digits)"),
    IdKind.RESIDENT_ID: _("Resident identity card"),
    IdKind.RESIDENCE_PERMIT: _("Residence permit for Hong Kong, Macao and Taiwan residents"),
    IdKind.PERMANENT_RESIDENCE: _("Foreign permanent resident identity card"),
    IdKind.HOME_RETURN_PERMIT: _("Mainland travel permit (Hong Kong and Macao)"),
    IdKind.TAIWAN_PERMIT: _("Mainland travel permit (Taiwan)"),
    IdKind.HKID: _("Hong Kong identity card"),
    IdKind.HK_BR: _("Hong Kong business registration"),
    IdKind.HK_CR: _("Hong Kong company number"),
    IdKind.MACAO_BUSINESS: _("Macao commercial registration"),
    IdKind.MACAO_TAX: _("Macao tax number"),
    IdKind.MACAO_ID: _("Macao identity card"),
}
ROLE_LABELS: dict[str, str | Promise] = {
    "owner": _("Owner"),
    "clerk": _("Clerk"),
    "officer": _("Officer"),
    "auditor": _("Auditor"),
    "machine": _("Machine"),
}
STATUS_LABELS: dict[str, str | Promise] = {
    "pending": _("Waiting for approval"),
    "approved": _("Approved"),
    "refused": _("Refused"),
    "suspended": _("Suspended"),
    "external": _("Known from documents only"),
}
_ORDER = list(IdKind)


def id_choices(accepted: frozenset[IdKind]) -> list[tuple[str, str | Promise]]:
    return [(kind.value, ID_LABELS[kind]) for kind in sorted(accepted, key=_ORDER.index)]


def _offer(form: forms.Form, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
    """Give a field its choices of this moment."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = list(choices)


class RegionPicker(forms.Widget):
    """Selects from the province down; each choice brings the next one, with and without script."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:  # noqa: ARG002 (Django's)
        codes = data.getlist(name) if isinstance(data, QueryDict) else [data.get(name, "")]
        if len(codes) == 1:
            return str(codes[0])
        chosen = [level.chosen for level in queries.choose_step_by_step(codes) if level.chosen]
        return chosen[-1] if chosen else ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:  # noqa: ARG002
        path = [region.code for region in queries.region_path(str(value))] if value else []
        context = {"name": name, "levels": queries.choose_step_by_step(path)}
        return render_to_string("parties/region_picker.html", context)


class RegionField(forms.CharField):
    widget = RegionPicker


class RegistrationForm(forms.Form):
    """The registration of one kind of party; asks for an account only where there is none."""

    name = forms.CharField(label=_("Name as on the licence or identity card"), max_length=200)
    id_scheme = forms.ChoiceField(label=_("Kind of number"))
    id_number = forms.CharField(label=_("Number"), max_length=40)
    legal_person = forms.CharField(label=_("Legal person"), max_length=60)
    legal_id_scheme = forms.ChoiceField(
        label=_("Legal person's document"), choices=id_choices(kinds.PERSON_DOCUMENTS), initial="resident_id"
    )
    legal_id_number = forms.CharField(
        label=_("Legal person's number"),
        max_length=40,
        required=False,
        help_text=_("Required on the mainland. Kept encrypted, shown masked."),
    )
    market_id = forms.TypedChoiceField(
        label=_("Market"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("The market where you trade."),
    )
    region = RegionField(label=_("Region"), max_length=12)
    address = forms.CharField(label=_("Address"), max_length=200)
    contact_name = forms.CharField(label=_("Contact person"), max_length=60)
    phone = forms.CharField(label=_("Phone"), max_length=30, widget=forms.TextInput(attrs={"type": "tel"}))
    username = forms.CharField(
        label=_("User name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 8 characters (markets: 12) of three kinds: small, capital, digit, sign."),
    )

    def __init__(self, *args: Any, kind: PartyKind, is_signed_in: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "id_scheme", id_choices(kinds.documents_for(kind)))
        is_person = kind is PartyKind.INDIVIDUAL
        unneeded = {
            "legal_person": is_person,
            "legal_id_scheme": is_person,
            "legal_id_number": is_person,
            "market_id": kind is not PartyKind.MERCHANT,
            "username": is_signed_in,
            "password": is_signed_in,
        }
        for field, is_unneeded in unneeded.items():
            if is_unneeded:
                del self.fields[field]
        if kind is PartyKind.MERCHANT:
            # A stall may be run by one person, who then is no organisation with a legal person.
            self.fields["legal_person"].required = False
            _offer(self, "market_id", [("", "—"), *queries.approved_markets()])


class RefusalForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason for refusing"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("They read this sentence and put it right."),
    )


class FilterForm(forms.Form):
    """What a list of parties is narrowed by; anything else in the address is left out."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    status = forms.ChoiceField(label=_("State"), required=False)
    text = forms.CharField(label=_("Name or number"), max_length=100, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds_of = [(kind.value, _(label)) for kind, label in PARTY_LABELS.items()]
        _offer(self, "kind", [("", _("All kinds")), *kinds_of])
        _offer(self, "status", [("", _("All states")), *STATUS_LABELS.items()])


class SiteForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind of place"))
    name = forms.CharField(label=_("Name"), max_length=120)
    code = forms.CharField(
        label=_("Number"),
        max_length=40,
        required=False,
        help_text=_("Stall or plot number as people say it."),
    )
    parent_id = forms.TypedChoiceField(
        label=_("Lies in"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("A plot, pond or house lies in a base, a stall in a market."),
    )
    region = RegionField(label=_("Region"), max_length=12, required=False)
    latitude = forms.FloatField(label=_("Latitude"), required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(label=_("Longitude"), required=False, min_value=-180, max_value=180)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    gln = forms.CharField(label=_("GLN"), max_length=13, required=False)

    def __init__(self, *args: Any, parents: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "kind", [(kind.value, _(label)) for kind, label in SITE_LABELS.items()])
        _offer(self, "parent_id", [("", "—"), *parents])


class MemberForm(forms.Form):
    display_name = forms.CharField(label=_("Name"), max_length=80)
    username = forms.CharField(label=_("User name"), max_length=80)
    role = forms.ChoiceField(label=_("Role"))
    password = forms.CharField(
        label=_("First password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("To be changed at the first sign-in."),
    )

    def __init__(self, *args: Any, roles: tuple[str, ...], **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "role", [(name, ROLE_LABELS[name]) for name in roles])


class AgencyForm(forms.Form):
    """An authority with its area and first officer."""

    name = forms.CharField(label=_("Name of the authority"), max_length=200)
    id_number = forms.CharField(label=_("Unified social credit code"), max_length=40, required=False)
    area = RegionField(label=_("Area that it oversees"), max_length=12)
    contact_name = forms.CharField(label=_("First officer"), max_length=60)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    username = forms.CharField(label=_("User name"), max_length=80)
    password = forms.CharField(
        label=_("First password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters; to be changed at the first sign-in."),
    )


class CounterpartyForm(forms.Form):
    """The six fields of a supplier or customer."""

    name = forms.CharField(label=_("Name"), max_length=200)
    id_scheme = forms.ChoiceField(
        label=_("Kind of number"),
        choices=id_choices(kinds.ORGANISATION_DOCUMENTS | kinds.PERSON_DOCUMENTS),
        initial="uscc",
    )
    id_number = forms.CharField(
        label=_("Number"),
        max_length=40,
        required=False,
        help_text=_("A subject on the platform is found by its credit code."),
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    legal_person = forms.CharField(label=_("Legal person"), max_length=60, required=False)
    contact_name = forms.CharField(label=_("Contact person"), max_length=60, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    is_supplier = forms.BooleanField(label=_("Supplies us"), required=False)
    is_customer = forms.BooleanField(label=_("Buys from us"), required=False)


class BookFilterForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Role"),
        choices=[("", _("All")), ("supplier", _("Suppliers")), ("customer", _("Customers"))],
        required=False,
    )
    text = forms.CharField(label=_("Name"), max_length=100, required=False)


def cleaned(form: forms.Form) -> dict[str, Any]:
    """Return what of a filter can be used: a wrong value filters nothing."""
    form.is_valid()
    return {name: form.cleaned_data.get(name) or "" for name in form.fields}


def site_parents(own: list[tuple[int, str]], markets: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return the places in which a new one may lie: one's own, then all markets, each once."""
    return list(dict([*own, *markets]).items())
