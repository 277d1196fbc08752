from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "cailan.parties"
    label = "parties"

    def ready(self) -> None:
        from cailan.documents.queries import add_overseer
        from cailan.parties.queries import oversees

        add_overseer(oversees)
