# ruff: noqa: N999 (the command is called import)
"""`cailan import FILE…`: EPCIS, CSV and XLSX. Exit: 0 all accepted, 1 some rows or documents refused, 2 unreadable."""

import sys
import time
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cailan.accounts import queries as accounts
from cailan.exchange import services
from cailan.exchange.queries import column_label
from cailan.exchange.services.problems import CaptureRefused, UnreadableFile
from cailan.kernel.access import SYSTEM, Actor, Permission
from cailan.kernel.problems import Problem, TooLarge
from cailan.parties import queries as parties
from cailan.parties import services as party_services

REFUSED, UNREADABLE = 1, 2
WORK = frozenset({
    Permission.EVENT_CAPTURE, Permission.IMPORT_RUN, Permission.LOT_CREATE, Permission.LOT_MOVE, Permission.LOT_READ,
    Permission.PARTY_MANAGE, Permission.PARTY_READ,
})  # fmt: skip
SHOWN = 20
BAR = 30


class Command(BaseCommand):
    help = "Import records from files: EPCIS 2.0 JSON-LD, or CSV and XLSX in our template (docs/import.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--party", default="", help="for this party, by URI or credit code")
        parser.add_argument("--as", dest="username", default="", help="as this account")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen; record nothing")
        parser.add_argument("--json", action="store_true", help="print the reports as JSON")

    def handle(self, *args: object, **options: Any) -> None:
        actor = self._actor(options["username"], options["party"])
        status, reports = 0, []
        for path in options["files"]:
            report = self._import(actor, path, dry_run=options["dry_run"], quiet=options["json"])
            status = max(status, report["status"])
            reports.append(report)
        if options["json"]:
            self.stdout.write(orjson.dumps(reports, option=orjson.OPT_INDENT_2).decode())
        if status:
            sys.exit(status)

    def _actor(self, username: str, party: str) -> Actor:
        """Return who answers for the records: an account, a party, else the platform's party for imports."""
        wanted = self._party(party) if party else None
        if username:
            actor = accounts.actor_named(username, wanted)
            if actor is None:
                raise CommandError(_("No active account “%(name)s” of that party.") % {"name": username})
            return actor
        if wanted is None:
            wanted = party_services.ensure_import_party(SYSTEM, at=timezone.now())
        facts = parties.facts([wanted])[wanted]
        return Actor(
            display_name="cailan import",
            party_id=facts.id,
            party_name=facts.name,
            party_kind=facts.kind,
            permissions=WORK,
            means="command",
        )

    def _party(self, text: str) -> int:
        found = parties.party_by_uri([text]).get(text)
        if found is None and (known := parties.find_by_identity(SYSTEM, "uscc", text)):
            found = known.id
        if found is None:
            raise CommandError(_("No party has the URI or credit code %(party)s.") % {"party": text})
        return found

    def _import(self, actor: Actor, path: Path, *, dry_run: bool, quiet: bool) -> dict[str, Any]:
        bar = _Bar(self.stderr, path.name, is_shown=not quiet and sys.stderr.isatty())
        try:
            data = path.read_bytes()
            report = services.import_file(
                actor, name=path.name, data=data, dry_run=dry_run, at=timezone.now(), progress=bar.show
            )
        except OSError as error:
            return self._failed(path, UNREADABLE, str(error), [], quiet=quiet)
        except (UnreadableFile, TooLarge) as problem:
            return self._failed(path, UNREADABLE, str(problem.detail), [], quiet=quiet)
        except CaptureRefused as problem:
            errors = problem.extra.get("errors", [])
            is_invalid = not any("code" in error for error in errors)
            return self._failed(
                path, UNREADABLE if is_invalid else REFUSED, str(problem.detail), errors, quiet=quiet
            )
        except Problem as problem:
            return self._failed(path, REFUSED, str(problem.detail), [], quiet=quiet)
        bar.end()
        if not quiet:
            self._say(report)
        return {
            "file": str(path), "status": REFUSED if report.refused else 0, "kind": report.kind, "total": report.total,
            "accepted": report.accepted, "known": report.known, "refused": report.refused, "dry_run": report.is_dry_run,
            "problems": [
                {"row": one.row, "column": one.column, "value": one.value, "what": one.what} for one in report.problems
            ],
        }  # fmt: skip

    def _say(self, report: services.ImportReport) -> None:
        facts = {
            "name": report.name, "total": report.total, "accepted": report.accepted, "known": report.known,
            "refused": report.refused,
        }  # fmt: skip
        unit = (
            ngettext("%(name)s: %(total)s event", "%(name)s: %(total)s events", report.total)
            if report.kind == "epcis"
            else ngettext("%(name)s: %(total)s row", "%(name)s: %(total)s rows", report.total)
        )
        told = _("%(accepted)s new, %(known)s known before, %(refused)s refused")
        self.stdout.write(f"{unit % facts}: {told % facts}")
        for one in report.problems[:SHOWN]:
            where = _("row %(row)s") % {"row": one.row}
            column = f", {column_label(one.column)} “{one.value}”" if one.column else ""
            self.stdout.write(f"  {where}{column}: {one.what}")
        if len(report.problems) > SHOWN:
            self.stdout.write(
                "  " + _("… and %(count)s more; --json shows all") % {"count": len(report.problems) - SHOWN}
            )
        if report.is_dry_run:
            self.stdout.write(_("This was a trial: nothing was recorded."))

    def _failed(
        self, path: Path, status: int, detail: str, errors: list[dict[str, Any]], *, quiet: bool
    ) -> dict[str, Any]:
        if not quiet:
            self.stderr.write(f"{path.name}: {detail}")
            for error in errors[:SHOWN]:
                self.stderr.write(f"  {error['where']}: {error['what']}")
        return {"file": str(path), "status": status, "detail": detail, "errors": errors}


class _Bar:
    """Progress on one line, with the rate."""

    def __init__(self, out: Any, name: str, *, is_shown: bool) -> None:
        self._out, self._name, self._is_shown = out, name, is_shown
        self._began = time.monotonic()

    def show(self, done: int, total: int) -> None:
        if self._is_shown:
            filled = BAR * done // max(total, 1)
            rate = done / max(time.monotonic() - self._began, 0.001)
            line = f"\r{self._name} {'█' * filled}{'·' * (BAR - filled)} {done}/{total} {rate:.0f}/s"
            self._out.write(line, ending="")

    def end(self) -> None:
        if self._is_shown:
            self._out.write("\r" + " " * 78 + "\r", ending="")
