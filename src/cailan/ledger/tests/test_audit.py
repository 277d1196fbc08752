"""Every changed byte is found and named, also when the database's owner took the triggers away."""

import pytest
from django.core.management import call_command
from django.db import connection

from cailan.kernel.access import PUBLIC, SYSTEM
from cailan.kernel.problems import NotAllowed
from cailan.ledger import services as ledger
from cailan.ledger.rules import Entry
from cailan.ledger.rules.alterations import Part
from cailan.ledger.tests.factories import append, signing_actor, statements, tamper

pytestmark = pytest.mark.django_db
FLIP = "set_byte({0}, {1}, 255 - get_byte({0}, {1}))"


@pytest.fixture
def records():
    """600 entries in three checkpoints: three leaf tiles and an inner one; the last five still wait."""
    actor = signing_actor()
    ids = []
    for count in (200, 300, 97):
        ids += append(actor, statements(count))
        ledger.sequence_once()
    return ids + append(actor, statements(5))


def findings(**options):
    return ledger.audit(SYSTEM, **options).alterations


@pytest.mark.parametrize("signatures", [True, False])
def test_an_untouched_log_is_sound(records, signatures):
    report = ledger.audit(SYSTEM, signatures=signatures)
    assert report.is_sound
    assert (report.entries, report.waiting, report.checkpoints, report.keys) == (600, 5, 3, 3)


@pytest.mark.parametrize("signatures", [True, False])
@pytest.mark.parametrize("place", [0, 255, 256, 596, 599])  # the last one waits
def test_a_changed_byte_of_the_content_is_named_with_its_place(records, place, signatures):
    tamper("UPDATE ledger_record SET payload = replace(payload, 'KGM', 'KGN') WHERE id = %s", records[place])
    (found,) = findings(signatures=signatures)
    assert (found.part, found.record_id, found.kind) == (Part.PAYLOAD, records[place], "sample.transfer")
    assert 'KGM"' in found.sealed
    assert 'KGN"' in found.stored


@pytest.mark.parametrize("byte", range(16))
def test_each_byte_of_the_salt_counts(records, byte):
    tamper(f"UPDATE ledger_record SET salt = {FLIP.format('salt', byte)} WHERE id = %s", records[7])
    (found,) = findings()
    assert (found.part, found.record_id, found.where) == (Part.SALT, records[7], f"byte {byte}")


@pytest.mark.parametrize("waits", [False, True])
@pytest.mark.parametrize("byte", [0, 1, 31])
def test_a_changed_leaf_is_named(records, byte, waits):
    record = records[-1 if waits else 300]
    tamper(f"UPDATE ledger_record SET leaf = {FLIP.format('leaf', byte)} WHERE id = %s", record)
    (found,) = findings()
    assert (found.part, found.record_id) == (Part.LEAF, record)


@pytest.mark.parametrize("waits", [False, True])
@pytest.mark.parametrize("signatures", [True, False])
def test_every_byte_of_an_entry_counts(records, waits, signatures):
    record = records[-1 if waits else 300]
    with connection.cursor() as cursor:
        cursor.execute("SELECT length(entry) FROM ledger_record WHERE id = %s", [record])
        length = cursor.fetchone()[0]
    for byte in range(0, length, 37):
        flip = f"UPDATE ledger_record SET entry = {FLIP.format('entry', byte)} WHERE id = %s"
        tamper(flip, record)
        (found,) = findings(signatures=signatures)
        assert (found.part, found.record_id, found.where) == (Part.ENTRY, record, f"byte {byte}")
        tamper(flip, record)


def test_an_entry_rewritten_together_with_its_leaf_is_named(records):
    tamper(
        "UPDATE ledger_record SET entry = other.entry, leaf = other.leaf, payload = other.payload, salt = other.salt,"
        " subject = other.subject FROM (SELECT * FROM ledger_record WHERE id = %s) other WHERE ledger_record.id = %s",
        records[1],
        records[400],
    )
    (found,) = findings()
    assert (found.part, found.record_id) == (Part.ENTRY, records[400])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "sample.retail"),
        ("subject", "lot:x"),
        ("party_id", 8),
        ("key_id", "0" * 32),
        ("at", "2020-01-01T00:00Z"),
    ],
)
@pytest.mark.parametrize("signatures", [True, False])
def test_a_column_beside_the_entry_is_held_to_it(records, column, value, signatures):
    tamper(f"UPDATE ledger_record SET {column} = %s WHERE id = %s", value, records[20])
    (found,) = findings(signatures=signatures)
    assert (found.part, found.record_id, found.where) == (Part.COLUMN, records[20], column)


def test_two_entries_that_changed_places_are_named(records):
    tamper("UPDATE ledger_entry SET seq = -1 WHERE seq = 10")
    tamper("UPDATE ledger_entry SET seq = 10 WHERE seq = 500")
    tamper("UPDATE ledger_entry SET seq = 500 WHERE seq = -1")
    assert [(one.part, one.seq) for one in findings()] == [(Part.ORDER, 10), (Part.ORDER, 500)]


def test_a_record_taken_away_is_missed(records):
    tamper("DELETE FROM ledger_record WHERE id = %s", records[30])
    assert [(one.part, one.record_id) for one in findings()] == [(Part.MISSING, records[30])]


