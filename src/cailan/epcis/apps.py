from django.apps import AppConfig


class EpcisConfig(AppConfig):
    name = "cailan.epcis"
    label = "epcis"

    def ready(self) -> None:
        from cailan.epcis import queries
        from cailan.ledger.services import watch

        watch(lambda: tuple(queries.misindexed()))
