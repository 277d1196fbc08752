from django.urls import path

from cailan.portals import views
from cailan.portals.rules import PORTALS

app_name = "portals"
urlpatterns = [
    path("home", views.home, name="home"),
    *(path(f"{name}/", views.portal, {"name": name}, name=name) for name in PORTALS),
]
