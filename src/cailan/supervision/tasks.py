"""What the clock asks for: escalate the silent, and send what still waits."""

from django.utils import timezone
from procrastinate.contrib.django import app

from cailan.kernel.access import SYSTEM
from cailan.supervision import services


@app.periodic(cron="*/5 * * * *")
@app.task(name="supervision.escalate_due", queueing_lock="supervision.escalate_due", pass_context=False)
def escalate_due(timestamp: int) -> None:
    """Ask the silent again, every five minutes."""
    del timestamp
    services.escalate_due(SYSTEM, at=timezone.now())
    services.deliver_queued(SYSTEM, at=timezone.now())
