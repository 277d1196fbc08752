"""Check a record, or a copy of its proof, for a visitor."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cailan.kernel.access import Actor
from cailan.kernel.problems import InvalidInput, Problem
from cailan.ledger.queries.seals import Seal, may_read, proof_bundle, seals_for
from cailan.ledger.queries.tree import log_key
from cailan.ledger.rules.alterations import differences
from cailan.ledger.rules.envelope import Envelope
from cailan.ledger.rules.proofs import Finding, NotAProof, parse, verify

Namer = Callable[[Sequence[int]], dict[int, str]]
"""Party numbers → their public names."""

_namers: list[Namer] = []


class NotAProofFile(InvalidInput):
    code = "not-a-proof"
    title = gettext_lazy("This is not a proof")
    detail = gettext_lazy("Choose the file that “Download proof” gave, or paste the whole of its text.")


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which a copy differs from what was sealed."""

    where: str
    sealed: str
    copied: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking showed, step by step."""

    findings: tuple[Finding, ...]
    envelope: Envelope | None
    signer: str
    record_id: int | None = None
    payload: dict[str, Any] | None = None
    differences: tuple[Difference, ...] = field(default=())

    @property
    def at(self) -> datetime | None:
        return datetime.fromisoformat(self.envelope.at) if self.envelope else None

    @property
    def holds(self) -> bool:
        return all(one.holds is not False for one in self.findings)

    @property
    def covers_content(self) -> bool:
        """Say whether the content itself was there to be compared with its seal."""
        return all(one.holds is not None for one in self.findings)


def name_signers(namer: Namer) -> None:
    """Let the context of parties say their public names (from its app's `ready`)."""
    _namers[:] = [namer]


def signer_name(party_id: int) -> str:
    """Return the public name of a signer; party 0 is the platform."""
    return signer_names([party_id])[party_id]


def signer_names(party_ids: Collection[int]) -> dict[int, str]:
    """Return the public names of signers, asked for at once."""
    found = {pk: _("The platform") if pk == 0 else "" for pk in set(party_ids)}
    for namer in _namers:
        found |= namer([pk for pk, name in found.items() if not name])
    return {pk: name or _("Party %(number)s") % {"number": pk} for pk, name in found.items()}


@dataclass(frozen=True, slots=True)
class NamedSeal:
    """A seal with the name of who made it."""

    seal: Seal
    party: str


def latest_seals(actor: Actor, subjects: Sequence[str]) -> dict[str, NamedSeal]:
    """Return the newest seal of each subject that has one, in two statements whatever their number."""
    newest = {subject: seals[-1] for subject, seals in seals_for(actor, subjects).items() if seals}
    names = signer_names({seal.party_id for seal in newest.values()}) if newest else {}
    return {subject: NamedSeal(seal, names[seal.party_id]) for subject, seal in newest.items()}


def check_record(actor: Actor, record_id: int) -> Verdict:
    """Check a stored record against the log, with its content if the actor may read it."""
    found = proof_bundle(record_id, with_payload=may_read(actor, record_id))
    return _verdict(orjson.dumps(found))


def check_copy(actor: Actor, raw: bytes) -> Verdict:
    """Check a copy against this log's own key, and name the fields in which it differs from the record."""
    verdict = _verdict(raw)
    if verdict.holds or verdict.record_id is None:
        return verdict
    try:
        genuine = proof_bundle(verdict.record_id, with_payload=may_read(actor, verdict.record_id))
    except Problem:
        return verdict
    copied = orjson.loads(raw)
    names = [
        "kind",
        "subject",
        "at",
        "party",
        *(["payload"] if genuine["payload"] and copied["payload"] else []),
    ]
    sealed, stored = ({name: one[name] for name in names} for one in (genuine, copied))
    found = tuple(Difference(*one) for one in differences(sealed, stored))
    return Verdict(
        verdict.findings,
        verdict.envelope,
        verdict.signer,
        verdict.record_id,
        verdict.payload,
        differences=found,
    )


def _verdict(raw: bytes) -> Verdict:
    try:
        bundle = parse(raw)
    except NotAProof:
        raise NotAProofFile from None
    envelope, findings = verify(bundle, log_key=str(log_key() or ""))
    signer = signer_name(envelope.party) if envelope else ""
    return Verdict(tuple(findings), envelope, signer, bundle.record_id, bundle.payload)
