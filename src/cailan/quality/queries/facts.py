"""Turn rows into facts; shared by the queries of this context."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from cailan.parties.rules.masking import mask, public_name
from cailan.parties.rules.naming import shown_name
from cailan.quality.models import Certificate, Report, Result, Sample, Test
from cailan.quality.rules.facts import (
    CertificateFacts,
    ItemFacts,
    PlaceFacts,
    SampleFacts,
    TestFacts,
)
from cailan.quality.rules.quick import QuickMethod


def called(party: Any, *, is_public: bool = True) -> str:
    """Return a party's name: on public pages persons masked."""
    name = shown_name(name=party.name, name_en=party.name_en, kind=party.kind, language=get_language())
    return public_name(name, party.kind) if is_public else name


def substance_name(substance: Any) -> str:
    """Return what a substance is called in the language of the page."""
    in_english = (get_language() or "").startswith("en")
    return str((in_english and substance.name_en) or substance.name_zh)


def to_item(row: Result) -> ItemFacts:
    return ItemFacts(
        id=row.pk,
        item=substance_name(row.substance) if row.substance else row.item,
        method=row.method,
        is_quick=row.method in set(QuickMethod),
        value=row.value,
        unit=row.unit,
        lod=row.lod,
        reading=row.reading.get("verdict", ""),
        verdict=row.verdict,
        places=tuple(PlaceFacts(**place) for place in row.places),
        refused_by=tuple(row.refused_by),
    )


def items(rows: Iterable[Result]) -> tuple[ItemFacts, ...]:
    return tuple(to_item(row) for row in sorted(rows, key=lambda one: one.pk))


def product_of(lot: Any) -> str:
    """Return what a lot's goods are called in the language of the page."""
    in_english = (get_language() or "").startswith("en")
    if lot.product is None:
        return str(lot.product_name)
    return str((in_english and lot.product.name_en) or lot.product.name_zh)


def from_self_test(row: Test) -> TestFacts:
    return TestFacts(
        id=row.pk,
        kind="self-test",
        lot_id=row.lot_id,
        sample_number="",
        lab=called(row.party),
        cma_number="",
        tested_at=row.tested_at,
        items=items(row.results.all()),
        verdict=row.verdict,
        refused_by=tuple(row.refused_by),
        may_go_to=(),
        document_id=row.photo_id,
        is_public=True,
    )


def from_report(row: Report) -> TestFacts:
    sample = row.sample
    return TestFacts(
        id=row.pk,
        kind=sample.purpose,
        lot_id=row.lot_id,
        sample_number=sample.lab_number or sample.number,
        lab=called(sample.lab),
        cma_number=row.cma_number,
        tested_at=row.signed_at,
        items=items(row.results.all()),
        verdict=row.verdict,
        refused_by=tuple(row.refused_by),
        may_go_to=tuple(row.may_go_to),
        report_id=row.pk,
        report_number=row.number,
        document_id=row.document_id,
        digest=row.digest,
        signer=mask("name", row.signer),
        superseded_by=getattr(getattr(row, "superseded_by", None), "pk", None),
        is_public=row.is_public,
    )


def to_sample(row: Sample) -> SampleFacts:
    return SampleFacts(
        id=row.pk,
        number=row.number,
        purpose=row.purpose,
        status=row.status,
        lot_id=row.lot_id,
        lot_code=row.lot.code,
        product=product_of(row.lot),
        holder_id=row.holder_id,
        holder=called(row.holder, is_public=False),
        requester_id=row.requester_id,
        requester=called(row.requester, is_public=False),
        lab_id=row.lab_id,
        lab=called(row.lab, is_public=False),
        quantity=row.quantity,
        uom=row.uom,
        place=row.place,
        note=row.note,
        taken_at=row.taken_at,
        lab_number=row.lab_number,
        condition=row.condition,
        accepted_at=row.accepted_at,
        reopen_reason="",
    )


def to_certificate(row: Certificate, *, in_clear: bool) -> CertificateFacts:
    """Return a certificate; to the public a person's name and phone are masked."""
    is_person = row.issuer.kind == "individual"
    hide = is_person and not in_clear
    return CertificateFacts(
        id=row.pk,
        number=row.number,
        lot_id=row.lot_id,
        pattern=row.pattern,
        form=row.form,
        bases=tuple(row.bases),
        product=row.product_name,
        quantity=row.quantity.normalize() + Decimal(0),
        uom=row.uom,
        origin=row.origin,
        issued_at=row.issued_at,
        issuer_id=row.issuer_id,
        issuer=mask("name", row.issuer_name) if hide else row.issuer_name,
        contact=row.contact if in_clear else mask("phone", row.contact),
        signature=row.signature if in_clear or not _is_person_name(row) else mask("name", row.signature),
        sources=tuple(sorted(one.pk for one in row.sources.all())),
        voided_at=row.voided_at,
        void_reason=row.void_reason,
    )


def _is_person_name(row: Certificate) -> bool:
    """Say whether a signature is a person's: anything but the seal with the firm's own name."""
    return row.signature != row.issuer_name or row.issuer.kind == "individual"
