"""The doors a visitor has: the verify page, the proof files, the log's own files, the command."""

import json

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from cailan.ledger import queries
from cailan.ledger import services as ledger
from cailan.ledger.queries import seals
from cailan.ledger.rules import envelope, merkle, notes, tiles
from cailan.ledger.tests.factories import append, signing_actor, statements, tamper

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(monkeypatch):
    """The number of a sealed record whose content anybody may read."""
    monkeypatch.setattr(seals, "_disclosures", {"sample.transfer": lambda _actor, _subject: True})
    ids = append(signing_actor(), statements(300))
    ledger.sequence_once()
    return ids[40]


@pytest.fixture
def proof_file(record, client, tmp_path):
    file = tmp_path / "proof.json"
    file.write_bytes(client.get(f"/ledger/records/{record}/proof.json").content)
    return file


def steps(response):
    return {step["name"]: step["state"] for step in response.context["steps"]}


@pytest.mark.requirement("S0-2.3.4-1")
def test_the_verify_page_recomputes_the_proof_of_any_record(client, record):
    response = client.get("/verify", {"record": record})
    assert response.status_code == 200
    assert set(steps(response).values()) == {"pass"}
    page = response.content.decode()
    assert f'data-bundle-url="/ledger/records/{record}/proof.json"' in page
    assert str(queries.log_key()) in page.replace("&#x2B;", "+")
    assert "lot:40" in page


@pytest.mark.requirement("S0-2.3.4-1")
@pytest.mark.parametrize(
    ("change", "step", "difference"),
    [
        (
            lambda copy: copy["payload"].update(quantity="400.5"),
            "payload",
            ("payload/quantity", "40.5", "400.5"),
        ),
        (lambda copy: copy.update(subject="lot:41"), "claims", ("subject", "lot:40", "lot:41")),
        (lambda copy: copy.update(party=8), "claims", ("party", "7", "8")),
        (lambda copy: copy.update(index=41), "inclusion", None),
        (
            lambda copy: copy.update(checkpoint=copy["checkpoint"].replace("\n303\n", "\n304\n")),
            "checkpoint",
            None,
        ),
    ],
)
def test_the_verify_page_reports_an_altered_copy_and_names_the_field(
    client, proof_file, change, step, difference
):
    copy = json.loads(proof_file.read_text())
    change(copy)
    altered = SimpleUploadedFile("proof.json", json.dumps(copy).encode())
    response = client.post("/verify", {"file": altered})
    assert response.status_code == 200
    assert steps(response)[step] == "fail"
    assert not response.context["verdict"].holds
    named = [(one.where, one.sealed, one.copied) for one in response.context["verdict"].differences]
    assert named == ([difference] if difference else [])


def test_a_copy_can_be_pasted(client, proof_file, record):
    response = client.post("/verify", {"text": proof_file.read_text()})
    assert set(steps(response).values()) == {"pass"}

    text = client.get(f"/ledger/records/{record}/proof.txt").content.decode().replace("\n", "\r\n").rstrip()
    assert steps(client.post("/verify", {"text": text}))["inclusion"] == "pass"


def test_a_copy_under_the_forgers_own_log_is_not_believed(client, proof_file):
    copy = json.loads(proof_file.read_text())
    name = copy["log"]["vkey"].partition("+")[0]
    forged = notes.NoteKey(name, bytes(range(32)))
    copy["log"]["vkey"] = str(forged)
    copy["checkpoint"] = copy["checkpoint"].rpartition("— ")[0] + f"— {name} AAAAAAAAAAAA\n"
    response = client.post("/verify", {"text": json.dumps(copy)})
    assert steps(response)["checkpoint"] == "fail"


@pytest.mark.parametrize(
    "text", ["", "hello", "{}", "[" * 5000, '{"format":"cailan-proof@v1"}', "c2sp.org/tlog-proof@v1\n"]
)
def test_what_is_no_proof_is_answered_with_what_to_do(client, record, text):
    response = client.post("/verify", {"text": text})
    assert response.status_code in {200, 422}
    assert "verdict" not in response.context
    assert response.context.get("problem") or response.context["copy_form"].errors


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999999999999", ""])
def test_a_record_number_that_is_none_is_shown_as_such(client, record, number):
    response = client.get("/verify", {"record": number})
    assert response.status_code == 200
    assert "verdict" not in response.context


def test_an_unknown_record_and_one_that_waits_say_so(client, record):
    assert client.get("/verify", {"record": record + 10_000}).status_code == 404
    (waiting,) = append(signing_actor(8), statements(1))
    assert client.get("/verify", {"record": waiting}).status_code == 409
    assert client.get(f"/ledger/records/{waiting}/proof.json").status_code == 409


def test_an_altered_row_is_reported_to_the_visitor(client, record):
    tamper("UPDATE ledger_record SET payload = replace(payload, '40.5', '90.5') WHERE id = %s", record)
    assert steps(client.get("/verify", {"record": record}))["payload"] == "fail"


@pytest.mark.requirement("S4-P4-2")
def test_each_record_shows_who_signed_it(client, record, monkeypatch):
    monkeypatch.setattr(queries.checks, "_namers", [lambda _numbers: {7: "江南批发市场"}])
    assert "江南批发市场" in client.get("/verify", {"record": record}).content.decode()


def test_the_content_is_kept_from_those_who_may_not_read_it(client, record, monkeypatch):
    monkeypatch.setattr(
        seals, "_disclosures", {"sample.transfer": lambda actor, _subject: actor.party_id == 7}
    )
    assert client.get(f"/ledger/records/{record}/proof.json").json()["payload"] is None
    response = client.get("/verify", {"record": record})
    assert steps(response)["payload"] == "skip"
    assert response.context["verdict"].holds


