from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "cailan.documents"
    label = "documents"

    def ready(self) -> None:
        from cailan.documents import queries
        from cailan.documents.queries import integrity
        from cailan.ledger.queries import disclose
        from cailan.ledger.services import mirror

        mirror("documents.stored", integrity.rebuild_documents)
        mirror("documents.shared", integrity.rebuild_shares)
        for kind in ("documents.stored", "documents.shared"):
            disclose(kind, queries.may_read_sealed)
