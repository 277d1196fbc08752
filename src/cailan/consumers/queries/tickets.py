"""What anybody sees of a ticket: who sold what, and how each line stands."""

from dataclasses import dataclass, replace

from cailan.consumers.queries.testing import verdicts_of
from cailan.consumers.rules import Standing, Verdict, Weight, standing, weigh
from cailan.kernel.access import PUBLIC
from cailan.kernel.problems import NotFound
from cailan.ledger import queries as ledger
from cailan.ledger.queries import Seal
from cailan.lots import queries as lots
from cailan.parties import queries as parties
from cailan.parties.rules.masking import public_name
from cailan.supervision import queries as supervision
from cailan.supervision.queries import RecallFacts
from cailan.trade import queries as trade
from cailan.trade.queries import TicketFacts
from cailan.trade.queries.seals import ticket_subject
from cailan.trade.queries.tickets import TicketLineFacts
from cailan.trade.rules.tickets import Status


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line of a ticket with what is known of its goods now."""

    facts: TicketLineFacts
    weight: Weight | None
    maker: str
    region: str
    verdict: Verdict
    recall: RecallFacts | None


@dataclass(frozen=True, slots=True)
class TicketScan:
    """A ticket for the public; nothing of its buyer."""

    ticket: TicketFacts
    lines: tuple[SoldLine, ...]
    standing: Standing
    recalls: tuple[RecallFacts, ...]
    seals: tuple[Seal, ...]  # the latest first

    @property
    def is_held(self) -> bool:
        return any(line.facts.is_held for line in self.lines)


def scan_ticket(text: str) -> TicketScan:
    """Return what the public sees of a ticket's code; raise NotFound for what is none."""
    key = lots.key_of(text)
    found = trade.ticket_public(key)
    ticket = replace(found, seller=public_name(found.seller, found.seller_kind), seller_phone="")
    ids = {line.lot_id for line in ticket.lines}
    facts = lots.facts_of(ids)
    makers = parties.public_names({lot.maker_id for lot in facts.values()})
    regions = {code: parties.region_name(code) for code in {lot.region for lot in facts.values()} if code}
    verdicts, recalls = verdicts_of(ids), supervision.open_recalls_of(ids)
    lines = tuple(
        SoldLine(
            facts=line,
            weight=weigh(line.quantity, line.uom),
            maker=makers.get(facts[line.lot_id].maker_id, ""),
            region=regions.get(facts[line.lot_id].region, ""),
            verdict=verdicts[line.lot_id],
            recall=recalls.get(line.lot_id),
        )
        for line in ticket.lines
    )
    if not lines:
        raise NotFound
    seals = ledger.seals_for(PUBLIC, [ticket_subject(ticket.id)])[ticket_subject(ticket.id)]
    return TicketScan(
        ticket=ticket,
        lines=lines,
        standing=standing(
            [line.verdict for line in lines],
            is_recalled=bool(recalls),
            is_held=any(line.facts.is_held for line in lines),
            is_void=ticket.status == Status.VOID,
        ),
        recalls=tuple({recall.number: recall for recall in recalls.values()}.values()),
        seals=seals[::-1],
    )
