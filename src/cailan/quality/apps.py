from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "cailan.quality"
    label = "quality"

    def ready(self) -> None:
        from cailan.ledger.queries import disclose
        from cailan.ledger.services import mirror, watch
        from cailan.quality import queries
        from cailan.quality.queries import lot_page
        from cailan.quality.queries.integrity import MIRRORS, misstated
        from cailan.tracing.queries import add_actions, add_panel

        for kind, rebuild in MIRRORS.items():
            mirror(kind, rebuild)
            disclose(kind, queries.may_read_sealed)
        watch(lambda: tuple(misstated()))
        for view in ("production", "supervision"):
            add_panel(view, "quality/lot_panel.html", lot_page.tested)
        add_actions(lot_page.actions)
