from django.apps import AppConfig


class PortalsConfig(AppConfig):
    name = "cailan.portals"
    label = "portals"

    def ready(self) -> None:
        from cailan.kernel import pages
        from cailan.portals.views import frame

        pages.add_shell(frame)
