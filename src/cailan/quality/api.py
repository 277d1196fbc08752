"""Tests, limits and certificates for machines."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Header, Path, Query, Router, Status
from ninja.files import UploadedFile

from cailan.kernel.access import ActorRequest, Permission
from cailan.kernel.problems import InvalidInput, NotFound, TooLarge
from cailan.labels import queries as labels
from cailan.lots import queries as lots
from cailan.products import queries as products
from cailan.quality import queries, schemas, services

router = Router(tags=["quality"])
MOST_BYTES = 20_000_000
ClientKey = Annotated[str, Header("", alias="Idempotency-Key", max_length=80)]
Code = Annotated[str, Path(pattern=r"^[0-9A-Z]{21}$")]
Number = Annotated[int, Path(ge=1, lt=2**63)]
Cursor = Annotated[str, Query("", max_length=500)]
Size = Annotated[int | None, Query(None, ge=1, le=500)]
Text = Annotated[str, Query("", max_length=120)]


@router.get("/limits", response=schemas.LimitsOut, summary="Limits of the three places side by side")
def list_limits(
    request: ActorRequest,
    on: Annotated[date | None, Query(None)] = None,
    product: Text = "",
    substance: Text = "",
    cursor: Cursor = "",
    limit: Size = None,
) -> Any:
    found = _product(request, product)
    return queries.side_by_side(
        request.actor,
        on=on or timezone.localdate(),
        product_id=found,
        substance=substance.strip(),
        cursor=cursor,
        limit=limit,
    )


def _product(request: ActorRequest, name: str) -> int | None:
    if not name.strip():
        return None
    found = products.resolve_names([name], party_id=request.actor.party_id).get(name)
    if found is None:
        what = _("No product has this name. Choose one from the list.")
        raise InvalidInput(errors=[{"where": "product", "what": what}])
    return found.id


@router.get("/limits/judgement", response=schemas.JudgementOut, summary="What each place answers to a value")
def judge(
    request: ActorRequest,
    substance: Annotated[str, Query(min_length=1, max_length=120)],
    product: Text = "",
    value: Annotated[Decimal | None, Query(None, ge=0, le=10**7)] = None,
    unit: Annotated[schemas.Unit, Query("mg/kg")] = "mg/kg",
    on: Annotated[date | None, Query(None)] = None,
) -> Any:
    judgement = queries.judge(
        request.actor,
        product_id=_product(request, product),
        substance=substance,
        value=value,
        unit=unit,
        lod=None,
        on=on or timezone.localdate(),
    )
    return {
        "verdict": judgement.verdict,
        "refused_by": list(judgement.refused_by),
        "places": [asdict(place) for place in queries.places_of(judgement)],
    }


@router.post("/limits/import", response=schemas.LoadOut, summary="Load limits from a CSV; try it first")
def import_limits(
    request: ActorRequest,
    file: Annotated[UploadedFile | None, File(None)] = None,
    dry_run: Annotated[bool, Query(True)] = True,  # noqa: FBT002 (a member of the address)
) -> Any:
    request.actor.require(Permission.LIMIT_MANAGE)
    if file is None:
        raise InvalidInput(errors=[{"where": "file", "what": _("Choose the CSV file.")}])
    if (file.size or 0) > MOST_BYTES:
        raise TooLarge(where="file", limit_bytes=MOST_BYTES)
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        what = _("Save the file as CSV in UTF-8; this one is in another encoding.")
        raise InvalidInput(errors=[{"where": "file", "what": what}]) from None
    report = services.load_limits(request.actor, text, at=timezone.now(), is_dry_run=dry_run)
    problems = [{"line": one.line, "where": one.where, "what": _(one.what)} for one in report.problems]
    return asdict(report) | {"problems": problems}


@router.get("/laboratories", response=list[schemas.LaboratoryOut], summary="Laboratories that take samples")
def laboratories(request: ActorRequest) -> Any:
    return queries.laboratories(request.actor, on=timezone.now())


@router.put("/laboratory", response={204: None}, summary="State your laboratory's CMA number")
def state_laboratory(request: ActorRequest, data: schemas.LaboratoryIn) -> Status[None]:
    services.state_laboratory(request.actor, at=timezone.now(), **data.model_dump())
    return Status(204, None)


@router.get("/lots/{code}/tests", response=schemas.LotTestsOut, summary="How a lot's tests stand")
def lot_tests(request: ActorRequest, code: Code) -> Any:
    lot = lots.get_lot(request.actor, code)
    state, basket = queries.standing_of([lot.id])[lot.id]
    return {
        "state": state,
        "basket": basket,
        "tests": queries.results_of([lot.id]).get(lot.id, ()),
    }


@router.post("/lots/{code}/self-tests", response={201: schemas.TestOut}, summary="The maker's own test")
def self_test(request: ActorRequest, code: Code, data: schemas.TestIn, key: ClientKey = "") -> Any:
    test_id = services.self_test(
        request.actor,
        lot=code,
        entries=[item.entry() for item in data.items],
        at=timezone.now(),
        tested_at=data.tested_at,
        kit=data.kit,
        photo_id=data.photo_id,
        client_key=key,
    )
    return Status(201, {"id": test_id})


@router.get("/samples", response=schemas.SamplesOut, summary="Samples that you may see, newest first")
def worklist(
    request: ActorRequest,
    status: Annotated[Literal["", "requested", "accepted", "reported"], Query("")] = "",
    cursor: Cursor = "",
    limit: Size = None,
) -> Any:
    return queries.worklist(request.actor, status=status, cursor=cursor, limit=limit)


@router.post(
    "/lots/{code}/samples", response={201: schemas.TestOut}, summary="Send a sample of your stock to a lab"
)
def request_test(request: ActorRequest, code: Code, data: schemas.RequestIn, key: ClientKey = "") -> Any:
    sample_id = services.request_test(
        request.actor, lot=code, at=timezone.now(), client_key=key, **data.model_dump()
    )
    return Status(201, {"id": sample_id})


@router.post(
    "/lots/{code}/official-samples", response={201: schemas.TestOut}, summary="Take a sample at a holder"
)
def take_sample(request: ActorRequest, code: Code, data: schemas.SampleIn, key: ClientKey = "") -> Any:
    sample_id = services.take_sample(
        request.actor, lot=code, at=timezone.now(), client_key=key, **data.model_dump()
    )
    return Status(201, {"id": sample_id})


@router.get(
    "/samples/{sample_id}", response=schemas.SampleFileOut, summary="One sample, its tests and reports"
)
def get_sample(request: ActorRequest, sample_id: Number) -> Any:
    return queries.get_sample(request.actor, sample_id)


@router.post(
    "/samples/{sample_id}/acceptance", response={204: None}, summary="Take a sample into the laboratory"
)
def accept_sample(request: ActorRequest, sample_id: Number, data: schemas.AcceptIn) -> Status[None]:
    services.accept_sample(request.actor, sample_id=sample_id, at=timezone.now(), **data.model_dump())
    return Status(204, None)


@router.post("/samples/{sample_id}/results", response={201: schemas.TestOut}, summary="Enter results")
def enter_results(request: ActorRequest, sample_id: Number, data: schemas.TestIn, key: ClientKey = "") -> Any:
    test_id = services.enter_results(
        request.actor,
        sample_id=sample_id,
        entries=[item.entry() for item in data.items],
        at=timezone.now(),
        tested_at=data.tested_at,
        kit=data.kit,
        photo_id=data.photo_id,
        client_key=key,
    )
    return Status(201, {"id": test_id})


@router.post("/tests/{test_id}/objection", response={204: None}, summary="Object to a positive quick test")
def object_to(request: ActorRequest, test_id: Number, data: schemas.ReasonIn) -> Status[None]:
    services.object_to(request.actor, test_id=test_id, reason=data.reason, at=timezone.now())
    return Status(204, None)


@router.post("/samples/{sample_id}/report", response={201: schemas.ReportOut}, summary="Sign the report")
def sign_report(request: ActorRequest, sample_id: Number) -> Any:
    report_id = services.sign_report(request.actor, sample_id=sample_id, at=timezone.now())
    return Status(201, queries.get_report(request.actor, report_id)[1])


@router.get("/reports/{report_id}", response=schemas.ReportOut, auth=None, summary="One signed report")
def get_report(request: ActorRequest, report_id: Number) -> Any:
    return queries.get_report(request.actor, report_id)[1]


@router.post("/reports/{report_id}/reopening", response={204: None}, summary="Take a signed report up again")
def reopen(request: ActorRequest, report_id: Number, data: schemas.ReasonIn) -> Status[None]:
    services.reopen(request.actor, report_id=report_id, reason=data.reason, at=timezone.now())
    return Status(204, None)


@router.post(
    "/reports/{report_id}/handling", response={201: schemas.TestOut}, summary="Say how a failure was handled"
)
def record_handling(request: ActorRequest, report_id: Number, data: schemas.HandlingIn) -> Any:
    handling_id = services.record_handling(
        request.actor, report_id=report_id, text=data.text, handled_at=data.handled_at, at=timezone.now()
    )
    return Status(201, {"id": handling_id})


@router.get("/results", response=schemas.ResultsOut, auth=None, summary="Published results of sampling")
def results(
    request: ActorRequest,
    market_id: Annotated[int | None, Query(None, ge=1, lt=2**63)] = None,
    product: Text = "",
    verdict: Annotated[Literal["", "passed", "failed"], Query("")] = "",
    since: Annotated[date | None, Query(None)] = None,
    until: Annotated[date | None, Query(None)] = None,
    cursor: Cursor = "",
    limit: Size = None,
) -> Any:
    return queries.public_results(
        market_id=market_id,
        product=product,
        verdict=verdict,
        since=since,
        until=until,
        cursor=cursor,
        limit=limit,
    )


@router.get("/results/mine", response=schemas.ResultsOut, summary="Results that concern your goods")
def concerning(request: ActorRequest, cursor: Cursor = "", limit: Size = None) -> Any:
    return queries.concerning(request.actor, cursor=cursor, limit=limit)


@router.get(
    "/lots/{code}/certificates", response=list[schemas.CertificateOut], summary="A lot's promise certificates"
)
def certificates(request: ActorRequest, code: Code) -> Any:
    return queries.certificates_of(request.actor, lots.get_lot(request.actor, code).id)


@router.post(
    "/lots/{code}/certificates", response={201: schemas.CertificateOut}, summary="Issue a promise certificate"
)
def issue_certificate(
    request: ActorRequest, code: Code, data: schemas.CertificateIn, key: ClientKey = ""
) -> Any:
    made = services.issue_certificate(
        request.actor, lot=code, at=timezone.now(), client_key=key, **data.model_dump()
    )
    lot = lots.get_lot(request.actor, code)
    found = next((one for one in queries.certificates_of(request.actor, lot.id) if one.id == made), None)
    if found is None:
        raise NotFound
    return Status(201, found)


@router.post("/certificates/{certificate_id}/void", response={204: None}, summary="Void your certificate")
def void_certificate(request: ActorRequest, certificate_id: Number, data: schemas.ReasonIn) -> Status[None]:
    services.void_certificate(
        request.actor, certificate_id=certificate_id, reason=data.reason, at=timezone.now()
    )
    return Status(204, None)


@router.get("/lots/{code}/label", response=bytes, summary="A lot's label: PDF, or ZPL for Zebra printers")
def label(
    request: ActorRequest,
    code: Code,
    kind: Annotated[Literal["certificate", "basket"], Query("certificate")] = "certificate",
    output: Annotated[Literal["pdf", "zpl"], Query("pdf")] = "pdf",
) -> HttpResponse:
    lot = lots.get_lot(request.actor, code)
    wanted = queries.basket_content if kind == "basket" else queries.certificate_content
    content = wanted(request.actor, lot)
    if output == "zpl":
        return HttpResponse(labels.zpl(content), content_type="application/octet-stream")
    return HttpResponse(labels.label_pdf(content), content_type="application/pdf")
