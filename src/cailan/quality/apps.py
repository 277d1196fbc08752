from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "cailan.quality"
    label = "quality"

    def ready(self) -> None:
        from cailan.ledger.queries import disclose
        from cailan.ledger.services import mirror
        from cailan.quality import queries
        from cailan.quality.queries.integrity import MIRRORS

        for kind, rebuild in MIRRORS.items():
            mirror(kind, rebuild)
            disclose(kind, queries.may_read_sealed)
