from django.urls import path, re_path

from cailan.ledger import views

app_name = "ledger"

urlpatterns = [
    path("verify", views.verify, name="verify"),
    path("ledger/records/<int:record_id>/proof.json", views.proof_bundle, name="proof_bundle"),
    path("ledger/records/<int:record_id>/proof.txt", views.proof_text, name="proof_text"),
    path("tlog/checkpoint", views.checkpoint, name="checkpoint"),
    re_path(r"^tlog/tile/(?P<place>[0-9a-z./]{1,80})$", views.tile, name="tile"),
]
