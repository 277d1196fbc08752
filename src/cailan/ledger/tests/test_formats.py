"""What is written: canonical JSON, entries, notes, proofs."""

import json
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from cailan.ledger.rules import Entry, envelope, jcs, notes, proofs

SPEC_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPEC_NOTE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
GO_KEYS = (
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
)
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
)
KEY = SigningKey(bytes(range(32)))
SIGNER = envelope.key_id(bytes(KEY.verify_key))

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(json_values)
def test_canonical_json_is_sorted_compact_and_read_back(value):
    """For ASCII names and whole numbers, JSON with sorted names and without spaces is RFC 8785."""
    written = jcs.encode(value)
    assert written == json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert jcs.decode(written) == value


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ({"quantity": 40.5}, "/quantity"),
        ({"a": [1, 2**53]}, "/a/1"),
        ({"a": -(2**53)}, "/a"),
        ({"数量": 1}, "/数量"),
        ({1: 2}, "/1"),
        ({"at": datetime(2026, 1, 1, tzinfo=UTC)}, "/at"),
        ({"a": {"b": b"raw"}}, "/a/b"),
        ({"a": "\ud800"}, "/"),
        (json.loads("[" * 40 + "]" * 40), "/0" * 32),
        ({"a": "x" * 1_000_001}, "/"),
    ],
)
def test_what_two_programs_could_write_differently_is_refused_with_its_place(value, where):
    with pytest.raises(jcs.OutOfProfile) as caught:
        jcs.encode(value)
    assert caught.value.where == where


@pytest.mark.parametrize(
    "text", ['{"b":1,"a":2}', '{"a": 1}', '{"a":1.0}', '{"a":1,"a":1}', "", "[", '"\\u0041"']
)
def test_another_spelling_is_not_canonical(text):
    with pytest.raises(jcs.OutOfProfile):
        jcs.decode(text)


def sealed(said=None, sign=lambda message: KEY.sign(message).signature):
    said = said or Entry("lots.transfer", "lot:1", {"quantity": "40"})
    return envelope.seal(
        said, at=datetime(2026, 1, 2, 3, tzinfo=UTC), party=7, key=SIGNER, salt=bytes(16), sign=sign
    )


def test_an_entry_is_canonical_and_signed_by_the_key_it_names():
    one = sealed()
    found, signature = envelope.read(one.entry)

    assert one.entry == jcs.encode(orjson.loads(one.entry))
    assert found.at == "2026-01-02T03:00:00.000Z"
    assert (found.kind, found.subject, found.party) == ("lots.transfer", "lot:1", 7)
    assert envelope.is_signed_by(found, signature, bytes(KEY.verify_key))
    assert not envelope.is_signed_by(found, signature, bytes(SigningKey.generate().verify_key))


@given(st.data())
def test_no_changed_byte_of_an_entry_passes(data):
    entry = bytearray(sealed().entry)
    place = data.draw(st.integers(0, len(entry) - 1))
    entry[place] ^= data.draw(st.integers(1, 255))
    try:
        found, signature = envelope.read(bytes(entry))
    except envelope.NotAnEntry:
        return
    assert not envelope.is_signed_by(found, signature, bytes(KEY.verify_key))


@pytest.mark.parametrize(
    "said",
    [
        Entry("Transfer", "lot:1", {}),
        Entry("transfer", "lot:1", {}),
        Entry("lots.transfer\n", "lot:1", {}),
        Entry("lots.transfer", "", {}),
        Entry("lots.transfer", "lot:\x00", {}),
        Entry("lots.transfer", "x" * 301, {}),
        Entry("lots.transfer", "\ud800", {}),
    ],
)
def test_a_statement_without_proper_names_is_not_sealed(said):
    with pytest.raises(envelope.NotAnEntry):
        sealed(said)


@given(st.binary(max_size=200) | json_values.map(orjson.dumps))
def test_no_bytes_break_the_reader_of_entries(raw):
    with pytest.raises(envelope.NotAnEntry):
        envelope.read(raw)


def test_the_notes_of_the_specification_and_of_go_are_opened():
    key = notes.NoteKey.parse(SPEC_KEY)
    assert str(key) == SPEC_KEY
    assert notes.open_note(SPEC_NOTE, [key]) == ("This is an example message.\n", (key,))

    peter, enoch = map(notes.NoteKey.parse, GO_KEYS)
    assert notes.open_note(GO_NOTE, [enoch, peter])[1] == (peter, enoch)
    assert notes.open_note(GO_NOTE, [enoch, key])[1] == (enoch,)


@pytest.mark.parametrize(
    "note",
    [
        SPEC_NOTE.replace("example message", "Example message"),
        SPEC_NOTE.replace("Uw2QOkn8", "Uw2QOkn9"),
        SPEC_NOTE.replace("foo", "bar"),
        SPEC_NOTE.replace("—", "-"),
        SPEC_NOTE.rstrip("\n"),
        SPEC_NOTE.replace("\n\n", "\n"),
        SPEC_NOTE.replace("message", "mess\tage"),
        "",
    ],
)
def test_a_note_that_was_touched_is_not_opened(note):
    with pytest.raises(notes.NotANote):
        notes.open_note(note, [notes.NoteKey.parse(SPEC_KEY)])


@pytest.mark.parametrize(
    "text", ["", "a+b", SPEC_KEY.replace("530d", "530e"), SPEC_KEY.replace("+Aek", "+Bek"), "x" + SPEC_KEY]
)
def test_a_key_whose_id_does_not_fit_is_refused(text):
    with pytest.raises(notes.NotANote):
        notes.NoteKey.parse(text)


@given(st.text(max_size=300))
def test_no_text_breaks_the_readers_of_notes(text):
    for read in (
        notes.NoteKey.parse,
        notes.Checkpoint.parse,
        lambda note: notes.open_note(note, [notes.NoteKey.parse(SPEC_KEY)]),
    ):
        with pytest.raises(notes.NotANote):
            read(text)


def test_a_signed_checkpoint_is_read_back():
    key = notes.NoteKey("cailan.example/log", bytes(KEY.verify_key))
    checkpoint = notes.Checkpoint(key.name, 70_000, bytes(32))
    note = notes.sign(checkpoint.text(), key, lambda message: KEY.sign(message).signature)

    text, signers = notes.open_note(note, [key])
    assert signers == (key,)
    assert notes.Checkpoint.parse(text) == checkpoint


@given(
    st.binary(max_size=300)
    | json_values.map(orjson.dumps)
    | st.text(max_size=200).map(lambda text: f"{proofs.HEADER}\nextra {text}".encode(errors="replace"))
)
def test_no_file_breaks_the_reader_of_proofs(raw):
    with pytest.raises(proofs.NotAProof):
        proofs.parse(raw)
