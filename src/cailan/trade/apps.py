from django.apps import AppConfig


class TradeConfig(AppConfig):
    name = "cailan.trade"
    label = "trade"
