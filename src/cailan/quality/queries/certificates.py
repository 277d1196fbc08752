"""Promise certificates of lots, and what their tests cover."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone, translation

from cailan.kernel.access import Actor
from cailan.kernel.problems import NotFound
from cailan.lots import queries as lots
from cailan.lots.queries import LotFacts
from cailan.parties import queries as parties
from cailan.parties.rules.kinds import PRODUCERS
from cailan.products import queries as products
from cailan.quality.models import Certificate, Result
from cailan.quality.queries import facts
from cailan.quality.queries.states import state_of
from cailan.quality.rules import certificate as rules
from cailan.quality.rules.facts import CertificateFacts

INGREDIENTS = "cailan:activeIngredients"


def _rows(lot_ids: Collection[int]) -> "QuerySet[Certificate]":
    return (
        Certificate.objects.filter(lot_id__in=lot_ids)
        .select_related("issuer")
        .prefetch_related("sources")
        .order_by("-pk")
    )


def certificate_of(lot_id: int) -> CertificateFacts | None:
    """Return the certificate that stands for a lot, the newest, as anybody may read it."""
    row = _rows([lot_id]).filter(voided_at=None).first()
    return facts.to_certificate(row, in_clear=False) if row else None


def certificates_of(actor: Actor, lot_id: int) -> tuple[CertificateFacts, ...]:
    """Return all certificates of a lot that the actor sees, void ones too; in clear for issuer and overseer."""
    if lot_id not in lots.visible_ids(actor, [lot_id]):
        raise NotFound
    found = []
    for row in _rows([lot_id])[:20]:
        in_clear = row.issuer_id == actor.party_id or parties.oversees(actor, row.issuer_id)
        found.append(facts.to_certificate(row, in_clear=in_clear))
    return tuple(found)


def find_certificate(number: str) -> CertificateFacts:
    """Return a certificate by its number, as anybody may read it, also a void one."""
    row = (
        Certificate.objects.filter(number=number).select_related("issuer").prefetch_related("sources").first()
    )
    if row is None:
        raise NotFound
    return facts.to_certificate(row, in_clear=False)


def source_certificates(actor: Actor, lot: LotFacts) -> tuple[CertificateFacts, ...]:
    """Return the certificates that came with a lot or with what it was made from, for a purchaser's own."""
    starts = lots.starts_of([lot.id])
    graph = lots.walk(starts, forward=False)
    behind = {node.lot_id for node in graph.nodes if node.lot_id is not None}
    seen = lots.visible_ids(actor, behind)
    rows = (
        Certificate.objects.filter(lot_id__in=seen, voided_at=None)
        .exclude(issuer_id=actor.party_id)
        .select_related("issuer")
        .prefetch_related("sources")
        .order_by("-pk")[:60]
    )
    return tuple(facts.to_certificate(row, in_clear=False) for row in rows)


def pattern_for(actor: Actor, lot: LotFacts) -> str:
    """Return which pattern the actor issues for a lot: its producer's own, or a purchaser's."""
    is_producer = lot.maker_id == actor.party_id and actor.party_kind in PRODUCERS
    return str(rules.Pattern.PRODUCER if is_producer else rules.Pattern.PURCHASER)


def origin_of(lot: LotFacts) -> str:
    """Return where goods come from as a certificate says it: from the province down, then the place."""
    with translation.override("zh-hans"):  # the certificate is a Chinese paper
        region = "".join(one.name for one in parties.region_path(lot.region)) if lot.region else ""
    return " ".join(filter(None, (region, lot.origin)))[:200]


def ingredients_of(lot: LotFacts) -> tuple[str, ...]:
    """Return the active ingredients recorded for a lot."""
    recorded = lot.attributes.get(INGREDIENTS) or ()
    return tuple(str(name) for name in recorded) if isinstance(recorded, list | tuple) else (str(recorded),)


def case_for(
    lot: LotFacts,
    *,
    pattern: str,
    bases: tuple[str, ...],
    quantity: Decimal,
    uom: str,
    sources: tuple[rules.Source, ...],
    at: datetime,
) -> rules.Case:
    """Gather what decides whether a certificate may be issued."""
    ingredients = ingredients_of(lot)
    day = timezone.localdate(at)
    product = products.facts([lot.product_id]).get(lot.product_id) if lot.product_id else None
    category, slug = (product.category, product.slug) if product else ("", "")
    banned = products.banned(ingredients, category=category, product=slug, on=day)
    tested = {basis: _passed_items(lot.id, basis) for basis in bases if basis in rules.TESTED}
    known = products.substances_named(ingredients)
    names = {name: known[name].name_zh if name in known else name for name in ingredients}
    uncovered = {
        basis: tuple(name for name in ingredients if names[name] not in items)
        for basis, items in tested.items()
    }
    state = state_of([lot.id])[lot.id]
    return rules.Case(
        pattern=pattern,
        day=day,
        bases=bases,
        quantity=quantity,
        uom=uom,
        is_held=lot.is_held,
        has_failed=state.has_failed,
        banned=tuple(banned),
        uncovered={basis: missing for basis, missing in uncovered.items() if missing},
        untested=tuple(basis for basis, items in tested.items() if not items),
        sources=sources,
    )


def _passed_items(lot_id: int, basis: str) -> frozenset[str]:
    """Return the items of a lot's passed tests of a kind: its own, or those of signed reports."""
    rows = Result.objects.filter(verdict="passed")
    if basis == rules.Basis.SELF_TEST:
        rows = rows.filter(test__lot_id=lot_id, test__kind="self-test", test__verdict="passed")
    else:
        rows = rows.filter(reports__lot_id=lot_id, reports__is_current=True, reports__verdict="passed")
    return frozenset(rows.values_list("item", flat=True))
