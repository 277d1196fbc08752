from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "cailan.parties"
    label = "parties"

    def ready(self) -> None:
        from cailan.accounts.services import witness_keys
        from cailan.documents.queries import add_overseer
        from cailan.ledger.queries import disclose, name_signers
        from cailan.ledger.services import watch
        from cailan.parties import queries
        from cailan.parties.queries import watching
        from cailan.parties.services import sealing

        add_overseer(queries.oversees)
        name_signers(queries.public_names)
        witness_keys(sealing.seal_api_key)
        for kind in sealing.register_mirrors():
            disclose(kind, queries.may_read_sealed)
        watch(lambda: tuple(watching.misdescribed()))
        watch(lambda: tuple(watching.misplaced()))
