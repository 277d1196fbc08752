"""Sealing, keys, and the way into the log."""

from itertools import pairwise

import orjson
import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from cailan.kernel.access import PUBLIC, SYSTEM, Actor
from cailan.kernel.problems import NotAllowed, NotFound
from cailan.ledger import queries
from cailan.ledger import services as ledger
from cailan.ledger.rules import Entry, envelope, merkle, notes, proofs
from cailan.ledger.services import keys
from cailan.ledger.tests.factories import NOON, append, signing_actor, statements, tamper

pytestmark = pytest.mark.django_db


def rows(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def test_records_are_sealed_by_the_party_that_acts_and_proven_by_the_log():
    actor = signing_actor()
    ids = append(actor, statements(300))
    assert ids == sorted(ids)
    assert [s.state for seals in queries.seals_for(PUBLIC, ["lot:0", "lot:299"]).values() for s in seals] == [
        "waiting",
        "waiting",
    ]

    assert ledger.sequence_once() == 303  # and the two keys of the platform, and the party's
    assert ledger.sequence_once() == 0

    seal = queries.seals_for(PUBLIC, ["lot:299", "lot:none"])["lot:299"][0]
    assert (seal.record_id, seal.kind, seal.party_id, seal.at, seal.state) == (
        ids[299],
        "sample.transfer",
        7,
        NOON,
        "sealed",
    )
    bundle = queries.proof_bundle(seal.record_id, with_payload=True)
    found, findings = proofs.verify(proofs.parse(orjson.dumps(bundle)), log_key=str(queries.log_key()))
    assert [one.holds for one in findings] == [True] * 5
    assert (found.party, found.key, found.digest) == (7, seal.key_id, seal.digest)
    assert bundle["payload"]["quantity"] == "299.5"


def test_the_proof_also_travels_as_tlog_proof():
    ids = append(signing_actor(), statements(3))
    ledger.sequence_once()
    parsed = proofs.parse(queries.proof(ids[1]).text().encode())
    _, findings = proofs.verify(parsed, log_key=str(queries.log_key()))
    holds = {one.check: one.holds for one in findings}
    assert holds[proofs.Check.INCLUSION]
    assert holds[proofs.Check.CHECKPOINT]
    assert holds[proofs.Check.PAYLOAD] is None


def test_the_content_stays_out_of_a_proof_unless_it_is_disclosed():
    (record,) = append(signing_actor(), [Entry("sample.transfer", "lot:1", {"buyer": "secret buyer"})])
    ledger.sequence_once()
    written = orjson.dumps(queries.proof_bundle(record)).decode() + queries.proof(record).text()
    assert "secret buyer" not in written
    assert rows("SELECT encode(salt, 'base64') FROM ledger_record WHERE id = %s", record)[0][0] not in written


def test_every_checkpoint_contains_the_one_before():
    actor = signing_actor()
    for count in (1, 254, 3, 40):
        append(actor, statements(count))
        ledger.sequence_once()
    read = queries.tree.TileCache()
    kept = rows("SELECT size, root, note FROM ledger_checkpoint ORDER BY size")
    assert [size for size, _, _ in kept] == [4, 258, 261, 301]
    for (old, old_root, _), (new, new_root, note) in pairwise(kept):
        proof = merkle.consistency_proof(old, new, read)
        merkle.check_consistency(old, new, bytes(old_root), bytes(new_root), proof)
        text, _ = notes.open_note(note, [queries.log_key()])
        assert notes.Checkpoint.parse(text).size == new


def test_a_batch_is_limited_and_the_rest_follows_in_order():
    ids = append(signing_actor(), statements(10))
    assert [ledger.sequence_once(limit=4) for _ in range(5)] == [4, 4, 4, 1, 0]
    order = [record for (record,) in rows("SELECT record_id FROM ledger_entry ORDER BY seq")]
    assert order[-10:] == ids


@pytest.mark.django_db(transaction=True)
def test_a_seal_stands_or_falls_with_its_fact():
    actor = signing_actor()
    with pytest.raises(RuntimeError, match="transaction"):
        ledger.append(actor, statements(1), at=NOON)
    with transaction.atomic():
        ledger.append(actor, statements(5), at=NOON)
        transaction.set_rollback(True)
    assert queries.seals_for(PUBLIC, ["lot:1"]) == {"lot:1": ()}


def test_nobody_seals_without_a_party_or_its_key():
    with pytest.raises(NotAllowed):
        append(Actor(user_id=1, means="password"), statements(1))
    with pytest.raises(ledger.NoKey):
        append(Actor(user_id=1, party_id=99, means="password"), statements(1))
    assert append(signing_actor(), []) == []


@pytest.mark.parametrize(
    ("said", "where"),
    [
        (Entry("sample.transfer", "lot:1", {"quantity": 40.5}), "sample.transfer/quantity"),
        (Entry("Transfer", "lot:1", {}), "Transfer"),
    ],
)
def test_what_cannot_be_sealed_is_refused_by_name_and_nothing_is_kept(said, where):
    actor = signing_actor()
    with pytest.raises(ledger.NotSealable) as caught:
        append(actor, [*statements(2), said])
    assert caught.value.extra["where"] == where
    assert rows("SELECT count(*) FROM ledger_record WHERE kind = 'sample.transfer'") == [(0,)]


def test_a_key_is_announced_before_it_signs_and_a_second_one_is_refused():
    key = ledger.make_key(SYSTEM, party_id=7, at=NOON)
    (seal,) = queries.seals_for(PUBLIC, [f"key:{key}"])[f"key:{key}"]
    assert (seal.kind, seal.party_id) == ("ledger.key.created", 0)
    with pytest.raises(ledger.KeyExists):
        ledger.make_key(SYSTEM, party_id=7, at=NOON)


def test_the_old_key_signs_the_new_one():
    actor = signing_actor()
    before = append(actor, statements(1))
    old = queries.seals_for(PUBLIC, ["lot:0"])["lot:0"][0].key_id
    new = ledger.rotate_key(actor, at=NOON)
    append(actor, [Entry("sample.transfer", "lot:later", {})])

    assert new != old
    assert queries.seals_for(PUBLIC, ["lot:later"])["lot:later"][0].key_id == new
    rotated, created = queries.seals_for(PUBLIC, [f"key:{new}"])[f"key:{new}"]
    assert (rotated.kind, rotated.key_id, rotated.party_id) == ("ledger.key.rotated", old, 7)
    assert (created.kind, created.party_id) == ("ledger.key.created", 0)
    ledger.sequence_once()
    bundle = queries.proof_bundle(before[0])
    assert all(one.holds is not False for one in proofs.verify(proofs.parse(orjson.dumps(bundle)))[1])


def test_private_keys_lie_encrypted_and_outlive_a_change_of_the_secret(settings, monkeypatch):
    actor = signing_actor()
    monkeypatch.setattr(keys, "_unlocked", {})
    signer = keys.signer_for(7)
    (stored,) = rows("SELECT private_encrypted FROM ledger_key WHERE party_id = 7")[0]
    assert bytes(signer.key) not in bytes(stored)

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret"
    assert ledger.rewrap_keys(SYSTEM) == 3
    assert ledger.rewrap_keys(SYSTEM) == 0
    settings.SECRET_KEY_FALLBACKS = []
    monkeypatch.setattr(keys, "_unlocked", {})
    assert append(actor, statements(1))

    settings.SECRET_KEY = "a third one"
    monkeypatch.setattr(keys, "_unlocked", {})
    with pytest.raises(keys.CannotUnlock):
        append(actor, statements(1))


@pytest.mark.parametrize(
    "table", ["ledger_record", "ledger_entry", "ledger_checkpoint", "ledger_tile", "ledger_key"]
)
@pytest.mark.parametrize("change", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_refuses_to_drop_what_was_sealed(table, change):
    append(signing_actor(), statements(2))
    ledger.sequence_once()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        rows(change.format(table))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_record SET payload = '{{}}'",
        "UPDATE ledger_entry SET seq = seq + 100",
        "UPDATE ledger_checkpoint SET note = ''",
        "UPDATE ledger_tile SET data = set_byte(data, 3, 7)",
        "UPDATE ledger_tile SET data = substring(data FOR 32)",
        "UPDATE ledger_key SET party_id = 8 WHERE party_id = 7",
    ],
)
def test_the_database_refuses_to_change_what_was_sealed(change):
    append(signing_actor(), statements(2))
    ledger.sequence_once()
    with pytest.raises(IntegrityError), transaction.atomic():
        rows(change)


