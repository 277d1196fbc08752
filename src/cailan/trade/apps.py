from django.apps import AppConfig


class TradeConfig(AppConfig):
    name = "cailan.trade"
    label = "trade"

    def ready(self) -> None:
        from cailan.ledger.queries import disclose
        from cailan.ledger.services import mirror
        from cailan.tracing.queries import add_actions
        from cailan.trade.queries import lot_page, sealed
        from cailan.trade.services import sealing

        sealing.register()
        for kind, rebuild, may_read in sealed.KINDS:
            mirror(kind, rebuild)
            disclose(kind, may_read)
        add_actions(lot_page.actions)
