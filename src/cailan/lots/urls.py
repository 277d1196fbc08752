from django.urls import path

from cailan.lots import views

app_name = "lots"
urlpatterns = [
    path("lots", views.lots, name="list"),
    path("lots/find", views.find, name="find"),
    path("lots/new", views.create, name="create"),
    path("lots/receive", views.receive, name="receive"),
    path("lots/transfer", views.transfer, name="transfer"),
    path("lots/retail", views.retail, name="retail"),
    path("lots/lose", views.lose, name="lose"),
    path("lots/transform", views.transform, name="transform"),
    path("lots/count/<int:holding_id>", views.count, name="count"),
    path("lots/<slug:code>/hold", views.hold, name="hold"),
    path("lots/<slug:code>/release", views.release, name="release"),
    path("stock", views.stock, name="stock"),
]
