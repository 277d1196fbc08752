from django.apps import AppConfig


class LabelsConfig(AppConfig):
    name = "cailan.labels"
    label = "labels"
