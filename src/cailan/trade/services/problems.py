"""Refusals of tickets and purchases, each with the sentence that tells what to do."""

from django.utils.translation import gettext_lazy as _

from cailan.kernel.problems import Conflict


class TicketGone(Conflict):
    code = "ticket-gone"
    title = _("This ticket can no longer be confirmed")


class TicketForAnother(Conflict):
    code = "ticket-for-another"
    title = _("This ticket is for another buyer")
    detail = _("The seller wrote it for somebody else. Ask for a ticket to you, or to whoever scans it.")


class OwnTicket(Conflict):
    code = "own-ticket"
    title = _("This is your own ticket")
    detail = _("The buyer confirms it by scanning. You can take it back or close it on its page.")


class NotInThatState(Conflict):
    code = "ticket-state"
    title = _("The ticket does not allow this any more")
    detail = _("Something happened to it meanwhile. Reload the page to see where it stands.")


class BuyerMustConfirm(Conflict):
    code = "buyer-must-confirm"
    title = _("This buyer keeps books here")
    detail = _("It has to confirm the ticket itself. Remind it, or take the goods back.")


class AlreadySettled(Conflict):
    code = "already-settled"
    title = _("This dispute has ended")
    detail = _("Reload the page to see how it was settled.")


class NotYoursToSettle(Conflict):
    code = "not-yours-to-settle"
    title = _("The other side decides this")
    detail = _("The seller takes the rest back or bears its loss; the buyer accepts it.")


class NotInStockThere(Conflict):
    code = "not-in-stock-there"
    title = _("The seller has no such goods now")
    detail = _("Nothing of this lot can be sold there at the moment. Ask the seller, or scan another label.")
