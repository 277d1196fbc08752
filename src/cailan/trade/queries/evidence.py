"""“My evidence” for a lot: what a stall lays before its supplier or an inspector to prove where goods are from."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import NotAllowed
from cailan.ledger import queries as ledger
from cailan.lots import queries as lots
from cailan.parties import queries as parties
from cailan.parties.rules.facts import PartyFacts
from cailan.quality import queries as quality
from cailan.tracing import queries as tracing
from cailan.tracing.rules import measures
from cailan.tracing.rules.chain import Chain, Edge
from cailan.trade.queries.ledger import list_ledger
from cailan.trade.rules.ledger import BOUGHT, Filters, Row

MOST_PURCHASES = 50
MOST_CERTIFICATES = 20  # each is asked for by itself
_WAYS = frozenset({"create", "transfer", "transform"})


@dataclass(frozen=True, slots=True)
class Step:
    """One hand-over on the way here, or where it begins."""

    at: datetime
    kind: str
    giver: str
    taker: str
    product: str
    lot_number: str
    quantity: Decimal | None
    uom: str
    proof: str
    document: str


@dataclass(frozen=True, slots=True)
class Purchase:
    """How the goods came here, with what is known of the supplier."""

    row: Row
    supplier: PartyFacts | None

    @property
    def licence(self) -> str:
        """Return the number of the supplier's licence as it may be shown."""
        return self.supplier.id_masked if self.supplier else ""


@dataclass(frozen=True, slots=True)
class SealRow:
    """A seal of the chain: who signed what when, its entry in the log, and the name of its proof file."""

    kind: str
    party: str
    at: datetime
    entry: int | None
    record_id: int

    @property
    def file_name(self) -> str:
        return f"cailan-proof-{self.record_id}.json"


@dataclass(frozen=True, slots=True)
class Evidence:
    """All of it; what nobody recorded is named as a gap."""

    lot: lots.LotFacts
    had: Decimal | None  # how much of it came here
    left: Decimal | None
    purchases: tuple[Purchase, ...]
    steps: tuple[Step, ...]
    tests: tuple[Any, ...]  # quality's TestFacts
    certificates: tuple[Any, ...]  # quality's CertificateFacts
    seals: tuple[SealRow, ...]
    gaps: tuple[str, ...]
    is_truncated: bool
    made_at: datetime


def evidence(actor: Actor, code: str, *, at: datetime | None = None) -> Evidence:
    """Gather what proves where a lot is from; only for who has it or had it."""
    actor.require(Permission.LOT_READ)
    lot = lots.get_lot(actor, code)
    graph = lots.walk(lots.starts_of([lot.id]), forward=False)
    mine = {node.id for node in graph.nodes if node.lot_id == lot.id and node.holder_id == actor.party_id}
    if not mine:
        raise NotAllowed(
            _("Evidence is for who has a lot or had it. The lot's page shows you what you may see.")
        )
    chain = _behind(tracing.describe(graph), mine)
    lot_ids = sorted({node.lot_id for node in chain.nodes if node.lot_id is not None})
    tests = quality.results_of(lot_ids)
    certificates = (quality.certificate_of(pk) for pk in lot_ids[:MOST_CERTIFICATES])
    own = [node for node in graph.nodes if node.id in mine and not node.is_in_transit]
    return Evidence(
        lot=lot,
        had=_total(node.quantity for node in own),
        left=_total(node.remaining for node in own),
        purchases=_purchases(actor, lot.code),
        steps=_steps(chain),
        tests=tuple(test for pk in lot_ids for test in tests.get(pk, ())),
        certificates=tuple(one for one in certificates if one is not None),
        seals=_seals(actor, chain),
        gaps=tuple(dict.fromkeys(gap.code for gap in measures.gaps(chain))),
        is_truncated=graph.is_truncated,
        made_at=at or timezone.now(),
    )


def _behind(chain: Chain, mine: set[int]) -> Chain:
    """Return the part of a chain that led to one's own goods; what went to others is theirs."""
    into: dict[int, list[Edge]] = defaultdict(list)
    for edge in chain.edges:
        if edge.target_id is not None:
            into[edge.target_id].append(edge)
    kept, waiting = set(mine), list(mine)
    while waiting:
        for edge in into[waiting.pop()]:
            if edge.source_id is not None and edge.source_id not in kept:
                kept.add(edge.source_id)
                waiting.append(edge.source_id)
    edges = tuple(edge for pk in kept for edge in into[pk])
    return Chain(
        tuple(node for node in chain.nodes if node.id in kept), edges, frozenset(mine), chain.is_truncated
    )


def _total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Add amounts up; one that nobody stated makes the sum unknown."""
    found = list(amounts)
    return None if None in found else sum((one for one in found if one is not None), Decimal(0))


def _purchases(actor: Actor, code: str) -> tuple[Purchase, ...]:
    rows = list_ledger(actor, side=BOUGHT, filters=Filters(behind=code), limit=MOST_PURCHASES).items
    suppliers = parties.contacts({row.partner_id for row in rows if row.partner_id is not None})
    return tuple(Purchase(row, suppliers.get(row.partner_id or 0)) for row in rows)


def _steps(chain: Chain) -> tuple[Step, ...]:
    nodes = {node.id: node for node in chain.nodes}
    steps = []
    for edge in sorted(chain.edges, key=lambda one: (one.occurred_at, one.id)):
        giver, taker = nodes.get(edge.source_id or 0), nodes.get(edge.target_id or 0)
        if taker is None or edge.kind not in _WAYS:
            continue
        goods = taker if taker.lot_id is not None else giver or taker
        steps.append(
            Step(edge.occurred_at, edge.kind, giver.holder if giver else "", taker.holder, goods.product,
                 goods.lot_number, edge.quantity, edge.uom, edge.proof, edge.document)
        )  # fmt: skip
    return tuple(steps)


def _seals(actor: Actor, chain: Chain) -> tuple[SealRow, ...]:
    found = ledger.seals_for(actor, sorted({edge.event_id for edge in chain.edges}))
    seals = [seal for one in found.values() for seal in one]
    names = ledger.signer_names({seal.party_id for seal in seals}) if seals else {}
    rows = (SealRow(seal.kind, names[seal.party_id], seal.at, seal.seq, seal.record_id) for seal in seals)
    return tuple(sorted(rows, key=lambda row: row.record_id))