def test_the_whole_log_is_recomputed_from_its_public_files(client, record):
    """As a monitor does it that knows nothing but C2SP tlog-tiles and the log's key."""
    note = client.get("/tlog/checkpoint").content.decode()
    text, _ = notes.open_note(note, [queries.log_key()])
    checkpoint = notes.Checkpoint.parse(text)
    assert checkpoint.size == 303
    entries = b"".join(
        client.get(f"/tlog/tile/entries/{place}").content for place in ("000", f"001.p/{303 - 256}")
    )
    tree = merkle.Tree()
    while entries:
        length = int.from_bytes(entries[:2], "big")
        tree.append(envelope.leaf_hash(entries[2 : 2 + length]))
        entries = entries[2 + length :]
    assert (tree.size, tree.root()) == (checkpoint.size, checkpoint.root)

    hashes = client.get("/tlog/tile/0/000").content + client.get("/tlog/tile/0/001.p/47").content
    assert merkle.root_at(303, lambda level, idx: (hashes if level == 0 else b"")[idx * 8192 :] or client.get(
        f"/tlog/tile/{level}/{tiles.number_path(idx)}.p/1").content) == checkpoint.root  # fmt: skip
    assert client.get("/tlog/tile/0/001.p/12").content == hashes[8192 : 8192 + 12 * 32]
    assert "immutable" in client.get("/tlog/tile/0/000").headers["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    [
        "0/001",
        "0/001.p/48",
        "0/002.p/1",
        "entries/001",
        "entries/001.p/48",
        "2/000.p/1",
        "0/0",
        "0/000.p/256",
    ],
)
def test_tiles_that_are_not_there_yet_are_not_served(client, record, path):
    assert client.get(f"/tlog/tile/{path}").status_code == 404


def test_an_empty_log_has_no_checkpoint(client):
    assert client.get("/tlog/checkpoint").status_code == 404


def test_the_api_gives_the_same_proof(client, record):
    answer = client.get(f"/api/v1/ledger/records/{record}/proof")
    assert answer.json() == client.get(f"/ledger/records/{record}/proof.json").json()
    assert client.get("/api/v1/ledger/checkpoint").content == client.get("/tlog/checkpoint").content
    assert client.get("/api/v1/ledger/records/999999999/proof").status_code == 404


def verify(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        call_command("verify", *map(str, arguments))
    said = capsys.readouterr()
    return ended.value.code, said.out + said.err


def test_the_command_verifies_offline(proof_file, capsys, django_db_blocker, record, client, tmp_path):
    text = tmp_path / "proof.txt"
    text.write_bytes(client.get(f"/ledger/records/{record}/proof.txt").content)
    key = str(queries.log_key())
    with django_db_blocker.block():
        status, said = verify(capsys, proof_file)
        assert status == 0
        assert said.count("✓") == 5
        assert key in said
        assert verify(capsys, proof_file, "--log-key", key)[0] == 0
        assert (
            verify(
                capsys, proof_file, "--log-key", "other.example/log" + key.removeprefix(key.partition("+")[0])
            )[0]
            == 1
        )
        assert verify(capsys, text, "--log-key", key)[0] == 0
        assert verify(capsys, text)[0] == 1  # nobody says which log


def test_the_command_rejects_any_changed_value(proof_file, capsys):
    genuine = orjson.loads(proof_file.read_bytes())
    changes = {
        "payload": {**genuine["payload"], "quantity": "400.5"},
        "salt": "AAAAAAAAAAAAAAAAAAAAAA==",
        "subject": "lot:41",
        "party": 8,
        "at": "2026-11-20T04:00:00.124Z",
        "index": genuine["index"] + 1,
        "hashes": genuine["hashes"][::-1],
        "checkpoint": genuine["checkpoint"].replace("log\n3", "log\n2"),
        "signer": {**genuine["signer"], "public_key": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},
    }
    for name, value in changes.items():
        proof_file.write_bytes(orjson.dumps({**genuine, name: value}))
        status, said = verify(capsys, proof_file)
        assert (name, status) == (name, 1), said
        assert "✗" in said


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b"c2sp.org/tlog-proof@v1\nindex 0\n\n"])
def test_the_command_says_when_a_file_is_no_proof(tmp_path, capsys, content):
    file = tmp_path / "file"
    file.write_bytes(content)
    assert verify(capsys, file)[0] == 2
    assert verify(capsys, tmp_path / "none")[0] == 2


def test_every_changed_byte_of_a_bundle_is_rejected_or_changes_nothing(proof_file, record):
    """Only the spelling of JSON itself and what stands unsigned beside the proof are free."""
    from cailan.ledger.rules import proofs

    raw = proof_file.read_bytes()
    free = {"record", "signer", "log"}  # the log's key is known from elsewhere
    genuine = orjson.loads(raw)
    key = str(queries.log_key())
    for place in range(len(raw)):
        changed = bytearray(raw)
        changed[place] ^= 1
        try:
            bundle = proofs.parse(bytes(changed))
        except proofs.NotAProof:
            continue
        _, findings = proofs.verify(bundle, log_key=key)
        if any(one.holds is False for one in findings):
            continue
        now = orjson.loads(bytes(changed))
        differing = {name for name in genuine if now.get(name) != genuine[name]}
        if "signer" in differing:  # its algorithm is in the entry
            named = {"key", "public_key"}
            assert {name: now["signer"][name] for name in named} == {
                name: genuine["signer"][name] for name in named
            }
        assert differing <= free, (place, differing)
