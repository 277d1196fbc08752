"""Announcements of recalls, for everybody."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from cailan.kernel.access import ActorRequest
from cailan.kernel.pages import public, render_page
from cailan.supervision import queries


@public
@require_GET
def recalls(request: ActorRequest) -> HttpResponse:
    """All announcements, newest first."""
    page = queries.list_public(cursor=request.GET.get("cursor", ""))
    context = {"page": page, "next": f"?{urlencode({'cursor': page.next})}" if page.next else ""}
    return render_page(request, "supervision/public_recalls.html", context)


@public
@require_GET
def recall(request: ActorRequest, recall: str) -> HttpResponse:
    """One announcement."""
    found = queries.announcement(recall)
    return render_page(request, "supervision/public_recall.html", {"found": found, "recall": found.facts})