@pytest.mark.parametrize("seq", [0, 300, 599])
def test_a_place_taken_away_is_missed(records, seq):
    tamper("DELETE FROM ledger_entry WHERE seq = %s", seq)
    found = findings()
    assert (Part.ORDER, seq) in [(one.part, one.seq) for one in found]


@pytest.mark.parametrize(("level", "idx"), [(0, 0), (0, 1), (0, 2), (1, 0)])
@pytest.mark.parametrize("byte", [0, 33, 63])
def test_a_changed_tile_is_named(records, level, idx, byte):
    tamper(
        f"UPDATE ledger_tile SET data = {FLIP.format('data', byte)} WHERE (level, idx) = (%s, %s)", level, idx
    )
    (found,) = findings()
    assert (found.part, found.where.split(" ")[0]) == (Part.TILE, f"{level}/{idx}")


def test_a_tile_taken_away_is_missed(records):
    tamper("DELETE FROM ledger_tile WHERE level = 1")
    (found,) = findings()
    assert (found.part, found.where) == (Part.TILE, "1/0 byte 0")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (f"root = {FLIP.format('root', 5)}", "root of size 503"),
        ("note = replace(note, '503', '504')", "note of size 503"),
        ("note = overlay(note placing 'A' from length(note) - 6)", "note of size 503"),
    ],
)
def test_a_changed_checkpoint_is_named(records, change, where):
    tamper(f"UPDATE ledger_checkpoint SET {change} WHERE size = 503")
    (found,) = findings()
    assert (found.part, found.where) == (Part.CHECKPOINT, where)


def test_the_newest_checkpoint_taken_away_is_missed(records):
    tamper("DELETE FROM ledger_checkpoint WHERE size = 600")
    assert [(one.part, one.where) for one in findings()] == [(Part.CHECKPOINT, "missing")]


@pytest.mark.parametrize("change", ["size = size - 1", f"root = {FLIP.format('root', 5)}"])
def test_the_sequencers_own_memory_is_held_to_the_checkpoints(records, change):
    tamper(f"UPDATE ledger_cursor SET {change}")
    assert [one.part for one in findings()] == [Part.ORDER]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ("party_id = 8", "party"),
        ("purpose = 'log'", "purpose"),
        (f"public_key = {FLIP.format('public_key', 1)}", "public_key"),
    ],
)
def test_a_key_is_held_to_its_announcement(records, change, where):
    tamper(f"UPDATE ledger_key SET {change} WHERE party_id = 7")
    found = findings(signatures=False)
    assert (found[0].part, found[0].where) == (Part.KEY, where)


def test_a_key_taken_away_is_missed(records):
    tamper("DELETE FROM ledger_key WHERE party_id = 7")
    found = findings()
    assert (found[0].part, found[0].where) == (Part.KEY, "missing")


def test_several_alterations_are_all_named_the_first_one_first(records):
    tamper("UPDATE ledger_record SET payload = '{}' WHERE id = ANY(%s)", [records[5], records[300]])
    tamper(f"UPDATE ledger_record SET leaf = {FLIP.format('leaf', 0)} WHERE id = %s", records[100])
    found = [(one.part, one.record_id) for one in findings()]
    assert found == [(Part.PAYLOAD, records[5]), (Part.LEAF, records[100]), (Part.PAYLOAD, records[300])]


def test_a_changed_row_of_another_context_is_named_with_its_field(monkeypatch):
    monkeypatch.setattr("cailan.ledger.services.mirrors._mirrors", {})
    stored = {"lot:1": {"quantity": "40", "to": ["a", "b"]}, "lot:2": {"quantity": "7"}, "lot:3": {}}
    actor = signing_actor()
    append(actor, [Entry("sample.transfer", "lot:1", {"quantity": "39"})])
    ids = append(actor, [Entry("sample.transfer", subject, payload) for subject, payload in stored.items()])
    ledger.sequence_once()
    ledger.mirror("sample.transfer", lambda subjects: {one: stored[one] for one in subjects if one in stored})
    assert ledger.audit(SYSTEM).facts == 3
    assert not findings()

    stored["lot:1"] = {"quantity": "400", "to": ["a", "c"]}
    del stored["lot:3"]
    assert [(one.part, one.record_id, one.where, one.sealed, one.stored) for one in findings()] == [
        (Part.FACT, ids[0], "quantity", "40", "400"),
        (Part.FACT, ids[0], "to/1", "b", "c"),
        (Part.FACT, ids[2], "missing", "", ""),
    ]


def test_only_those_who_may_read_the_audit_run_it():
    with pytest.raises(NotAllowed):
        ledger.audit(PUBLIC)


@pytest.mark.requirement("S4-P5-1")
def test_the_command_finds_an_altered_row_and_says_so_in_its_status(records, capsys):
    call_command("audit")
    assert "600" in capsys.readouterr().out

    tamper("UPDATE ledger_record SET payload = replace(payload, '12.5', '72.5') WHERE id = %s", records[12])
    with pytest.raises(SystemExit) as ended:
        call_command("audit")
    assert ended.value.code == 1
    said = capsys.readouterr().out
    assert all(part in said for part in (str(records[12]), "sample.transfer", "lot:12"))
    assert "12.5" in said
    assert "72.5" in said
