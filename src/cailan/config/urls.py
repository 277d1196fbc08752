"""Every door and where it stands."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("cailan.accounts.urls")),
]
handler400 = "cailan.kernel.pages.bad_request"
handler403 = "cailan.kernel.pages.forbidden"
handler404 = "cailan.kernel.pages.not_found"
