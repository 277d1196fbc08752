"""Tests, limits and certificates: who gets what."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from cailan.quality import services
from cailan.quality.tests import factories

OPERATIONS = """\
GET    /limits                          200 200 200 200 200 200 200 401
GET    /limits/judgement                200 200 200 200 200 200 200 401
POST   /limits/import                   403 403 403 422 422 403 403 401
GET    /laboratories                    200 200 200 200 200 200 200 401
PUT    /laboratory                      403 403 403 403 403 403 403 401
GET    /lots/{lot}/tests                200 200 404 200 404 200 200 401
POST   /lots/{lot}/self-tests           201 403 403 403 403 403 201 401
GET    /samples                         200 200 200 200 200 200 200 401
POST   /lots/{lot}/samples              201 201 404 403 403 403 201 401
POST   /lots/{lot}/official-samples     403 403 403 201 404 201 403 401
GET    /samples/{sample}                404 200 404 200 404 200 404 401
POST   /samples/{sample}/acceptance     404 403 403 403 403 403 404 401
POST   /samples/{sample}/results        404 403 403 403 403 403 404 401
POST   /tests/{test}/objection          404 409 404 403 403 403 404 401
POST   /samples/{sample}/report         403 403 403 403 403 403 403 401
GET    /reports/{report}                200 200 200 200 200 200 200 200
POST   /reports/{report}/reopening      403 403 403 403 403 403 403 401
POST   /reports/{report}/handling       403 403 403 409 422 409 403 401
GET    /results                         200 200 200 200 200 200 200 200
GET    /results/mine                    200 200 200 200 200 200 200 401
GET    /lots/{lot}/certificates         200 200 404 200 404 200 200 401
POST   /lots/{lot}/certificates         409 409 404 403 403 403 409 401
POST   /certificates/{certificate}/void 204 404 404 403 403 403 204 401
GET    /lots/{lot}/label                200 200 404 403 404 403 200 401
"""
PAGES = """\
quality:limits                 200 200 200 200 200 200 S   S
quality:import_limits          403 403 403 200 200 403 S   S
quality:limits_template        403 403 403 200 200 403 S   S
quality:worklist               200 200 200 200 200 200 S   S
quality:sample                 404 200 404 200 404 200 S   S
quality:judge                  404 200 404 200 404 200 S   S
quality:laboratory             403 403 403 403 403 403 S   S
quality:report                 200 200 200 200 200 200 200 200
quality:results                200 200 200 200 200 200 200 200
quality:concerning             200 200 200 200 200 200 S   S
quality:certificate            200 200 200 200 200 200 200 200
quality:self_test              200 403 404 403 404 403 S   S
quality:request_test           200 200 404 403 404 403 S   S
quality:take_sample            403 403 404 200 404 200 S   S
quality:issue_certificate      200 200 404 403 404 403 S   S
quality:void_certificate       200 404 404 403 404 403 S   S
quality:labels                 200 200 404 403 404 403 S   S
quality:label                  200 200 404 403 404 403 S   S
"""
ITEM = {"item": "毒死蜱", "method": "GB 23200.113", "value": "0.01"}
BODIES = {
    "POST /limits/import": {},
    "PUT /laboratory": {"cma_number": "2026", "cma_valid_to": "2030-01-01"},
    "POST /lots/{lot}/self-tests": {"items": [ITEM]},
    "POST /lots/{lot}/samples": {"lab_id": "{lab_party}"},
    "POST /lots/{lot}/official-samples": {"lab_id": "{lab_party}", "holder_id": "{stall}"},
    "POST /samples/{sample}/acceptance": {"lab_number": "Y-99"},
    "POST /samples/{sample}/results": {"items": [ITEM]},
    "POST /tests/{test}/objection": {"reason": "不认可"},
    "POST /reports/{report}/reopening": {"reason": "更正"},
    "POST /reports/{report}/handling": {"text": "下架"},
    "POST /lots/{lot}/certificates": {
        "bases": ["control"], "quantity": "1", "uom": "KGM", "signature": "绿源基地",
    },
    "POST /certificates/{certificate}/void": {"reason": "写错"},
}  # fmt: skip
QUERIES = {"GET /limits/judgement": {"substance": "毒死蜱"}}
PARAMETERS = {
    "sample_id": "sample",
    "report_id": "report",
    "what": "label_of",
    "output": "label_output",
}


def extend(world):
    """A sample under test and a report of another, both taken by the regulator at the stall; a certificate."""
    at = timezone.now() - timedelta(hours=1)
    lab, regulator, owner = (world.actors[name] for name in ("lab", "regulator", "owner"))
    lot = world.facts["lot"]
    factories.make_limits(at=at)
    services.state_laboratory(lab, cma_number="2026001", cma_valid_to=date(2040, 1, 1), scope="", at=at)

    def sampled():
        sample_id = services.take_sample(
            regulator, lot=lot.code, holder_id=world.facts["stall"], lab_id=lab.party_id, at=at
        )
        factories.accept(lab, sample_id, at=at)
        return sample_id

    report = factories.report_on(lab, sampled(), at=at)
    sample = sampled()
    test = services.enter_results(lab, sample_id=sample, entries=[factories.strip()], at=at)
    certificate = services.issue_certificate(
        owner, lot=lot.code, bases=["control"], quantity=Decimal(10), uom="KGM", signature="绿源基地", at=at
    )
    world.facts |= {
        "lab_party": lab.party_id,
        "sample": sample,
        "test": test,
        "report": report,
        "certificate": certificate,
        "label_of": "certificate",
        "label_output": "pdf",
    }
