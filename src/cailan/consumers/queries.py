"""What anybody sees of a scanned code."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import get_language

from cailan.consumers.rules import public_chain
from cailan.kernel.access import PUBLIC
from cailan.parties import queries as parties
from cailan.parties.rules.masking import public_name
from cailan.tracing import queries as tracing
from cailan.tracing.rules import measures, story


@dataclass(frozen=True, slots=True)
class Scan:
    """A chain for the public."""

    trace: tracing.Trace
    summary: tracing.Summary
    entries: tuple[story.Entry, ...]
    hidden: int  # older entries left out
    seals: tuple[tracing.Sealed, ...]
    corrected_on: tuple[datetime, ...]
    held_since: datetime | None
    held_by: str


def scan(text: str) -> Scan:
    """Return what the public sees of a code, Digital Link or element string; raise NotFound for what is not ours."""
    found = tracing.trace_public(text)
    maker = parties.facts([found.lot.maker_id])[found.lot.maker_id]
    own_name = maker.name_in(get_language())
    chain = public_chain(found.chain)
    lot = replace(found.lot, maker=public_name(own_name, str(maker.kind)), attributes={})
    trace = replace(found, chain=chain, lot=lot, depth=measures.depth(chain))
    entries = story.tell(chain, trace.events, trace.corrected)
    hidden = max(0, len(entries) - story.LONGEST)
    hold = tracing.open_hold(found.lot.id) if lot.is_held else None
    return Scan(
        trace=trace,
        summary=tracing.summary(trace),
        entries=entries[hidden:],
        hidden=hidden,
        seals=tuple(
            replace(row, party=public_name(row.party, row.party_kind)) for row in tracing.seals(PUBLIC, found)
        ),
        corrected_on=tuple(event.record_time for event in trace.events if event.corrects),
        held_since=hold.placed_at if hold else None,
        held_by="" if hold is None else lot.maker if hold.placed_by == own_name else hold.placed_by,
    )
