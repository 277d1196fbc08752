from django.apps import AppConfig


class EpcisConfig(AppConfig):
    name = "cailan.epcis"
    label = "epcis"
