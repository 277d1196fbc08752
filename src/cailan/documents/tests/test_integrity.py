"""A document whose row or whose bytes are changed is named; its seal's content is for whom it opens."""

import io

import pytest
from django.db import connection, transaction
from django.test import Client

from cailan.accounts import services as accounts
from cailan.documents import queries, services
from cailan.documents.queries.folder import path_of
from cailan.kernel.access import PUBLIC, SYSTEM
from cailan.ledger import queries as seals
from cailan.ledger import services as ledger
from cailan.ledger.models import Record
from cailan.parties.tests.factories import AT, make_actor, make_party

pytestmark = pytest.mark.django_db
CHANGES = (
    ("UPDATE documents_document SET name = 'other.csv'", "name"),
    ("UPDATE documents_document SET kind = 'other'", "kind"),
    ("UPDATE documents_document SET added_at = added_at - interval '1 day'", "added_at"),
    ("UPDATE documents_storedfile SET size = size + 1", "size"),
    ("UPDATE documents_storedfile SET media_type = 'text/html'", "media_type"),
    ("UPDATE documents_storedfile SET digest = repeat('0', 64)", "sha256"),
    ("UPDATE documents_storedfile SET digest = 'none'", "bytes"),
    ("DELETE FROM documents_share", "parties/0"),
)


@pytest.fixture
def grower():
    return make_actor(make_party("base", region="440118"))


@pytest.fixture
def partner():
    return make_actor(make_party("merchant", region="440305"))


@pytest.fixture
def document(grower, partner):
    found = services.store(grower, file=io.BytesIO(b"a,b\n1,2\n"), name="7.csv", kind="report", at=AT)
    services.share(grower, document_id=found, party_ids=[partner.party_id], at=AT)
    ledger.sequence_once()
    return queries.get_document(grower, found)


def named() -> list[tuple[str, str, str]]:
    return [(one.kind, one.where, one.stored) for one in ledger.audit(SYSTEM).alterations]


def test_a_row_changed_by_hand_is_named(document):
    assert named() == []
    missed = []
    for change, column in CHANGES:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(change)
                assert cursor.rowcount, change
            if column not in {where for _kind, where, _stored in named()}:
                missed.append(change)
            transaction.set_rollback(True)
    assert missed == []


def test_one_changed_byte_of_a_file_is_named_and_so_is_a_missing_file(document):
    path = path_of(document.digest)
    path.write_bytes(b"a,b\n1,3\n")

    [(kind, where, stored)] = named()
    assert (kind, where) == ("documents.stored", "bytes")
    assert len(stored) == len(document.digest)
    assert stored != document.digest

    path.unlink()
    assert named() == [("documents.stored", "bytes", "missing")]


def test_content_is_read_by_whom_the_document_opens_to(document, grower, partner):
    town = make_actor(make_party("regulator", area="440118"), role="officer")
    stranger = make_actor(make_party())

    for kind in ("documents.stored", "documents.shared"):
        record = Record.objects.get(kind=kind).pk
        readers = [
            seals.may_read(actor, record) for actor in (grower, town, partner, SYSTEM, stranger, PUBLIC)
        ]
        assert readers == [True, True, True, True, False, False]


def test_the_list_shows_each_seal_and_the_way_to_check_it(document, grower, django_assert_max_num_queries):
    account = {"username": "owner", "display_name": "x", "password": "Choy-sum 2026"}
    user_id = accounts.open_account(SYSTEM, **account, at=AT, must_change=False)
    described = {
        "party_id": grower.party_id,
        "party_name": grower.party_name,
        "party_kind": grower.party_kind,
    }
    accounts.grant(SYSTEM, user_id=user_id, region="", role="owner", **described)
    browser = Client()
    browser.post("/account/sign-in", {"username": "owner", "password": "Choy-sum 2026"})
    browser.get("/documents")
    for number in range(20):
        services.store(grower, file=io.BytesIO(b"%d" % number), name="x.csv", kind="data", at=AT)

    with django_assert_max_num_queries(10):
        page = browser.get("/documents").content.decode()

    kept = queries.list_documents(grower).items
    assert len(kept) == 21
    for seal in queries.seals_of(grower, kept).values():
        assert f"/verify?record={seal.seal.record_id}" in page
    assert page.count("/verify?record=") == len(kept)
