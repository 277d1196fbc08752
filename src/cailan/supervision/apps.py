from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


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
        post_migrate.connect(_load_calendar, sender=self)
        add_panel("top", "supervision/lot_panel.html", lot_page.recalled)
        add_actions(lot_page.actions)


def _load_calendar(using: str, **_more: Any) -> None:
    """Bring the calendar in step with this version, after every upgrade."""
    from django.db import connections

    from cailan.supervision import services

    if "supervision_workday" in connections[using].introspection.table_names():
        services.load_workdays()
