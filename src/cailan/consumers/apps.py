from django.apps import AppConfig


class ConsumersConfig(AppConfig):
    name = "cailan.consumers"
    label = "consumers"
