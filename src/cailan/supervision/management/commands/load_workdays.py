"""Load the official calendar of working days that ships with this version."""

from typing import Any

from django.core.management.base import BaseCommand

from cailan.supervision import services


class Command(BaseCommand):
    help = "Load the calendar of working days; days that an official changed stay as they are."

    def handle(self, *args: Any, **options: Any) -> None:
        count = services.load_workdays()
        if options["verbosity"]:
            self.stdout.write(f"{count} special days")
