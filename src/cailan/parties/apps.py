from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "cailan.parties"
    label = "parties"

    def ready(self) -> None:
        from cailan.documents.queries import add_overseer
        from cailan.ledger.queries import name_signers
        from cailan.parties import queries

        add_overseer(queries.oversees)
        name_signers(lambda ids: {pk: facts.name for pk, facts in queries.facts(ids).items()})
