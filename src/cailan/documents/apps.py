from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "cailan.documents"
    label = "documents"
