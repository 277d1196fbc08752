"""What quality adds to the page of a lot: its tests, and what may be tested, promised or printed."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from cailan.kernel.access import Actor, Permission
from cailan.parties.rules.kinds import PartyKind
from cailan.quality.queries.states import results_of, state_of
from cailan.quality.rules.facts import TestFacts, TestState
from cailan.tracing.queries import Action, Trace

OFFICIALS = frozenset({PartyKind.REGULATOR, PartyKind.MARKET})


@dataclass(frozen=True, slots=True)
class Tested:
    """How the lot of a page stands, and the tests of it and of what it was made from."""

    state: TestState
    tests: tuple[TestFacts, ...]


def tested(actor: Actor, trace: Trace) -> Tested | None:  # noqa: ARG001 (who sees the lot sees its tests)
    made_from = [
        node.lot_id for node in trace.chain.nodes if node.lot_id is not None and node.id in trace.back
    ]
    ids = list(dict.fromkeys([trace.lot.id, *made_from]))
    found = results_of(ids)
    return Tested(
        state_of([trace.lot.id])[trace.lot.id], tuple(test for pk in ids for test in found.get(pk, ()))
    )


def actions(actor: Actor, trace: Trace) -> Iterator[Action]:
    """Yield what the reader may do about tests and papers of a lot."""
    code = trace.lot.code
    mine = [
        node
        for node in trace.chain.nodes
        if node.lot_id == trace.lot.id and node.holder_id == actor.party_id and node.remaining != 0
    ]
    is_waiting = any(node.is_waiting for node in mine)
    is_maker = trace.lot.maker_id == actor.party_id
    if is_maker and actor.may(Permission.TEST_RECORD):
        yield Action(_("Enter a self-test"), reverse("quality:self_test", args=[code]), "flask", is_waiting)
    elif mine and actor.may(Permission.LOT_MOVE):
        yield Action(_("Request a test"), reverse("quality:request_test", args=[code]), "flask", is_waiting)
    if mine and actor.may(Permission.LOT_CREATE):
        yield Action(_("Certificate and labels"), reverse("quality:labels", args=[code]), "certificate")
    if actor.party_kind in OFFICIALS and actor.may(Permission.ALERT_READ):
        yield Action(_("Take a sample"), reverse("quality:take_sample", args=[code]), "test-pipe")
