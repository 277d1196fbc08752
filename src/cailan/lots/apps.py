from django.apps import AppConfig


class LotsConfig(AppConfig):
    name = "cailan.lots"
    label = "lots"

    def ready(self) -> None:
        from cailan.ledger import services as ledger
        from cailan.ledger.queries import disclose
        from cailan.lots import queries

        movements = (
            "create",
            "receive",
            "transfer",
            "dispatch",
            "accept",
            "take_back",
            "transform",
            "retail",
            "lose",
            "adjust",
            "follow",
        )
        for verb in movements:
            ledger.mirror(f"lots.{verb}", queries.rebuild_movements)
        ledger.mirror("lots.hold", queries.rebuild_holds)
        ledger.mirror("lots.release", queries.rebuild_releases)
        ledger.mirror("lots.clear", queries.rebuild_clearings)
        for verb in (*movements, "hold", "release", "clear"):
            disclose(f"lots.{verb}", queries.may_read_sealed)
        ledger.watch(lambda: tuple(queries.misstated()))
