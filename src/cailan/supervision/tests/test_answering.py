"""Notices: answered signed in and booked, or by a link and kept as declared; passed on; messages."""

from datetime import timedelta
from decimal import Decimal

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from cailan.kernel.access import PUBLIC
from cailan.kernel.problems import InvalidInput, NotFound
from cailan.lots import queries as lots
from cailan.supervision import queries, services
from cailan.supervision.models import Message, Return
from cailan.supervision.rules.sums import Figures
from cailan.supervision.services import Said
from cailan.supervision.tests import factories as make
from cailan.supervision.tests.factories import LATER
from cailan.supervision.tests.looking import bar, sound, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scandal():
    return make.make_scandal()


class TestAnswers:
    def test_what_is_destroyed_leaves_the_books_under_the_order(self, scandal):
        number = make.start(scandal)
        at = LATER + timedelta(hours=1)

        make.answer(scandal.stall, number, at=at, key="a", set_aside="6")
        make.answer(scandal.stall, number, at=at, key="b", destroyed="4")
        make.answer(scandal.stall, number, at=at, key="b", destroyed="4")  # a double tap
        make.answer(scandal.stall, number, at=at, key="c", destroyed="6", taken_back="3")

        line = make.notice_to(number, scandal.stall).lines.get()
        assert (line.destroyed, line.secured, line.taken_back) == (10, 0 + 2 - 2, 3)
        assert not lots.stock(scandal.stall, text=scandal.lot.code).items
        assert bar(number, scandal.regulator).recovered == 10
        assert bar(number, scandal.regulator).taken_back == 3
        assert sound() == []

    def test_what_is_returned_travels_and_arrives(self, scandal):
        number = make.start(scandal)
        at = LATER + timedelta(hours=1)
        make.answer(scandal.wholesaler, number, at=at, key="a", lot_code=scandal.lot.code, returned="25")
        [sent] = Return.objects.all()
        notice = make.notice_to(number, scandal.base)

        count = services.accept_returns(scandal.base, notice_id=notice.pk, return_ids=[sent.pk], at=at)
        again = services.accept_returns(scandal.base, notice_id=notice.pk, return_ids=[sent.pk], at=at)
        make.answer(scandal.base, number, at=at, key="b", destroyed="60")

        assert (count, again) == (1, 0)
        line = notice.lines.get()
        assert (line.quantity, line.received, line.destroyed) == (35, 25, 60)
        assert bar(number, scandal.regulator).recovered == 60  # its own 35, and the 25 of the wholesaler once
        assert lots.get_lot(scandal.base, scandal.lot.code).is_held
        assert lots.unbalanced() == ()
        assert sound() == []

    def test_goods_on_their_way_are_destroyed_by_who_sent_them_or_come_home_first(self, scandal):
        number = make.start(scandal, responsible_id=scandal.wholesaler.party_id)
        at = LATER + timedelta(hours=1)

        make.answer(scandal.base, number, at=at, key="a", returned="30")
        make.answer(scandal.base, number, at=at, key="b", destroyed="5")

        assert lots.remaining_everywhere([scandal.lot.id])[scandal.lot.id] == Decimal(100 - 15 - 10 - 5)
        assert Return.objects.get().quantity == 30
        assert sound() == []

    def test_never_more_than_there_was(self, scandal):
        number = make.start(scandal)
        at = LATER + timedelta(hours=1)
        make.answer(scandal.stall, number, at=at, key="a", set_aside="7")

        with pytest.raises(services.MoreThanThereWas) as refused:
            make.answer(scandal.stall, number, at=at, key="b", set_aside="7")

        line = make.notice_to(number, scandal.stall).lines.get()
        [error] = refused.value.extra["errors"]
        assert error["where"] == f"set_aside_{line.pk}"
        assert "3" in error["what"]
        assert line.secured == 7

    def test_an_empty_answer_is_asked_about_unless_nothing_is_open(self, scandal):
        number = make.start(scandal)
        at = LATER + timedelta(hours=1)

        with pytest.raises(InvalidInput):
            make.answer(scandal.stall, number, at=at, key="a")
        shop = make.notice_to(number, scandal.shop)
        said = Said(lines=(), occurred_at=at, note="未收货")
        services.answer_notice(scandal.shop, notice_id=shop.pk, said=said, at=at, client_key="a")

        shop.refresh_from_db()
        assert shop.answered_at == at

    def test_an_answer_in_the_minute_of_the_decision_counts(self, scandal):
        number = make.start(scandal, at=LATER.replace(second=40))
        said = Said(lines=(), occurred_at=LATER.replace(second=0), note="未收货")
        shop = make.notice_to(number, scandal.shop)

        services.answer_notice(
            scandal.shop, notice_id=shop.pk, said=said, at=LATER.replace(second=50), client_key="a"
        )

        shop.refresh_from_db()
        assert shop.answered_at is not None

    @pytest.mark.parametrize("value", ["-1", "NaN", "1e12", "0.1234567"])
    def test_refuses_what_is_no_quantity(self, scandal, value):
        number = make.start(scandal)

        with pytest.raises(InvalidInput):
            make.answer(scandal.stall, number, at=LATER + timedelta(hours=1), key="a", destroyed=value)

    def test_others_notices_are_not_there(self, scandal):
        number = make.start(scandal)
        notice = make.notice_to(number, scandal.base)
        said = Said(lines=(), occurred_at=LATER)

        for call in (
            lambda: queries.get_notice(scandal.stall, notice.pk),
            lambda: services.confirm_notice(scandal.stall, notice_id=notice.pk, at=LATER),
            lambda: services.answer_notice(
                scandal.stall, notice_id=notice.pk, said=said, at=LATER, client_key="x"
            ),
            lambda: services.accept_returns(scandal.stall, notice_id=notice.pk, return_ids=[1], at=LATER),
        ):
            with pytest.raises(NotFound):
                call()


