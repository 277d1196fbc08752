"""Verify a proof offline."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from cailan.ledger.rules.proofs import Bundle, Check, Finding, NotAProof, parse, verify

NOT_PROVEN = 1
WRONG_USE = 2


class Command(BaseCommand):
    help = "Verify a proof file (a bundle as JSON, or a C2SP tlog-proof) without network or database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the proof file; - reads standard input")
        parser.add_argument(
            "--log-key",
            default="",
            help="the log's public key (name+id+key), known from elsewhere than the file",
        )

    def handle(self, *args: Any, file: str, log_key: str, **options: Any) -> None:
        try:
            raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
            bundle = parse(raw)
        except (OSError, NotAProof) as error:
            self.stderr.write(f"cailan verify: {error}")
            sys.exit(WRONG_USE)
        envelope, findings = verify(bundle, log_key=log_key)
        for finding in findings:
            self._tell(finding)
        if envelope is not None:
            self.stdout.write(
                _(
                    "statement  %(kind)s about %(subject)s\n"
                    "signed     by party %(party)s at %(at)s, key %(key)s"
                )
                % asdict(envelope)
            )
        self._tell_trust(bundle, log_key)
        sys.exit(self._verdict(findings))

    def _tell(self, finding: Finding) -> None:
        mark = {True: "✓", False: "✗", None: "–"}[finding.holds]
        detail = finding.detail if finding.holds is not None else _("not part of this file")
        self.stdout.write(f"{mark} {finding.check.value:<11} {detail}".rstrip())

    def _tell_trust(self, bundle: Bundle, log_key: str) -> None:
        if not log_key and bundle.log_key:
            self.stdout.write(
                _(
                    "The log's key was taken from the file itself: %(key)s\n"
                    "Compare it with the published one, or name that with --log-key."
                )
                % {"key": bundle.log_key}
            )

    def _verdict(self, findings: list[Finding]) -> int:
        holds = {finding.check: finding.holds for finding in findings}
        if False in holds.values():
            self.stdout.write(_("NOT PROVEN: this is not what was sealed."))
            return NOT_PROVEN
        if holds[Check.CHECKPOINT] is None:
            self.stdout.write(_("NOT PROVEN: the file names no key of the log; name it with --log-key."))
            return NOT_PROVEN
        self.stdout.write(_("PROVEN: the record stands in the log as it was sealed."))
        return 0
