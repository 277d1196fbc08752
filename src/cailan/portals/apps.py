from django.apps import AppConfig


class PortalsConfig(AppConfig):
    name = "cailan.portals"
    label = "portals"
