"""Pictures of how a lot grew, for anybody who holds its code."""

from django.http import FileResponse, HttpResponseBase
from django.views.decorators.http import require_GET

from cailan.kernel.access import ActorRequest
from cailan.kernel.pages import public
from cailan.production import queries


@public  # type: ignore[arg-type]
@require_GET
def growth_photo(request: ActorRequest, code: str, document_id: int) -> HttpResponseBase:
    opened = queries.public_photo(code, document_id, request.GET.get("size", ""))
    return FileResponse(opened.path.open("rb"), **opened.as_response())
