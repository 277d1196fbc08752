"""Run the sequencer of the log."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cailan.ledger import services as ledger

PAUSE_SECONDS = 0.2


class Command(BaseCommand):
    help = "Carry sealed records into the log and sign checkpoints, until stopped. Only one runs at a time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="carry what waits now, then end")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if not ledger.take_sequencer_lock():
            raise CommandError("Another sequencer is running on this database.")
        stop = threading.Event()
        if not once:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stop.set())
        carried = 0
        while not stop.is_set():
            batch = ledger.sequence_once()
            carried += batch
            if batch:
                continue
            if once:
                break
            stop.wait(PAUSE_SECONDS)
        self.stdout.write(f"{carried} records carried into the log")
