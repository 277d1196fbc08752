"""The log for machines."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from cailan.kernel.access import PUBLIC, Actor
from cailan.kernel.problems import NotFound
from cailan.ledger import queries

router = Router(tags=["ledger"])


@router.get("/ledger/checkpoint", auth=None, summary="The newest signed checkpoint of the log")
def checkpoint(request: HttpRequest) -> HttpResponse:
    """Return a C2SP signed note: origin, size, root, signatures."""
    note = queries.latest_checkpoint()
    if note is None:
        raise NotFound
    return HttpResponse(note, content_type="text/plain; charset=utf-8")


@router.get("/ledger/records/{int:record_id}/proof", auth=None, summary="The proof of one record")
def proof(request: HttpRequest, record_id: int) -> dict[str, Any]:
    """Return everything a verifier needs; the content only where the caller may read it."""
    actor: Actor = getattr(request, "actor", PUBLIC)
    return queries.proof_bundle(record_id, with_payload=queries.may_read(actor, record_id))
