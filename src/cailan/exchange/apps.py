from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "cailan.exchange"
    label = "exchange"
