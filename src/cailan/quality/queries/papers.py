"""Papers of quality: the signed report, the promise certificate, labels. Set in Chinese, as the rules print them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cailan.labels import queries as labels
from cailan.labels.rules import LabelContent
from cailan.lots.queries import LotFacts
from cailan.products.rules import units
from cailan.quality.models import Laboratory, Result, Sample
from cailan.quality.queries import facts
from cailan.quality.queries.integrity import plain
from cailan.quality.rules import certificate as rules
from cailan.quality.rules.facts import CertificateFacts
from cailan.quality.rules.judging import VERDICT_LABELS, Conclusion
from cailan.quality.rules.limits import MARKETS, PLACE_LABELS
from cailan.quality.rules.sampling import PURPOSE_LABELS

CHINESE = "zh-hans"


def digest(paper: bytes) -> str:
    return sha256(paper).hexdigest()


def scan_address(code: str) -> str:
    """Return where the code of a lot leads: certificate and chain stand on one page (二码合一)."""
    return f"{settings.CAILAN.public_url.rstrip('/')}/t/{code}"


def quantity_words(quantity: Decimal, uom: str) -> str:
    unit = units.UNITS.get(uom)
    return f"{plain(quantity)} {_(unit.label) if unit else uom}"


def _when(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def report_pdf(
    sample: Sample,
    laboratory: Laboratory,
    results: Sequence[Result],
    conclusion: Conclusion,
    *,
    number: str,
    signer: str,
    at: datetime,
    supersedes: str = "",
) -> bytes:
    """Return the signed report as a paper; the same data make the same bytes."""
    with translation.override(CHINESE):
        data: dict[str, Any] = {
            "number": number,
            "lab": sample.lab.name,
            "cma": laboratory.cma_number,
            "sample": [
                ["样品名称", facts.product_of(sample.lot)],
                ["样品编号", sample.lab_number],
                ["抽样编号", sample.number],
                ["检验类别", _(PURPOSE_LABELS[sample.purpose])],
                ["批号", sample.lot.number],
                ["追溯码", sample.lot.code],
                ["受检单位", facts.called(sample.holder)],
                ["委托单位", facts.called(sample.requester)],
                ["抽样时间", _when(sample.taken_at)],
                ["收样时间", _when(sample.accepted_at or at)],
                ["样品状态", sample.condition],
                ["更正", f"本报告替代 {supersedes}" if supersedes else ""],
            ],
            "items": [_item(row) for row in results],
            "verdict": conclusion.verdict,
            "conclusion": _conclusion(conclusion) + _not_judged(results),
            "signer": signer,
            "signed_at": _when(at),
            "unverified": _unverified(results),
        }
    return labels.pdf(
        "quality/report", data, files={"qr.svg": labels.qr_svg(scan_address(sample.lot.code)).encode()}
    )


def _item(row: Result) -> list[str]:
    places = {place["place"]: place for place in row.places}
    limits = [_limit(places.get(place)) for place in MARKETS]
    found = f"{plain(row.value)} {row.unit}" if row.value is not None else "未检出"
    if row.value is None and row.lod is not None:
        found += f"（<{plain(row.lod)} {row.unit}）"
    return [row.item, row.method, found, *limits, _(VERDICT_LABELS[row.verdict])]


def _limit(place: dict[str, Any] | None) -> str:
    if place is None or not place["limit"]:
        return "未查得"
    return "不得检出" if place["limit"] == "0" else f"{place['limit']} {place['unit']}"


def _unverified(results: Iterable[Result]) -> list[str]:
    """Name the sources whose numbers nobody has verified yet: a reader must know."""
    return sorted(
        {
            f"{_(PLACE_LABELS[place['place']])} {place['source']}"
            for row in results
            for place in row.places
            if place["limit"] and not place["is_verified"]
        }
    )


def _not_judged(results: Iterable[Result]) -> str:
    """Name, place by place, the items for which no limit is known: nothing was judged there."""
    said = []
    for place in MARKETS:
        items = [
            row.item
            for row in results
            if any(one["place"] == place and one["reason"] == "no-limit" for one in row.places)
        ]
        if items:
            said.append(f"{_(PLACE_LABELS[place])}：{'、'.join(items)}")
    return f"以下项目未查得当地限量，未作判定——{'；'.join(said)}。" if said else ""


def _conclusion(conclusion: Conclusion) -> str:
    def named(places: Iterable[str]) -> str:
        return "、".join(_(PLACE_LABELS[place]) for place in places)

    if conclusion.verdict == "passed":
        return "所检项目符合内地、香港、澳门已知限量要求，大湾区“菜篮子”判定合格。"
    refused = f"所检项目不符合{named(conclusion.refused_by)}限量要求，大湾区“菜篮子”判定不合格。"
    if conclusion.may_go_to:
        return f"{refused}按已知限量，{named(conclusion.may_go_to)}未见不符合项。"
    return refused


def certificate_pdf(certificate: CertificateFacts, code: str) -> bytes:
    """Return the certificate in the form under which it was issued, with the lot's own code."""
    form = rules.form_of(certificate.pattern, certificate.form)
    with translation.override(CHINESE):
        data = {
            "number": certificate.number,
            "opening": form.opening,
            "promises": list(form.promises),
            "bases": [[words, basis in certificate.bases] for basis, words in form.bases.items()],
            "facts": _certificate_facts(certificate),
            "code": code,
            "void": f"已作废：{certificate.void_reason}" if certificate.is_void else "",
        }
    return labels.pdf(
        "quality/certificate", data, files={"qr.svg": labels.qr_svg(scan_address(code)).encode()}
    )


def _certificate_facts(certificate: CertificateFacts) -> list[list[str]]:
    signed = certificate.issuer
    if certificate.signature != certificate.issuer:
        signed = f"{certificate.issuer}（{certificate.signature}）"
    return [
        ["产品名称", certificate.product],
        ["数量（重量）", quantity_words(certificate.quantity, certificate.uom)],
        ["产地", certificate.origin],
        ["承诺主体", signed],
        ["联系方式", certificate.contact],
        ["开具时间", f"{timezone.localdate(certificate.issued_at):%Y年%m月%d日}"],
    ]


def certificate_label(certificate: CertificateFacts, code: str) -> LabelContent:
    """Return certificate and trace code as one label (二码合一)."""
    form = rules.form_of(certificate.pattern, certificate.form)
    with translation.override(CHINESE):
        lines = tuple((name, value) for name, value in _certificate_facts(certificate) if value)
        bases = "、".join(form.bases[basis] for basis in certificate.bases)
        return LabelContent(
            title="承诺达标合格证",
            lines=(("", form.opening + "".join(form.promises)), ("承诺依据", bases), *lines),
            qr_text=scan_address(code),
            code=code,
            marks=(),
            width_mm=100,
            height_mm=70,
        )


def basket_label(lot: LotFacts, *, issuer: str, report_number: str) -> LabelContent:
    """Return the basket label of goods that passed."""
    with translation.override(CHINESE):
        day = f"{timezone.localdate(lot.made_at):%Y-%m-%d}"
        lines = (
            ("产品", lot.product),
            ("批号", lot.number),
            ("产地", lot.origin),
            ("日期", day),
            ("单位", issuer),
            ("报告", report_number),
        )
        return LabelContent(
            title="大湾区“菜篮子”",
            lines=tuple((name, value) for name, value in lines if value),
            qr_text=scan_address(lot.code),
            code=lot.code,
            marks=("检测合格",),
            width_mm=80,
            height_mm=50,
        )
