"""What supervision adds to the page of a lot: the recall it stands under, and the decision to start one."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from cailan.kernel.access import Actor, Permission
from cailan.supervision.queries.public import RecallFacts, open_recalls_of
from cailan.tracing.queries import Action, Trace


def recalled(actor: Actor, trace: Trace) -> RecallFacts | None:  # noqa: ARG001 (recalls are public)
    return open_recalls_of([trace.lot.id]).get(trace.lot.id)


def actions(actor: Actor, trace: Trace) -> Iterator[Action]:
    if actor.may(Permission.RECALL_MANAGE):
        yield Action(
            _("Withdraw or recall"), reverse("supervision:decide", args=[trace.lot.code]), "rotate-2"
        )
