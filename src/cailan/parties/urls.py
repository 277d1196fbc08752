from django.urls import path

from cailan.parties.views import organisation, overseeing, registration

app_name = "parties"
urlpatterns = [
    path("register", registration.choose_kind, name="choose_kind"),
    path("register/done", registration.registered, name="registered"),
    path("register/waiting", registration.waiting, name="waiting"),
    path("register/regions", registration.regions, name="regions"),
    path("register/<slug:kind>", registration.register, name="register"),
    path("parties", overseeing.parties, name="list"),
    path("parties/new-agency", overseeing.new_agency, name="new_agency"),
    path("parties/<int:party_id>", overseeing.party, name="party"),
    path("parties/<int:party_id>/approve", overseeing.approve, name="approve"),
    path("parties/<int:party_id>/refuse", overseeing.refuse, name="refuse"),
    path("organisation", organisation.organisation, name="organisation"),
    path("organisation/new-place", organisation.new_site, name="new_site"),
    path("organisation/new-member", organisation.new_member, name="new_member"),
    path("counterparties", organisation.book, name="book"),
    path("counterparties/new", organisation.new_counterparty, name="new_counterparty"),
]
