from django.apps import AppConfig


class ProductsConfig(AppConfig):
    name = "cailan.products"
    label = "products"
