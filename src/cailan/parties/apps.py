from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "cailan.parties"
    label = "parties"
