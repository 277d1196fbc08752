"""Load limits from a CSV file; without a file the starter set that ships with this version."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from cailan.kernel.access import SYSTEM
from cailan.quality import services


class Command(BaseCommand):
    help = "Load limits from a CSV file; without a file the starter set, every row of it to be verified."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, file: Path | None, dry_run: bool, **options: Any) -> None:
        at = timezone.now()
        if file is None:
            report = services.load_starter(at=at)
        else:
            try:
                text = file.read_text(encoding="utf-8-sig")
            except (OSError, UnicodeDecodeError) as error:
                raise CommandError(f"{file}: {error}") from error
            report = services.load_limits(SYSTEM, text, at=at, is_dry_run=dry_run)
        for problem in report.problems:
            self.stderr.write(f"{problem.line}: {problem.where}: {_(problem.what)}")
        if options["verbosity"]:
            self.stdout.write(
                f"{report.new} new, {report.changed} corrected, {report.same} unchanged, {report.refused} refused"
            )
        if report.refused:
            raise CommandError(f"{report.refused} rows were not taken")
