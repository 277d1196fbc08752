"""Who owes whom, and how payments settle it."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cailan.kernel.access import SYSTEM
from cailan.kernel.problems import InvalidInput, KeyReused, NotAllowed, NotFound
from cailan.ledger import services as ledger
from cailan.lots.tests.factories import AT, make_lot
from cailan.parties.tests.factories import make_actor
from cailan.trade import queries, services
from cailan.trade.models import Payment, Purchase, Ticket
from cailan.trade.queries.debts import Counterpart
from cailan.trade.rules.money import OWED, OWING
from cailan.trade.tests.orders import buy, know, make_stall, sell

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def stall():
    return make_stall()


@pytest.fixture
def lot(stall):
    return make_lot(stall, "1000")


def open_with(stall, partner, side=OWED):
    return [order.owed_fen for order in queries.open_orders(stall, side=side, counterpart=partner)]


class TestOwed:
    def test_a_sale_on_credit_stands_in_the_list_until_it_is_paid(self, stall, lot):
        partner = Counterpart(know(stall, "好味酒楼"))
        ticket = sell(stall, lot, "10", 12_000, buyer_id=partner.party_id, payment="credit")

        [debt] = queries.list_debts(stall, side=OWED).items
        assert (debt.counterpart.name, debt.owed_fen, debt.orders) == ("好味酒楼", 12_000, 1)

        services.record_payment(stall, ticket_id=ticket.pk, amount_fen=5_000, method="cash", at=AT)
        assert queries.debt_totals(stall, side=OWED).owed_fen == 7_000

        services.record_payment(stall, ticket_id=ticket.pk, amount_fen=7_000, method="transfer", at=AT)
        assert queries.list_debts(stall, side=OWED).items == ()

    def test_what_is_overdue_is_marked_from_the_day_after(self, stall, lot):
        partner = know(stall, "好味酒楼")
        sell(stall, lot, "10", 12_000, buyer_id=partner, due_on=date(2026, 11, 19))
        sell(stall, lot, "10", 8_000, buyer_id=partner, due_on=date(2026, 12, 1))

        [debt] = queries.list_debts(stall, side=OWED, today=TODAY).items

        assert (debt.owed_fen, debt.overdue_fen, debt.due_on) == (20_000, 12_000, date(2026, 11, 19))

    def test_a_void_ticket_owes_nothing_and_what_was_paid_on_it_is_to_be_given_back(self, stall, lot):
        ticket = sell(stall, lot, "10", 12_000, buyer_name="王师傅")
        services.record_payment(stall, ticket_id=ticket.pk, amount_fen=12_000, method="cash", at=AT)

        Ticket.objects.filter(pk=ticket.pk).update(goods_fen=9_000, total_fen=9_000)
        [debt] = queries.list_debts(stall, side=OWED).items
        assert (debt.owed_fen, debt.paid_over_fen) == (-3_000, 3_000)

        services.record_payment(stall, ticket_id=ticket.pk, amount_fen=-3_000, method="cash", at=AT)
        assert queries.list_debts(stall, side=OWED).items == ()

    def test_pages_of_debts_follow_each_other(self, stall, lot):
        for number in range(5):
            sell(stall, lot, "1", 100, buyer_name=f"客{number}", at=AT + timedelta(hours=number))

        first = queries.list_debts(stall, side=OWED, limit=3)
        second = queries.list_debts(stall, side=OWED, limit=3, cursor=first.next)

        assert [debt.counterpart.name for debt in (*first.items, *second.items)] == [
            f"客{n}" for n in range(5)
        ]
        assert not second.next


class TestPaying:
    def test_a_sum_settles_the_oldest_order_first(self, stall, lot):
        partner = Counterpart(know(stall, "好味酒楼"))
        for day in range(3):
            sell(stall, lot, "1", 1_000, buyer_id=partner.party_id, at=AT + timedelta(days=day))

        paid = services.settle(stall, side=OWED, counterpart=partner, amount_fen=1_500, method="cash", at=AT)

        assert open_with(stall, partner) == [500, 1_000]
        assert len(paid) == 2

    def test_more_than_is_owed_is_refused_at_the_amount(self, stall, lot):
        ticket = sell(stall, lot, "1", 1_000, buyer_name="王师傅")

        with pytest.raises(services.MoreThanOwed) as refused:
            services.record_payment(stall, ticket_id=ticket.pk, amount_fen=1_001, method="cash", at=AT)
        assert refused.value.extra["where"] == "amount"

        with pytest.raises(services.MoreThanOwed):
            services.settle(
                stall,
                side=OWED,
                counterpart=Counterpart(None, "王师傅"),
                amount_fen=2_000,
                method="cash",
                at=AT,
            )
        assert not Payment.objects.exists()

    def test_a_double_tap_pays_once_and_a_key_serves_one_sum(self, stall, lot):
        ticket = sell(stall, lot, "1", 1_000, buyer_name="王师傅")
        entry = {"ticket_id": ticket.pk, "method": "cash", "at": AT, "client_key": "k1"}

        once = services.record_payment(stall, amount_fen=400, **entry)
        again = services.record_payment(stall, amount_fen=400, **entry)

        assert once == again
        assert open_with(stall, Counterpart(None, "王师傅")) == [600]
        with pytest.raises(KeyReused):
            services.record_payment(stall, amount_fen=300, **entry)

    def test_a_double_tap_on_account_pays_once(self, stall, lot):
        partner = Counterpart(None, "王师傅")
        sell(stall, lot, "1", 1_000, buyer_name="王师傅")
        entry = {"side": OWED, "counterpart": partner, "amount_fen": 1_000, "method": "cash", "at": AT}

        assert services.settle(stall, **entry, client_key="k") == services.settle(
            stall, **entry, client_key="k"
        )
        with pytest.raises(services.NothingOwed):
            services.settle(stall, **entry, client_key="k2")

    def test_a_wrong_payment_is_taken_back_by_a_counter_entry_once(self, stall, lot):
        ticket = sell(stall, lot, "1", 1_000, buyer_name="王师傅")
        wrong = services.record_payment(stall, ticket_id=ticket.pk, amount_fen=1_000, method="cash", at=AT)

        services.take_back_payment(stall, payment_id=wrong, reason="记错了人", at=AT)

        assert open_with(stall, Counterpart(None, "王师傅")) == [1_000]
        assert Payment.objects.count() == 2
        with pytest.raises(services.AlreadyCorrected):
            services.take_back_payment(stall, payment_id=wrong, reason="又来", at=AT)

    def test_nobody_pays_on_the_orders_of_others(self, stall, lot):
        ticket = sell(stall, lot, "1", 1_000, buyer_name="王师傅")
        stranger = make_stall("别家")

        with pytest.raises(NotFound):
            services.record_payment(stranger, ticket_id=ticket.pk, amount_fen=1, method="cash", at=AT)

    @pytest.mark.parametrize("amount", [0, -1, 10**16])
    def test_no_sum_is_refused(self, stall, lot, amount):
        partner = Counterpart(None, "王师傅")
        sell(stall, lot, "1", 1_000, buyer_name="王师傅")

        with pytest.raises(InvalidInput):
            services.settle(stall, side=OWED, counterpart=partner, amount_fen=amount, method="cash", at=AT)

    def test_a_clerk_takes_money_for_a_ticket_but_sees_no_debts(self, stall, lot):
        ticket = sell(stall, lot, "1", 1_000, buyer_name="王师傅")
        clerk = make_actor(ticket.seller, "clerk")

        services.record_payment(clerk, ticket_id=ticket.pk, amount_fen=400, method="cash", at=AT)

        for ask in (queries.list_debts, queries.debt_totals):
            with pytest.raises(NotAllowed):
                ask(clerk, side=OWED)
        with pytest.raises(NotAllowed):
            services.settle(
                clerk, side=OWED, counterpart=Counterpart(None, "王师傅"), amount_fen=1, method="cash", at=AT
            )

    def test_every_payment_is_sealed_and_the_audit_finds_a_changed_one(self, stall, lot):
        ticket = sell(stall, lot, "1", 1_000, buyer_name="王师傅")
        services.record_payment(
            stall, ticket_id=ticket.pk, amount_fen=400, method="cash", at=AT, note="张三付"
        )
        ledger.sequence_once()
        assert ledger.audit(SYSTEM).alterations == []

        Payment.objects.update(amount_fen=40)

        assert [one.kind for one in ledger.audit(SYSTEM).alterations] == ["trade.payment"]


class TestOwing:
    def test_what_one_bought_on_credit_is_owed_until_paid(self, stall):
        purchase = buy(stall, "100", 30_000, supplier_name="元谋合作社", due_on=date(2026, 11, 10))
        services.record_payment(stall, purchase_id=purchase.pk, amount_fen=10_000, method="transfer", at=AT)

        [debt] = queries.list_debts(stall, side=OWING, today=TODAY).items

        assert (debt.owed_fen, debt.overdue_fen) == (20_000, 20_000)

    def test_a_purchase_without_a_price_is_no_debt(self, stall):
        buy(stall, "100", None)

        assert queries.list_debts(stall, side=OWING).items == ()


class TestStatement:
    def test_tells_what_was_brought_forward_ordered_and_paid(self, stall, lot):
        partner = Counterpart(know(stall, "好味酒楼"))
        old = sell(stall, lot, "1", 1_000, buyer_id=partner.party_id, at=AT - timedelta(days=40))
        services.record_payment(
            stall, ticket_id=old.pk, amount_fen=400, method="cash", at=AT - timedelta(days=39)
        )
        sell(stall, lot, "1", 2_000, buyer_id=partner.party_id)
        services.settle(stall, side=OWED, counterpart=partner, amount_fen=1_000, method="cash",
                        at=AT + timedelta(hours=1))  # fmt: skip

        found = queries.statement(
            stall, side=OWED, counterpart=partner, since=date(2026, 11, 1), until=date(2026, 11, 30)
        )

        assert found.opening_fen == 600
        assert [line.amount_fen for line in found.lines] == [2_000, -600, -400]
        assert found.closing_fen == found.owed_fen == 1_600

    def test_without_dates_it_begins_with_the_oldest_open_order(self, stall, lot):
        sell(stall, lot, "1", 1_000, buyer_name="王师傅", at=AT - timedelta(days=40))

        found = queries.statement(stall, side=OWED, counterpart=Counterpart(None, "王师傅"))

        assert found.opening_fen == 0
        assert found.since == date(2026, 10, 11)

    def test_a_link_shows_it_to_whoever_was_sent_it(self, stall, lot):
        sell(stall, lot, "1", 1_000, buyer_name="王师傅")
        found = queries.statement(stall, side=OWED, counterpart=Counterpart(None, "王师傅"))

        seen = queries.shared_statement(queries.share_token(stall, found))

        assert (seen.owner, seen.owed_fen) == ("老陈菜档", 1_000)
        with pytest.raises(NotFound):
            queries.shared_statement("made-up")

    def test_with_a_stranger_there_is_no_account(self, stall):
        other = make_stall("别家")

        with pytest.raises(NotFound):
            queries.statement(stall, side=OWED, counterpart=Counterpart(other.party_id))


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["sell", "return", "pay", "take back", "buy", "pay purchase"]), st.integers(1, 5_000)
    ),
    max_size=12,
)


class TestDebtsAlwaysClose(TestCase):
    """However sales, returns, part payments and corrections follow each other: owed = agreed − paid."""

    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(MOVES)
    def test_debts_are_totals_less_payments(self, moves):
        stall = make_stall()
        lot = make_lot(stall, "1000")
        partner = Counterpart(None, "王师傅")
        agreed, paid = {OWED: 0, OWING: 0}, {OWED: 0, OWING: 0}
        for number, (what, fen) in enumerate(moves):
            at = AT + timedelta(minutes=number * 10)
            if what == "sell":
                sell(stall, lot, "1", fen, buyer_name="王师傅", at=at)
                agreed[OWED] += fen
            elif what == "buy":
                buy(stall, "1", fen, supplier_name="元谋合作社", at=at)
                agreed[OWING] += fen
            elif what == "return" and (ticket := Ticket.objects.filter(seller_id=stall.party_id).first()):
                less = min(fen, ticket.total_fen)
                kept = ticket.total_fen - less
                Ticket.objects.filter(pk=ticket.pk).update(goods_fen=kept, total_fen=kept)
                agreed[OWED] -= less
            elif what == "pay":
                due = sum(one for one in open_with(stall, partner) if one > 0)
                if amount := min(fen, due):
                    services.settle(
                        stall, side=OWED, counterpart=partner, amount_fen=amount, method="cash", at=at
                    )
                    paid[OWED] += amount
            elif what == "pay purchase" and (
                bought := Purchase.objects.filter(buyer_id=stall.party_id).last()
            ):
                left = bought.total_fen - sum(bought.payments.values_list("amount_fen", flat=True))
                if amount := min(fen, left):
                    services.record_payment(
                        stall, purchase_id=bought.pk, amount_fen=amount, method="cash", at=at
                    )
                    paid[OWING] += amount
            elif what == "take back" and (
                wrong := Payment.objects.filter(
                    owner_id=stall.party_id, corrects=None, corrected_by=None
                ).last()
            ):
                services.take_back_payment(stall, payment_id=wrong.pk, reason="记错", at=at)
                paid[OWED if wrong.ticket_id else OWING] -= wrong.amount_fen
        for side in (OWED, OWING):
            assert queries.debt_totals(stall, side=side).owed_fen == agreed[side] - paid[side]
            listed = queries.list_debts(stall, side=side, limit=500).items
            assert sum(debt.owed_fen for debt in listed) == agreed[side] - paid[side]
