from django.apps import AppConfig


class LotsConfig(AppConfig):
    name = "cailan.lots"
    label = "lots"

    def ready(self) -> None:
        from cailan.ledger import services as ledger
        from cailan.lots import queries

        for verb in ("create", "receive", "transfer", "transform", "retail", "lose", "adjust", "follow"):
            ledger.mirror(f"lots.{verb}", queries.rebuild_movements)
        ledger.mirror("lots.hold", queries.rebuild_holds)
        ledger.mirror("lots.release", queries.rebuild_releases)
        ledger.watch(lambda: tuple(queries.misstated()))
