from django.urls import path, re_path

from cailan.consumers import views

app_name = "consumers"
urlpatterns = [
    path("", views.front, name="front"),
    path("t", views.enter, name="enter"),
    path("t/<slug:code>.svg", views.qr, name="qr"),
    path("t/<slug:code>/photos/<int:document_id>", views.photo, name="photo"),
    path("t/<slug:code>/label", views.label, name="label"),
    path("t/<path:text>", views.scan, name="scan"),
    re_path(r"^01/(?P<gtin>[0-9]{8,14})/10/(?P<number>.{1,60})$", views.scan_gtin, name="scan_gtin"),
]
