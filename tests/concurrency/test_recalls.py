"""A recall while goods are being sold, moved and made: no kilo escapes; answers at once add up."""

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.concurrency.test_races import at_once

from cailan.kernel.access import SYSTEM
from cailan.kernel.problems import Problem
from cailan.lots import queries as lots
from cailan.lots import services
from cailan.lots.models import Holding
from cailan.lots.rules.requests import Line, NewLot, Retail, Transfer, Transform
from cailan.lots.tests.factories import make_product
from cailan.supervision import queries
from cailan.supervision import services as supervision
from cailan.supervision.models import Message, NoticeLine, RecallLot, RecallStock
from cailan.supervision.tests import factories as make
from cailan.supervision.tests.factories import LATER

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("round_number", range(3))
def test_no_kilo_escapes_a_recall_decided_while_sales_are_being_confirmed(round_number):
    scandal = make.make_scandal()
    line = Line(scandal.lot.code, Decimal(1), "KGM")
    new = NewLot(number=f"N{round_number}", quantity=Decimal(1), uom="KGM", product_id=make_product("净菜"))

    def record(actor, request):
        return lambda: services.record(actor, request, at=LATER)

    answers = at_once(
        record(scandal.stall, Retail(occurred_at=LATER, lines=(line,))),
        record(scandal.wholesaler, Transform(occurred_at=LATER, inputs=(line,), outputs=(new,))),
        lambda: make.start(scandal),
        record(scandal.base, Transfer(occurred_at=LATER, lines=(line,), to_party_id=scandal.far.party_id)),
        record(scandal.wholesaler, Retail(occurred_at=LATER, lines=(line,))),
    )

    number = answers[2]
    assert isinstance(number, str), number
    assert all(isinstance(a, services.Outcome | services.LotOnHold) for a in (*answers[:2], *answers[3:]))
    left = {
        h.pk: h.remaining_quantity for h in Holding.objects.exclude(lot=None).exclude(remaining_quantity=0)
    }
    kept = {row.holding_id: row.quantity for row in RecallStock.objects.filter(recall__number=number)}
    assert kept == left
    held = RecallLot.objects.filter(recall__number=number).values_list("lot__code", flat=True)
    assert all(lots.get_lot(SYSTEM, code).is_held for code in held)
    made = [a for a in answers if isinstance(a, services.Outcome)]
    assert {code for a in made for code in a.lot_codes} <= set(held)
    sold = sum(line.sold for line in NoticeLine.objects.filter(notice__recall__number=number))
    assert sold == 15 + sum(isinstance(answers[i], services.Outcome) for i in (0, 4))
    assert lots.unbalanced() == ()


def test_answers_at_once_never_account_for_more_than_there_was():
    scandal = make.make_scandal()
    number = make.start(scandal)
    at = LATER + timedelta(hours=1)

    answers = at_once(
        *[
            lambda key=key: make.answer(scandal.stall, number, at=at, key=f"k{key}", destroyed="4")
            for key in range(4)
        ],
        lambda: make.answer(scandal.stall, number, at=at, key="k0", destroyed="4"),
    )

    assert len({a for a in answers if not isinstance(a, Problem)}) == 2  # the second tap of one is that one
    [line] = make.notice_to(number, scandal.stall).lines.all()
    assert line.destroyed == 8
    assert lots.stock(scandal.stall, text=scandal.lot.code).items[0].remaining == 2


def test_two_decisions_at_once_have_two_numbers():
    scandal = make.make_scandal()

    numbers = at_once(*[lambda reason=reason: make.start(scandal, reason=reason) for reason in ("甲", "乙")])

    assert sorted(numbers) == ["ZH-440118-261120-001", "ZH-440118-261120-002"]
    assert len(queries.list_recalls(scandal.regulator).items) == 2


def test_two_workers_send_each_message_once():
    scandal = make.make_scandal()
    make.start(scandal)

    sent = at_once(*[lambda: supervision.deliver_queued(SYSTEM, at=LATER)] * 3)

    assert sum(sent) == Message.objects.count()


def test_an_answer_and_a_closing_wait_for_each_other():
    scandal = make.make_scandal()
    number = make.start(scandal)
    at = LATER + timedelta(hours=1)

    answer, report = at_once(
        lambda: make.answer(scandal.stall, number, at=at, key="a", destroyed="10"),
        lambda: supervision.close_recall(scandal.regulator, number=number, reason="已封存", at=at),
    )

    assert isinstance(report, int)
    [line] = make.notice_to(number, scandal.stall).lines.all()
    assert line.destroyed == (0 if isinstance(answer, Problem) else 10)
    row = queries.get_recall(scandal.regulator, number)
    assert Decimal(row.closing_sums[0]["recovered"]) == line.destroyed
