from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "cailan.kernel"
    label = "kernel"
