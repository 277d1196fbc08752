from django.urls import path

from cailan.products import views

app_name = "products"
urlpatterns = [
    path("products", views.catalogue, name="list"),
    path("products/<slug:slug>", views.product, name="product"),
    path("main-products", views.main_products, name="main"),
    path("main-products/<slug:slug>", views.change_main_product, name="change_main"),
]
