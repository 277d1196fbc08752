"""Random histories: what the graph says equals a plain model kept beside it, and every total closes."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cailan.kernel.access import SYSTEM
from cailan.lots import queries as lots
from cailan.lots import services
from cailan.lots.rules.requests import Create, Line, Lose, NewLot, Retail, Transfer, Transform
from cailan.lots.tests.factories import AT, make_product
from cailan.parties.tests.factories import make_actor, make_party
from cailan.tracing import queries

pytestmark = pytest.mark.django_db

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["create", "transfer", "transform", "retail", "lose"]),
        st.integers(0, 5),
        st.integers(0, 5),
        st.integers(1, 40),
    ),
    min_size=4,
    max_size=24,
)


@dataclass
class Model:
    """Who has how much, and which lot came out of which: kept by hand, without the graph."""

    stock: dict = field(default_factory=lambda: defaultdict(int))
    made_from: dict = field(default_factory=dict)
    holders: dict = field(default_factory=lambda: defaultdict(set))

    def has(self, holder):
        return sorted(lot for (lot, who), left in self.stock.items() if who == holder and left)

    def upstream(self, lot):
        found, todo = set(), [lot]
        while todo:
            for parent in self.made_from.get(todo.pop(), ()):
                if parent not in found:
                    found.add(parent)
                    todo.append(parent)
        return found

    def downstream(self, lot):
        return {other for other in self.made_from if lot in self.upstream(other)}


def play(steps, actors, product):
    """Play steps through the services and the model alike; impossible ones are refused by both."""
    model, number = Model(), 0
    for verb, who, whom, quantity in steps:
        actor, other = actors[who % len(actors)], actors[whom % len(actors)]
        mine = model.has(actor.party_id)
        when = AT + timedelta(minutes=number)
        number += 1
        if verb == "create":
            new = NewLot(number=f"N{number}", quantity=Decimal(quantity), uom="KGM", product_id=product)
            [code] = services.record(actor, Create(occurred_at=when, lot=new), at=when).lot_codes
            model.stock[code, actor.party_id] += quantity
            model.made_from[code] = ()
            model.holders[code].add(actor.party_id)
            continue
        if not mine:
            continue
        lot = mine[whom % len(mine)]
        left = model.stock[lot, actor.party_id]
        lines = (Line(lot, Decimal(quantity), "KGM"),)
        if verb == "transfer":
            request = Transfer(occurred_at=when, lines=lines, to_party_id=other.party_id)
        elif verb == "retail":
            request = Retail(occurred_at=when, lines=lines)
        elif verb == "lose":
            request = Lose(occurred_at=when, lines=lines, reason="x")
        else:
            lines = tuple(Line(code, Decimal(1), "KGM") for code in mine[:3])
            outputs = tuple(
                NewLot(number=f"N{number}-{i}", quantity=Decimal(quantity), uom="KGM", product_id=product)
                for i in range(2)
            )
            request = Transform(occurred_at=when, inputs=lines, outputs=outputs)
        if verb != "transform" and quantity > left:
            with pytest.raises(services.NotEnough):
                services.record(actor, request, at=when)
            continue
        outcome = services.record(actor, request, at=when)
        if verb == "transform":
            for line in lines:
                model.stock[line.lot, actor.party_id] -= 1
            for code in outcome.lot_codes:
                model.stock[code, actor.party_id] += quantity
                model.made_from[code] = tuple(line.lot for line in lines)
                model.holders[code].add(actor.party_id)
        else:
            model.stock[lot, actor.party_id] -= quantity
            if verb == "transfer":
                model.stock[lot, other.party_id] += quantity
                model.holders[lot].add(other.party_id)
    return model


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_random_histories_close_and_trace_as_the_model(db, steps):
    with transaction.atomic():
        actors = [make_actor(make_party(kind)) for kind in ("base", "processor", "merchant")]
        model = play([("create", 0, 0, 30), *steps], actors, make_product())

        assert lots.unbalanced() == ()
        for code in model.made_from:
            trace = queries.trace_public(code)
            assert trace.balance.closes, trace.balance
            here = {(n.code, n.holder_id): Decimal(0) for n in trace.chain.nodes if n.code == code}
            for node in trace.chain.nodes:
                if node.code == code:
                    here[code, node.holder_id] += node.remaining
            assert here == {
                (code, holder): Decimal(model.stock[code, holder]) for holder in model.holders[code]
            }
            back = {n.code for n in trace.chain.nodes if n.id in trace.back and n.code} - {code}
            forward = {n.code for n in trace.chain.nodes if n.id in trace.forward and n.code} - {code}
            assert back == model.upstream(code)
            assert forward == model.downstream(code)
            for row in queries.scope(SYSTEM, code).holders:
                assert row.received == row.in_stock + row.retailed + row.lost + row.passed_on
        transaction.set_rollback(True)


class TestScope:
    @pytest.mark.requirement("S0-2.2-13")
    def test_says_where_each_kilo_is_now(self):
        grower, stall, shop = (make_actor(make_party(kind)) for kind in ("base", "merchant", "merchant"))
        [code] = services.record(
            grower,
            Create(
                occurred_at=AT,
                lot=NewLot(number="1", quantity=Decimal(100), uom="KGM", product_id=make_product()),
            ),
            at=AT,
        ).lot_codes

        def sell(giver, taker, quantity):
            request = Transfer(
                occurred_at=AT, lines=(Line(code, Decimal(quantity), "KGM"),), to_party_id=taker.party_id
            )
            services.record(giver, request, at=AT)

        sell(grower, stall, 60)
        sell(stall, shop, 25)
        sell(stall, stall, 5)  # to another place of its own
        services.record(shop, Retail(occurred_at=AT, lines=(Line(code, Decimal(10), "KGM"),)), at=AT)
        services.record(
            stall, Lose(occurred_at=AT, lines=(Line(code, Decimal(2), "KGM"),), reason="x"), at=AT
        )

        scope = queries.scope(grower, code)
        rows = {row.holder_id: row for row in scope.holders}
        assert (rows[grower.party_id].in_stock, rows[grower.party_id].passed_on) == (40, 60)
        row = rows[stall.party_id]
        assert (row.received, row.in_stock, row.passed_on, row.lost) == (60, 33, 25, 2)
        assert (rows[shop.party_id].retailed, rows[shop.party_id].in_stock) == (10, 15)
        for row in scope.holders:
            assert row.received == row.in_stock + row.retailed + row.lost + row.passed_on


def test_common_ancestors_lists_the_lot_behind_all_first():
    grower = make_actor(make_party("base"))
    product = make_product()

    def create(number):
        new = NewLot(number=number, quantity=Decimal(10), uom="KGM", product_id=product)
        return services.record(grower, Create(occurred_at=AT, lot=new), at=AT).lot_codes[0]

    def mix(number, *inputs):
        new = NewLot(number=number, quantity=Decimal(1), uom="KGM", product_id=product)
        lines = tuple(Line(code, Decimal(1), "KGM") for code in inputs)
        return services.record(
            grower, Transform(occurred_at=AT, inputs=lines, outputs=(new,)), at=AT
        ).lot_codes[0]

    a, b, c = create("a"), create("b"), create("c")
    x, y, z = mix("x", a, b), mix("y", a, b), mix("z", a, c)
    found = queries.ancestors(grower, [x, y, z])
    assert [(ancestor.code, set(ancestor.descendants)) for ancestor in found] == [(a, {x, y, z}), (b, {x, y})]


def test_a_trace_costs_few_statements_whatever_its_size(django_assert_max_num_queries):
    grower, stall = make_actor(make_party("base")), make_actor(make_party("merchant"))
    new = NewLot(number="1", quantity=Decimal(1000), uom="KGM", product_id=make_product())
    [code] = services.record(grower, Create(occurred_at=AT, lot=new), at=AT).lot_codes
    requests = [
        Transfer(occurred_at=AT, lines=(Line(code, Decimal(1), "KGM"),), to_party_id=stall.party_id)
        for _ in range(100)
    ]
    services.record_many(grower, requests, at=AT)
    with django_assert_max_num_queries(12):
        trace = queries.trace_public(code)
    assert len(trace.chain.nodes) == 101
