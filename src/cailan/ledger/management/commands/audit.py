"""Check everything that was sealed."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from cailan.kernel.access import SYSTEM
from cailan.ledger import services as ledger
from cailan.ledger.rules.alterations import Alteration


class Command(BaseCommand):
    help = "Recompute every sealed record, the log and its checkpoints, and name everything that was altered."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quick", action="store_true", help="trust the entries' signatures to the tree")

    def handle(self, *args: Any, quick: bool, **options: Any) -> None:
        shows_progress = self.stderr.isatty()

        def progress(done: int, of: int) -> None:
            if shows_progress:
                self.stderr.write(f"\r{done:,} / {of:,}", ending="")

        report = ledger.audit(SYSTEM, signatures=not quick, progress=progress)
        if shows_progress:
            self.stderr.write("")
        for one in report.alterations:
            self.stdout.write(sentence(one))
        unnamed = report.altered - len(report.alterations)
        if unnamed:
            self.stdout.write(_("… and %(count)s more") % {"count": unnamed})
        counts = {
            "entries": f"{report.entries:,}",
            "waiting": f"{report.waiting:,}",
            "checkpoints": f"{report.checkpoints:,}",
            "keys": f"{report.keys:,}",
            "facts": f"{report.facts:,}",
            "altered": f"{report.altered:,}",
        }
        self.stdout.write(
            _(
                "%(entries)s entries, %(waiting)s waiting, %(checkpoints)s checkpoints, %(keys)s keys,"
                " %(facts)s stored facts checked; %(altered)s altered"
            )
            % counts
        )
        if not report.is_sound:
            sys.exit(1)


def sentence(one: Alteration) -> str:
    """Say in one line what was altered."""
    what = {
        "payload": _("the content differs"),
        "salt": _("the salt differs"),
        "column": _("a column beside the entry differs"),
        "entry": _("the entry differs"),
        "leaf": _("the leaf hash differs"),
        "signature": _("the signature does not hold"),
        "order": _("the order of the log differs"),
        "missing": _("the record is gone"),
        "tile": _("a tile of the tree differs"),
        "checkpoint": _("a checkpoint does not hold"),
        "key": _("a signing key differs"),
        "fact": _("the stored row differs from what was sealed"),
    }[one.part.value]
    record = _("record %(id)s (%(kind)s, %(subject)s)") % {
        "id": one.record_id,
        "kind": one.kind,
        "subject": one.subject,
    }
    about = (
        record
        if one.kind
        else one.subject or (one.seq is not None and _("entry %(seq)s") % {"seq": one.seq}) or _("log")
    )
    place = f", {one.where}" if one.where else ""
    if one.sealed or one.stored:
        values = _("sealed %(sealed)s, stored %(stored)s") % {
            "sealed": one.sealed or "–",
            "stored": one.stored or "–",
        }
        return f"✗ {about}: {what}{place}: {values}"
    return f"✗ {about}: {what}{place}"
