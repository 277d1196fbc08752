"""What may be printed for a lot: the certificate's label, the basket's label only for goods that passed."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import Conflict
from cailan.labels.rules import LabelContent
from cailan.lots import queries as lots
from cailan.lots.queries import HoldingFacts, LotFacts
from cailan.quality.models import Certificate, Report
from cailan.quality.queries import facts, papers
from cailan.quality.queries.states import standing_of, state_of
from cailan.quality.rules.facts import CertificateFacts


class NoBasketLabel(Conflict):
    code = "no-basket-label"
    title = gettext_lazy("No basket label for this lot")


class NotPrinted(Conflict):
    code = "certificate-not-printed"
    title = gettext_lazy("The certificate of these goods does not count any more")
    detail = gettext_lazy(
        "The lot is on hold or failed a test. Void the certificate; nothing is printed for these goods."
    )


class NoCertificate(Conflict):
    code = "no-certificate"
    title = gettext_lazy("This lot has no promise certificate yet")
    detail = gettext_lazy("Issue the certificate first; its label carries the trace code as well.")


def basket_content(actor: Actor, lot: LotFacts) -> LabelContent:
    """Return the basket label of a lot that passed; refuse it for every other (赋码流通)."""
    actor.require(Permission.LOT_MOVE)
    state, standing = standing_of([lot.id])[lot.id]
    if lot.is_held or standing == "failed" or state.has_failed:
        raise NoBasketLabel(_("The lot is on hold or failed a test. Its goods are no basket goods."))
    if not standing:
        raise NoBasketLabel(
            _("A laboratory's signed report that the lot passes is missing. Request the test first.")
        )
    if not any(not one.is_waiting for one in _stock_of(actor, lot)):
        raise NoBasketLabel(
            _("You have nothing of this lot that passed its test here. Only goods in stock are labelled.")
        )
    report = Report.objects.filter(lot_id=lot.id, is_current=True, verdict="passed").order_by("-pk").first()
    return papers.basket_label(lot, issuer=actor.party_name, report_number=report.number if report else "")


def _stock_of(actor: Actor, lot: LotFacts) -> list[HoldingFacts]:
    return [one for one in lots.stock(actor, text=lot.code, limit=500).items if one.lot.id == lot.id]


def certificate_content(actor: Actor, lot: LotFacts) -> LabelContent:
    """Return certificate and trace code as one label."""
    return papers.certificate_label(_standing(actor, lot), lot.code)


def certificate_paper(actor: Actor, lot: LotFacts) -> bytes:
    """Return the whole certificate as a paper."""
    return papers.certificate_pdf(_standing(actor, lot), lot.code)


def _standing(actor: Actor, lot: LotFacts) -> CertificateFacts:
    """Return the certificate in force: one's own in clear, as it is printed; none for goods that may not be sold."""
    actor.require(Permission.LOT_MOVE)
    if lot.is_held or state_of([lot.id])[lot.id].has_failed:
        raise NotPrinted
    rows = (
        Certificate.objects.filter(lot_id=lot.id, voided_at=None)
        .select_related("issuer")
        .prefetch_related("sources")
    )
    row = rows.filter(issuer_id=actor.party_id).first() or rows.order_by("-pk").first()
    if row is None:
        raise NoCertificate
    return facts.to_certificate(row, in_clear=row.issuer_id == actor.party_id)
