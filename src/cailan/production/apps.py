from django.apps import AppConfig


class ProductionConfig(AppConfig):
    name = "cailan.production"
    label = "production"

    def ready(self) -> None:
        from cailan.production.queries import lot_page
        from cailan.production.services.sealing import register
        from cailan.tracing.queries import add_panel

        register()
        add_panel("production", "production/lot_panel.html", lot_page.grown)
