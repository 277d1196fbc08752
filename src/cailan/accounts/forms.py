"""The forms of signing in."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    username = forms.CharField(label=_("User name"), max_length=80)
    password = forms.CharField(label=_("Password"), max_length=200, widget=forms.PasswordInput, strip=False)


class PasswordForm(forms.Form):
    old = forms.CharField(
        label=_("Present password"), max_length=200, widget=forms.PasswordInput, strip=False
    )
    new = forms.CharField(label=_("New password"), max_length=200, widget=forms.PasswordInput, strip=False)
    again = forms.CharField(
        label=_("New password again"), max_length=200, widget=forms.PasswordInput, strip=False
    )

    def clean(self) -> dict[str, str]:
        cleaned: dict[str, str] = super().clean() or {}
        if cleaned.get("new") != cleaned.get("again"):
            self.add_error("again", _("The two new passwords differ."))
        return cleaned
