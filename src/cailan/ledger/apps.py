from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "cailan.ledger"
    label = "ledger"
