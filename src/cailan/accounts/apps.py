from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "cailan.accounts"
    label = "accounts"
