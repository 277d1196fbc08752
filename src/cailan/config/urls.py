"""Every door and where it stands."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path, re_path

from cailan.config import views
from cailan.config.api import api, epcis, unknown

# In this order: the fixed addresses of lots stand before the page of one lot, which tracing prints.
CONTEXTS = (
    "ledger",
    "parties",
    "products",
    "documents",
    "labels",
    "production",
    "quality",
    "trade",
    "supervision",
    "lots",
    "tracing",
    "exchange",
    "consumers",
    "portals",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.health, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("sw.js", views.service_worker, name="sw"),
    path("offline", views.offline, name="offline"),
    path("pending", views.pending, name="pending"),
    path("account/token", views.token, name="token"),
    path("language", views.set_language, name="set_language"),
    path("problems", views.problems, name="problems"),
    path("problems/<slug:code>", views.problems, name="problem"),
    path("account/", include("cailan.accounts.urls")),
    path("api/v1/", api.urls),
    path("epcis/", epcis.urls),
    re_path(r"^api(?:/|$)", unknown, name="api_unknown"),
    *(
        path("", include(f"cailan.{context}.urls"))
        for context in CONTEXTS
        if find_spec(f"cailan.{context}.urls") is not None
    ),
]
handler400 = "cailan.kernel.pages.bad_request"
handler403 = "cailan.kernel.pages.forbidden"
handler404 = "cailan.kernel.pages.not_found"
handler500 = "cailan.kernel.pages.server_error"
