"""Refusals of quality, each with the sentence that tells what to do."""

from django.utils.translation import gettext_lazy as _

from cailan.kernel.problems import Conflict, InvalidInput, NotAllowed


class NotALaboratory(NotAllowed):
    code = "not-a-laboratory"
    title = _("Only the laboratory of this sample may do this")
    detail = _("Sign in for the laboratory that the sample was sent to.")


class NotYourStock(Conflict):
    code = "nothing-to-test"
    title = _("You have nothing of this lot")
    detail = _("A test is requested by whoever holds the goods. Receive them first, or choose another lot.")


class NeverHeld(Conflict):
    code = "never-held"
    title = _("This party never had any of the lot")
    detail = _("Choose a holder from the lot's chain: only there can a sample of it be taken.")


class AlreadyRequested(Conflict):
    code = "test-requested-already"
    title = _("This test is under way already")
    detail = _("The laboratory has a sample of this stock that is not reported yet. Wait for its report.")


class UnknownLaboratory(InvalidInput):
    code = "unknown-laboratory"
    title = _("This laboratory takes no samples here")


class NumberInUse(Conflict):
    code = "lab-number-in-use"
    title = _("This sample number is in use")
    detail = _("Your laboratory gave this number to another sample. Enter the number on the bag.")


class WrongState(Conflict):
    code = "sample-state"
    title = _("This sample is not that far, or further")
    detail = _("Reload the page to see how far the sample is, and go on from there.")


class QuickAgain(Conflict):
    code = "quick-again"
    title = _("A positive quick test is not confirmed by another quick test")
    detail = _("Choose a laboratory method: the law asks for another one, and not a quick one.")


class NoObjection(Conflict):
    code = "nothing-to-object-to"
    title = _("There is no positive quick test to object to")
    detail = _("Objections are raised to positive quick tests only; reports are re-tested on application.")


class TooLate(Conflict):
    code = "objection-too-late"
    title = _("The four hours for an objection are over")
    detail = _(
        "An objection counts within four hours of the result. The laboratory's confirmation decides now."
    )


class NotSigned(Conflict):
    code = "report-not-ready"
    title = _("The report cannot be signed yet")


class NoCertificateNumber(Conflict):
    code = "no-cma"
    title = _("Your laboratory has no valid CMA number here")
    detail = _("Enter the number of your certificate and until when it holds, then sign the report.")


class NotPromised(Conflict):
    code = "certificate-refused"
    title = _("The promise certificate cannot be issued")


class AlreadyPromised(Conflict):
    code = "certificate-exists"
    title = _("This lot has your certificate already")
    detail = _("Void the certificate that stands before you issue another for the same lot.")


class AlreadyVoid(Conflict):
    code = "certificate-void"
    title = _("This certificate is void already")
    detail = _("Issue a new one for the lot where one is needed.")
