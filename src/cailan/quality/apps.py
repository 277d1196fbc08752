from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "cailan.quality"
    label = "quality"
