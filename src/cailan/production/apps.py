from django.apps import AppConfig


class ProductionConfig(AppConfig):
    name = "cailan.production"
    label = "production"
