from django.urls import path

from cailan.tracing import views

app_name = "tracing"
urlpatterns = [
    path("lots/<slug:code>", views.lot, name="lot"),
    path("lots/<slug:code>/events.jsonld", views.events, name="events"),
    path("lots/<slug:code>/scope", views.scope, name="scope"),
    path("lots/<slug:code>/scope.csv", views.scope_csv, name="scope_csv"),
    path("ancestors", views.ancestors, name="ancestors"),
    path("whereabouts", views.whereabouts, name="whereabouts"),
]
