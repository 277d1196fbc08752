from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "cailan.supervision"
    label = "supervision"

    def ready(self) -> None:
        from cailan.kernel import outbox
        from cailan.ledger.queries import disclose
        from cailan.supervision import listeners, queries, services
        from cailan.supervision.queries import lot_page
        from cailan.tracing.queries import add_actions, add_panel

        for kind in services.register_mirrors():
            disclose(kind, queries.may_read_sealed)
        outbox.listen("quality.report.failed", listeners.on_report_failed)
        outbox.listen("production.harvest.refused", listeners.on_harvest_refused)
        outbox.listen("production.harvest.contradicted", listeners.on_harvest_contradicted)
        outbox.listen("supervision.messages.queued", listeners.on_messages_queued)
        add_panel("top", "supervision/lot_panel.html", lot_page.recalled)
        add_actions(lot_page.actions)
