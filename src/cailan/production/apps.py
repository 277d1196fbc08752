from django.apps import AppConfig


class ProductionConfig(AppConfig):
    name = "cailan.production"
    label = "production"

    def ready(self) -> None:
        from cailan.lots.queries import add_check
        from cailan.production.queries import lot_page
        from cailan.production.services.harvesting import check_beginning
        from cailan.production.services.sealing import register
        from cailan.tracing.queries import add_panel

        register()
        add_check(check_beginning)
        add_panel("production", "production/lot_panel.html", lot_page.grown)
