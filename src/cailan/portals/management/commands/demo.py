"""`cailan demo`: play the demonstration week, once."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cailan.kernel.access import SYSTEM
from cailan.portals import services


class Command(BaseCommand):
    help = "Play a week of a dozen fictional parties through the services, once."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("Playing the demonstration week …")
        done = services.load_demo(SYSTEM, at=timezone.now())
        self.stdout.write("Done." if done else "It was played before.")
