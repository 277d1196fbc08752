"""Income and expense: one journal, totals by kind of a day and a month, corrections beside what they correct."""

from datetime import date, timedelta

import pytest

from cailan.kernel.access import SYSTEM
from cailan.kernel.problems import InvalidInput, KeyReused, NotAllowed, NotFound
from cailan.ledger import queries as seals
from cailan.ledger import services as ledger
from cailan.ledger.models import Record
from cailan.lots.tests.factories import AT, make_lot
from cailan.parties.models import Party
from cailan.parties.tests.factories import make_actor, make_party
from cailan.trade import queries, services
from cailan.trade.models import CashEntry
from cailan.trade.tests.orders import buy, make_stall, sell

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


@pytest.fixture
def stall():
    return make_stall()


def enter(stall, kind="rent", fen=5_000, at=AT, **fields):
    return services.add_cash_entry(stall, kind=kind, amount_fen=fen, method="cash", at=at, **fields)


def listed(stall, day=DAY, **options):
    start, end = queries.day_bounds(day)
    return queries.list_cash(stall, start=start, end=end, **options)


def test_payments_and_entries_stand_in_one_journal(stall):
    ticket = sell(stall, make_lot(stall, "10"), "1", 1_000, buyer_name="王师傅")
    purchase = buy(stall, "10", 800)
    services.record_payment(stall, ticket_id=ticket.pk, amount_fen=1_000, method="mobile", at=AT)
    services.record_payment(
        stall, purchase_id=purchase.pk, amount_fen=300, method="cash", at=AT + timedelta(minutes=1)
    )
    enter(stall, at=AT + timedelta(minutes=2), counterpart_name="市场管理处", note="十一月")

    rows = listed(stall).items

    assert [(row.kind, row.signed_fen) for row in rows] == [
        ("rent", -5_000),
        ("purchases", -300),
        ("sales", 1_000),
    ]
    assert (rows[2].ticket_code, rows[2].counterpart) == (ticket.code, "王师傅")
    assert rows[1].purchase_id == purchase.pk


def test_day_and_month_are_added_up_by_kind(stall):
    enter(stall, fen=5_000)
    enter(stall, fen=2_000, at=AT - timedelta(days=10))
    enter(stall, "subsidy", 700)
    enter(stall, fen=9_999, at=AT - timedelta(days=40))

    day = queries.cash_by_kind(stall, **dict(zip(("start", "end"), queries.day_bounds(DAY), strict=True)))
    month = queries.cash_by_kind(stall, **dict(zip(("start", "end"), queries.month_bounds(DAY), strict=True)))

    assert {one.kind: one.amount_fen for one in day.kinds} == {"rent": 5_000, "subsidy": 700}
    assert {one.kind: one.amount_fen for one in month.kinds} == {"rent": 7_000, "subsidy": 700}
    assert (month.in_fen, month.out_fen, month.balance_fen) == (700, 7_000, -6_300)


def test_pages_of_the_journal_follow_each_other(stall):
    ticket = sell(stall, make_lot(stall, "10"), "1", 1_000, buyer_name="王师傅")
    for number in range(4):
        at = AT + timedelta(minutes=number // 2)  # pairs at one and the same moment
        enter(stall, fen=100 + number, at=at)
        services.record_payment(stall, ticket_id=ticket.pk, amount_fen=10 + number, method="cash", at=at)

    seen, cursor = [], ""
    while True:
        page = listed(stall, limit=3, cursor=cursor)
        seen += [(row.source, row.id) for row in page.items]
        if not (cursor := page.next):
            break

    assert len(seen) == len(set(seen)) == 8


def test_of_one_kind_only(stall):
    ticket = sell(stall, make_lot(stall, "10"), "1", 1_000, buyer_name="王师傅")
    services.record_payment(stall, ticket_id=ticket.pk, amount_fen=1_000, method="cash", at=AT)
    enter(stall)

    assert [row.kind for row in listed(stall, kind="sales").items] == ["sales"]
    assert [row.kind for row in listed(stall, kind="rent").items] == ["rent"]
    assert listed(stall, kind="purchases").items == ()


def test_a_wrong_entry_is_taken_back_beside_it_and_the_sum_is_right(stall):
    wrong = enter(stall, fen=50_000)
    services.take_back_cash_entry(stall, entry_id=wrong, reason="多写一个零", at=AT)
    enter(stall, fen=5_000)

    rows = listed(stall).items

    assert sum(row.signed_fen for row in rows) == -5_000
    assert [row.is_corrected for row in rows if row.id == wrong] == [True]
    with pytest.raises(services.AlreadyCorrected):
        services.take_back_cash_entry(stall, entry_id=wrong, reason="再来", at=AT)


def test_a_double_tap_is_one_entry_and_a_key_serves_one(stall):
    assert enter(stall, client_key="k") == enter(stall, client_key="k")
    with pytest.raises(KeyReused):
        enter(stall, fen=1, client_key="k")


@pytest.mark.parametrize(
    "fields",
    [
        {"fen": 0}, {"fen": 10**16}, {"kind": "party"}, {"kind": "sales"}, {"counterpart_id": 10**9},
        {"ticket_id": 10**9}, {"purchase_id": 10**9}, {"note": "x" * 201},
    ],
)  # fmt: skip
def test_nonsense_is_refused(stall, fields):
    with pytest.raises(InvalidInput):
        enter(stall, **fields)
    assert not CashEntry.objects.exists()


def test_it_is_the_owners_affair(stall):
    number = enter(stall)
    clerk = make_actor(Party.objects.get(pk=stall.party_id), "clerk")
    official = make_actor(make_party("regulator", area="440118"))

    for actor in (clerk, official):
        with pytest.raises(NotAllowed):
            listed(actor)
    with pytest.raises(NotFound):
        queries.get_cash(make_stall("别家"), source="entry", entry_id=number)
    record = Record.objects.get(kind="trade.cash_entry").pk
    assert seals.may_read(stall, record)
    assert not any(seals.may_read(actor, record) for actor in (clerk, official, make_stall("第三家")))


def test_the_audit_finds_an_entry_changed_by_hand(stall):
    enter(stall, note="十一月")
    ledger.sequence_once()
    assert ledger.audit(SYSTEM).alterations == []

    CashEntry.objects.update(note="十二月")

    assert [(one.kind, one.where) for one in ledger.audit(SYSTEM).alterations] == [
        ("trade.cash_entry", "note")
    ]
