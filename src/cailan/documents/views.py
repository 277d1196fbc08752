"""Documents as pages."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cailan.documents import queries, services
from cailan.documents.forms import UploadForm
from cailan.documents.rules import KIND_LABELS, DocumentKind
from cailan.kernel.access import ActorRequest, Permission
from cailan.kernel.pages import blame, render_page
from cailan.kernel.problems import InvalidInput, TooLarge


@require_GET
def download(request: ActorRequest, document_id: int) -> FileResponse:
    opened = queries.open_file(request.actor, document_id, size=request.GET.get("size", ""))
    return FileResponse(opened.path.open("rb"), **opened.as_response())


def documents(request: ActorRequest) -> HttpResponse:
    """The party's own documents, and a form to add one."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            services.store(
                request.actor,
                file=sent,
                name=sent.name,
                kind=form.cleaned_data["kind"],
                at=timezone.now(),
            )
        except (InvalidInput, TooLarge) as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("The document is kept and its digest is sealed."))
            return redirect("documents:list")
    kind = request.GET.get("kind", "")
    kind = kind if kind in set(DocumentKind) else ""
    page = queries.list_documents(request.actor, kind=kind, cursor=request.GET.get("cursor", ""))
    seals = queries.seals_of(request.actor, page.items)
    context = {
        "form": form,
        "page": page,
        "rows": [(document, seals.get(document.id)) for document in page.items],
        "more": f"?{urlencode({'kind': kind, 'cursor': page.next})}" if page.next else "",
        "kinds": {member.value: _(label) for member, label in KIND_LABELS.items()},
        "may_add": request.actor.may(Permission.DOCUMENT_ADD),
    }
    return render_page(
        request, "documents/documents.html", context, part="rows", status=422 if form.errors else 200
    )