class TestLinks:
    def test_a_holder_without_an_account_answers_by_its_link(self, scandal):
        number = make.start(scandal)
        notice = make.notice_to(number, scandal.canteen_id)
        token = token_of(notice)
        file = queries.notice_of_link(token)
        said = Said(
            lines=((file.lines[0].id, Figures(destroyed=Decimal(2), missing=Decimal(3))),),
            occurred_at=LATER,
            by_name="李师傅",
        )

        first = services.answer_by_link(PUBLIC, token=token, said=said, at=LATER, client_key="a")
        again = services.answer_by_link(PUBLIC, token=token, said=said, at=LATER, client_key="a")

        assert first == again
        notice.refresh_from_db()
        assert notice.confirmed_by == "李师傅"
        assert bar(number, scandal.regulator).missing == 3
        # No books: what it declares moves nothing here.
        assert lots.remaining_everywhere([scandal.lot.id])[scandal.lot.id] == 75
        assert sound() == []

    def test_the_secret_is_kept_nowhere_in_clear(self, scandal):
        number = make.start(scandal)
        token = token_of(make.notice_to(number, scandal.canteen_id))

        assert len(token) == 22  # 128 bits
        assert not any(token.encode() in bytes(one.body) for one in Message.objects.all())
        with pytest.raises(NotFound):
            queries.notice_of_link(token[:-1] + ("A" if token[-1] != "A" else "B"))

    def test_who_keeps_books_here_signs_in_to_answer(self, scandal):
        number = make.start(scandal)
        token = token_of(make.notice_to(number, scandal.stall))

        services.confirm_by_link(PUBLIC, token=token, by_name="陈大文", at=LATER)

        with pytest.raises(services.SignInToAnswer):
            services.answer_by_link(
                PUBLIC, token=token, said=Said(lines=(), occurred_at=LATER), at=LATER, client_key="a"
            )

    def test_is_passed_on_tier_by_tier(self, scandal):
        number = make.start(scandal)
        parent = make.notice_to(number, scandal.stall)
        line = parent.lines.get()
        made = services.forward_notice(
            scandal.stall, notice_id=parent.pk, name="巷口面馆", phone="13400134000",
            quantities={line.pk: Decimal(3)}, at=LATER, client_key="f",
        )  # fmt: skip
        again = services.forward_notice(
            scandal.stall, notice_id=parent.pk, name="巷口面馆", phone="13400134000", quantities={},
            at=LATER, client_key="f",
        )  # fmt: skip
        deeper = services.forward_by_link(
            PUBLIC,
            token=made.token,
            name="外卖摊",
            phone="13300133000",
            quantities={},
            at=LATER,
            client_key="g",
        )
        services.confirm_by_link(PUBLIC, token=deeper.token, by_name="赵", at=LATER)

        recall = queries.get_recall(scandal.regulator, number)
        tiers = queries.progress(scandal.regulator, recall, at=LATER).tiers
        assert (again.notice_id, again.token) == (made.notice_id, "")
        assert [(one.tier, one.counts.notified, one.counts.confirmed) for one in tiers][1:] == [
            (1, 1, 0), (2, 1, 1),
        ]  # fmt: skip
        assert bar(number, scandal.regulator).outside == 3
        assert sound() == []

    def test_a_message_says_how_it_went(self, scandal):
        number = make.start(scandal)
        Message.objects.filter(notice__holder_id=scandal.canteen_id).update(address="")

        make.deliver()

        rows = queries.list_messages(scandal.regulator, number, limit=500).items
        states = {(one.channel, one.state, one.detail) for one in rows}
        assert states == {
            ("app", "delivered", "in-app"), ("sms", "delivered", "simulated"), ("sms", "failed", "no-number"),
        }  # fmt: skip
        assert make.deliver() == 0

    def test_sending_waits_in_the_queue_of_the_same_transaction(self, scandal):
        before = ProcrastinateJob.objects.filter(task_name="kernel.deliver").count()

        make.start(scandal)

        jobs = ProcrastinateJob.objects.filter(
            task_name="kernel.deliver", args__name="supervision.messages.queued"
        )
        assert jobs.count() == 1
        assert ProcrastinateJob.objects.filter(task_name="kernel.deliver").count() > before
