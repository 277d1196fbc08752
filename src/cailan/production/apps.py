from django.apps import AppConfig


class ProductionConfig(AppConfig):
    name = "cailan.production"
    label = "production"

    def ready(self) -> None:
        from cailan.production.services.sealing import register

        register()
