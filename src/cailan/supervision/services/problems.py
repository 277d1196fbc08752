"""Refusals of supervision, each with the sentence that tells what to do."""

from django.utils.translation import gettext_lazy as _

from cailan.kernel.problems import Conflict, InvalidInput, NotAllowed


class AlertSettled(Conflict):
    code = "alert-settled"
    title = _("This alert was handled already")
    detail = _("Reload the page to see who handled it, and how.")


class RecallEnded(Conflict):
    code = "recall-closed"
    title = _("This recall is closed")
    detail = _("Nothing can be added any more. Ask the authority that decided it if goods turn up again.")


class RecallStillOpen(Conflict):
    code = "recall-open"
    title = _("This recall is not closed yet")
    detail = _("Close the recall first; then its holds can be released.")


class MoreThanThereWas(InvalidInput):
    code = "more-than-there-was"
    title = _("That is more than there was")


class SignInToAnswer(NotAllowed):
    code = "sign-in-to-answer"
    title = _("Sign in to answer for your organisation")
    detail = _(
        "You keep books here: what you return or destroy is booked in your stock. Sign in, then answer."
    )


class FiguresOpen(Conflict):
    code = "recall-figures-open"
    title = _("The figures do not add up yet")
    detail = _("Not all of it was returned or destroyed. Wait for the answers, or say why it is closed so.")