def test_a_damaged_tile_stops_the_log_instead_of_growing_it(monkeypatch):
    actor = signing_actor()
    append(actor, statements(3))
    ledger.sequence_once()
    append(actor, statements(1))
    tamper("UPDATE ledger_tile SET data = set_byte(data, 3, 255 - get_byte(data, 3)) WHERE level = 0")
    monkeypatch.setattr("cailan.ledger.services.sequencing._tree", merkle.Tree())  # a fresh process
    with pytest.raises(ledger.LogDamaged):
        ledger.sequence_once()
    assert rows("SELECT max(size) FROM ledger_checkpoint") == [(6,)]


def test_a_database_restored_on_another_server_goes_on_where_it_was():
    """There the numbers of transactions begin anew, far below those that came with the dump."""
    actor = signing_actor()
    append(actor, statements(3))
    ledger.sequence_once()
    far = 2**40
    waiting = append(actor, statements(2))
    tamper("UPDATE ledger_record SET xid = (%s + id)::text::xid8", far)
    tamper("UPDATE ledger_cursor SET xid = (%s + record_id)::text::xid8", far)

    assert ledger.sequence_once() == 2
    later = append(actor, statements(2))
    assert [ledger.sequence_once(), ledger.sequence_once()] == [2, 0]
    order = [record for (record,) in rows("SELECT record_id FROM ledger_entry ORDER BY seq")]
    assert order[-4:] == waiting + later
    assert ledger.audit(SYSTEM).is_sound


def test_a_record_is_proven_only_once_it_stands_in_the_log():
    (record,) = append(signing_actor(), statements(1))
    with pytest.raises(queries.NotInTheLogYet):
        queries.proof(record)
    with pytest.raises(NotFound):
        queries.proof(record + 1)


def test_a_record_cannot_be_attributed_to_another_party():
    ids = append(signing_actor(7), statements(1))
    signing_actor(8)
    ledger.sequence_once()
    bundle = queries.proof_bundle(ids[0], with_payload=True)
    bundle["party"] = 8
    _, findings = proofs.verify(proofs.parse(orjson.dumps(bundle)))
    assert [one.check for one in findings if one.holds is False] == [proofs.Check.CLAIMS]

    found, signature = envelope.read(queries.proof(ids[0]).entry)
    forged = envelope.Envelope(found.kind, found.subject, found.at, 8, found.key, found.digest)
    signer = keys.signer_for(7)
    assert not envelope.is_signed_by(forged, signature, signer.public_key)
