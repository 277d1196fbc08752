"""Load regions, categories, products, substances and prohibitions; run after every upgrade, as often as you like."""

from typing import Any

from django.core.management.base import BaseCommand

from cailan.parties import services as parties
from cailan.products import services as products


class Command(BaseCommand):
    help = "Load the reference tables that ship with this version."

    def handle(self, *args: Any, **options: Any) -> None:
        regions, catalogue = parties.load_regions(), products.load_catalogue()
        substances, bans = products.load_substances()
        if options["verbosity"]:
            self.stdout.write(
                f"{regions} regions, {catalogue} products, {substances} substances, {bans} prohibitions"
            )
