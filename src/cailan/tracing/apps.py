from django.apps import AppConfig


class TracingConfig(AppConfig):
    name = "cailan.tracing"
    label = "tracing"
