"""Record one request, or many in one transaction with a reason for each that is refused."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

import orjson
from django.db import IntegrityError, connection, transaction

from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import KeyReused, Problem
from cailan.lots.rules.book import Refused
from cailan.lots.rules.requests import Adjust, AnyRequest, Create, Receive, Transform
from cailan.lots.services import verbs
from cailan.lots.services.desk import Desk
from cailan.lots.services.problems import problem_of
from cailan.lots.services.writing import write


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request: its event and the codes of the lots it made, or why it was refused."""

    event_id: str = ""
    lot_codes: tuple[str, ...] = ()
    holding_ids: tuple[int, ...] = ()  # where goods came to, in the order of the request's lines
    problem: Problem | None = None
    was_known: bool = False  # the client key had been used for this very request: the first answer again


def record(actor: Actor, request: AnyRequest, *, at: datetime, client_key: str = "") -> Outcome:
    """Record one request; a refusal raises its Problem and writes nothing."""
    with transaction.atomic():
        outcome = record_many(actor, [request], at=at, client_keys=[client_key] if client_key else None)[0]
        if outcome.problem is not None:
            raise outcome.problem
    return outcome


def record_many(
    actor: Actor,
    requests: Sequence[AnyRequest],
    *,
    at: datetime,
    client_keys: Sequence[str] | None = None,
) -> list[Outcome]:
    """Record requests in order, set-based; each refused one gets its reason and leaves the others untouched.

    `client_keys` makes the call idempotent: a key used before for the same request gets the first answer, for
    another request a KeyReused; so does the second of two requests of a batch.
    """
    for request in requests:
        actor.require(
            Permission.LOT_CREATE
            if isinstance(request, Create | Receive | Transform)
            else Permission.LOT_MOVE
        )
    try:
        return _record_all(actor, requests, at, client_keys)
    except IntegrityError as error:
        if not is_number_race(error):
            raise
        return _record_all(actor, requests, at, client_keys)  # now the other's lot is there to be seen


