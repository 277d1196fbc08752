from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "cailan.supervision"
    label = "supervision"
