from django.apps import AppConfig


class ProductsConfig(AppConfig):
    name = "cailan.products"
    label = "products"

    def ready(self) -> None:
        from cailan.ledger.queries import disclose
        from cailan.ledger.services import mirror, watch
        from cailan.products import queries
        from cailan.products.queries import integrity, substance_lists

        lists = ("products.chosen", "products.gtin_named")
        mirror("products.registered", integrity.rebuild_products)
        for kind in lists:
            mirror(kind, integrity.rebuild_lists, family=lists)
        for kind in ("products.registered", *lists):
            disclose(kind, queries.may_read_sealed)
        watch(lambda: (*integrity.mislisted(), *substance_lists.mislisted()))