def is_number_race(error: IntegrityError) -> bool:
    """Say whether somebody else has just used the same lot number."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", "") in {"lot_number_once_per_maker", "lots_lot_uri_key"}


@transaction.atomic
def _record_all(
    actor: Actor,
    requests: Sequence[AnyRequest],
    at: datetime,
    client_keys: Sequence[str] | None,
) -> list[Outcome]:
    outcomes: dict[int, Outcome] = {}
    if client_keys is not None:
        outcomes = _claim(actor, requests, client_keys)
    twins = _twins(client_keys or ())
    desk = Desk(actor, at)
    fresh = [index for index in range(len(requests)) if index not in outcomes and index not in twins]
    _load(desk, [requests[index] for index in fresh])
    facts = {}
    for index in fresh:
        request = requests[index]
        try:
            facts[index] = desk.file(lambda request=request: verbs.plan(desk, request))  # type: ignore[misc]
        except Refused as refused:
            outcomes[index] = Outcome(problem=problem_of(refused))
            continue
    real = write(desk)
    for index, fact in facts.items():
        codes = tuple(desk.new_lots[lot].values["code"] for lot in fact.lots)
        arrived = tuple(real.get(pk, pk) for pk in fact.holdings)
        outcomes[index] = Outcome(fact.event["eventID"], codes, arrived)
    if client_keys is not None:
        _answer(actor, client_keys, outcomes, fresh)
    for index, first in twins.items():
        is_same = requests[index] == requests[first]
        outcomes.setdefault(index, _again(outcomes[first]) if is_same else Outcome(problem=KeyReused()))
    return [outcomes[index] for index in range(len(requests))]


def _twins(keys: Sequence[str]) -> dict[int, int]:
    """Return which requests of a batch bear the key of an earlier one, and of which."""
    first = {key: index for index, key in reversed(list(enumerate(keys)))}
    return {index: first[key] for index, key in enumerate(keys) if first[key] != index}


def _again(first: Outcome) -> Outcome:
    return first if first.problem is not None else replace(first, was_known=True)


def _load(desk: Desk, requests: Sequence[AnyRequest]) -> None:
    names: set[str] = set()
    holding_ids: set[int] = set()
    numbers: set[tuple[int, str]] = set()
    in_stock: set[tuple[int | None, str]] = set()
    ours = desk.actor.acting_party_id
    for request in requests:
        lines = getattr(request, "lines", None) or getattr(request, "inputs", None) or ()
        names.update(line.lot for line in lines if line.lot)
        in_stock.update((line.product_id, line.number) for line in lines if not line.lot)
        holding_ids.update(line.holding_id for line in lines if line.holding_id is not None)
        holding_ids.update(parcel.holding_id for parcel in getattr(request, "parcels", ()))
        if isinstance(request, Adjust):
            names.add(request.lot)
            holding_ids.add(request.holding_id)
        elif isinstance(request, Create):
            numbers.add((ours, request.lot.number))
            names.update(verbs.trade_item_uri(request.lot))
        elif isinstance(request, Receive):
            numbers.add((request.supplier_id, request.lot.number))
            names.update(verbs.trade_item_uri(request.lot))
        elif isinstance(request, Transform):
            numbers.update((ours, new.number) for new in request.outputs)
            names.update(*map(verbs.trade_item_uri, request.outputs))
    partners = _named(requests, "supplier_id", "to_party_id")
    desk.load_uris({ours} | partners, _named(requests, "site_id", "to_site_id"))
    names |= desk.load_numbers(numbers) | desk.load_stock_numbers(in_stock)
    desk.load(names, holders=[ours], holding_ids=holding_ids)


def _named(requests: Sequence[AnyRequest], *sides: str) -> set[int]:
    found = (getattr(request, side, None) for request in requests for side in sides)
    return {pk for pk in found if pk is not None}


def _digest(request: AnyRequest) -> bytes:
    facts = {"kind": type(request).__name__, "request": request}
    return sha256(orjson.dumps(facts, default=str, option=orjson.OPT_SORT_KEYS)).digest()


def _claim(actor: Actor, requests: Sequence[AnyRequest], keys: Sequence[str]) -> dict[int, Outcome]:
    """Claim the client keys; a second caller waits here for the first, then gets its answer."""
    party = actor.acting_party_id
    digests = [_digest(request) for request in requests]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO lots_clientrequest (party_id, key, digest, answer, created_at)"
            " SELECT %s, key, digest, '{}', now() FROM unnest(%s::text[], %s::bytea[]) AS t(key, digest)"
            " ORDER BY key ON CONFLICT DO NOTHING RETURNING key",
            [party, list(keys), digests],
        )
        claimed = {key for (key,) in cursor.fetchall()}
        others = [key for key in keys if key not in claimed]
        if not others:
            return {}
        cursor.execute(
            "SELECT key, digest, answer::text FROM lots_clientrequest WHERE party_id = %s AND key = ANY(%s)",
            [party, others],
        )
        known = {key: (bytes(digest), orjson.loads(answer)) for key, digest, answer in cursor.fetchall()}
    outcomes = {}
    for index, (key, digest) in enumerate(zip(keys, digests, strict=True)):
        if key in known:
            before, answer = known[key]
            outcomes[index] = (
                Outcome(
                    answer["event_id"],
                    tuple(answer["lot_codes"]),
                    tuple(answer["holding_ids"]),
                    was_known=True,
                )
                if before == digest
                else Outcome(problem=KeyReused(key=key))
            )
    return outcomes


def _answer(actor: Actor, keys: Sequence[str], outcomes: dict[int, Outcome], fresh: Sequence[int]) -> None:
    """Keep the answers of accepted requests; give the keys of refused ones back."""
    party = actor.acting_party_id
    done = [index for index in fresh if outcomes[index].problem is None]
    refused = [keys[index] for index in fresh if outcomes[index].problem is not None]
    answers = [
        orjson.dumps(
            {
                "event_id": outcomes[i].event_id,
                "lot_codes": outcomes[i].lot_codes,
                "holding_ids": outcomes[i].holding_ids,
            }
        ).decode()
        for i in done
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE lots_clientrequest c SET answer = t.answer::jsonb FROM unnest(%s::text[], %s::text[])"
            " AS t(key, answer) WHERE c.party_id = %s AND c.key = t.key",
            [[keys[index] for index in done], answers, party],
        )
        cursor.execute(
            "DELETE FROM lots_clientrequest WHERE party_id = %s AND key = ANY(%s)", [party, refused]
        )
