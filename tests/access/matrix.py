"""Who gets what from every door: one row an operation or page, one column a caller.

Not visible is 404, visible but not allowed is 403, nobody at all is 401 for machines and the sign-in for people.
Rows of later contexts stand in `tests/access/doors`, one module a context.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from tests.access import doors

ROLES = ("owner", "partner", "stranger", "regulator", "far_regulator", "market", "device", "public")

OPERATIONS = """
GET    /me                            200 200 200 200 200 200 200 401
GET    /members                       200 200 200 200 200 200 200 401
GET    /api-keys                      200 200 200 403 403 403 403 401
POST   /api-keys                      201 201 201 403 403 403 403 401
DELETE /api-keys/{key}                204 404 404 403 403 403 403 401
POST   /registrations                 422 422 422 422 422 422 422 422
GET    /registrations                 200 200 200 200 200 200 200 401
GET    /parties                       200 200 200 200 200 200 200 401
POST   /parties/by-number             404 404 404 404 404 404 404 401
GET    /parties/{pending}             404 404 404 200 404 404 404 401
POST   /parties/{pending}/approval    404 404 404 200 404 404 404 401
POST   /parties/{pending}/refusal     404 404 404 204 404 404 404 401
GET    /parties/{base}/sites          200 404 404 200 404 404 200 401
POST   /sites                         201 201 201 403 403 201 403 401
GET    /market-sites                  200 200 200 200 200 200 200 401
POST   /agencies                      403 403 403 403 403 403 403 401
POST   /organisation/members          201 201 201 201 201 422 403 401
GET    /counterparties                200 200 200 200 200 200 200 401
POST   /counterparties                201 201 201 403 403 201 403 401
GET    /regions                       200 200 200 200 200 200 200 200
GET    /products                      200 200 200 200 200 200 200 401
POST   /products                      201 201 201 403 403 201 403 401
GET    /products/search               200 200 200 200 200 200 200 401
GET    /products/{slug}               200 200 200 200 200 200 200 401
GET    /categories                    200 200 200 200 200 200 200 401
GET    /main-products                 200 200 200 200 200 200 200 401
PUT    /main-products                 200 200 200 403 403 200 403 401
PUT    /main-products/{slug}/gtin     404 404 404 403 403 404 403 401
POST   /documents                     201 201 201 201 201 201 403 401
GET    /documents                     200 200 200 200 200 200 200 401
GET    /documents/{document}          200 404 404 200 404 404 200 401
GET    /documents/{document}/file     200 404 404 200 404 404 200 401
POST   /documents/{document}/shares   204 404 404 404 404 404 403 401
GET    /lots                          200 200 200 200 200 200 200 401
POST   /lots                          201 201 201 403 403 403 201 401
GET    /stock                         200 200 200 200 200 200 200 401
POST   /lots/receive                  201 422 422 403 403 403 201 401
POST   /lots/transfer                 201 422 422 403 403 403 201 401
POST   /lots/transform                201 201 409 403 403 403 201 401
POST   /lots/retail                   201 201 409 403 403 403 201 401
POST   /lots/lose                     201 201 409 403 403 403 201 401
POST   /lots/adjust                   201 409 409 403 403 403 201 401
GET    /lots/{lot}                    200 200 404 200 404 200 200 401
POST   /lots/{lot}/hold               200 403 404 200 404 200 403 401
POST   /lots/{lot}/release            409 409 404 409 404 409 403 401
GET    /trace                         200 200 404 200 404 200 200 401
GET    /lots/{lot}/scope              200 200 404 200 404 200 200 401
GET    /lots/{lot}/events             200 200 404 200 404 200 200 401
GET    /ancestors                     200 404 404 200 404 404 200 401
GET    /whereabouts                   200 200 200 200 200 200 200 401
POST   /imports                       201 201 201 403 403 403 201 401
GET    /imports                       200 200 200 403 403 403 200 401
GET    /imports/{import}              200 404 404 403 403 403 200 401
GET    /imports/{import}/problems     200 404 404 403 403 403 200 401
POST   /epcis/capture                 202 202 202 403 403 403 202 401
GET    /epcis/capture                 200 200 200 403 403 403 200 401
GET    /epcis/capture/{capture}       200 404 404 403 403 403 200 401
GET    /epcis/events/{event}          200 404 404 200 404 404 200 401
GET    /ledger/checkpoint             404 404 404 404 404 404 404 404
GET    /ledger/records/{record}/proof 409 409 409 409 409 409 409 409
"""

LINE = {"lot": "{lot}", "quantity": "1", "uom": "KGM"}
NEW = {"number": "N-1", "quantity": "3.5", "uom": "KGM", "product_id": "{product}"}
FRAME = {"occurred_at": "{now}"}
BODIES = {
    "POST /api-keys": {"name": "scale 2"},
    "POST /registrations": {},
    "POST /parties/by-number": {"id_scheme": "uscc", "id_number": "91440101MA5AKU0N0X"},
    "POST /parties/{pending}/approval": {},
    "POST /parties/{pending}/refusal": {"reason": "no licence"},
    "POST /sites": {"kind": "warehouse", "name": "2号仓", "region": "440118"},
    "POST /agencies": {"kind": "regulator", "name": "局", "area": "440118", "username": "x1",
        "password": "Str0ng!Passw0rd"},
    "POST /organisation/members": {
        "username": "new.member", "display_name": "新人", "role": "auditor", "password": "Lv-tianjian-88!x",
    },
    "POST /counterparties": {"name": "某客户", "is_customer": True},
    "POST /products": {"name_zh": "自家酱菜", "category": "vegetables", "uom": "KGM"},
    "PUT /main-products": {"slugs": ["{slug}"]},
    "PUT /main-products/{slug}/gtin": {"gtin": "6901234567892"},
    "POST /documents/{document}/shares": {"party_ids": ["{stall}"]},
    "POST /lots": {**FRAME, "lot": NEW},
    "POST /lots/receive": {**FRAME, "lot": NEW, "supplier_id": "{buyer}"},
    "POST /lots/transfer": {**FRAME, "lines": [LINE], "to_party_id": "{buyer}"},
    "POST /lots/transform": {**FRAME, "inputs": [LINE], "outputs": [NEW]},
    "POST /lots/retail": {**FRAME, "lines": [LINE]},
    "POST /lots/lose": {**FRAME, "lines": [LINE], "reason": "spoiled"},
    "POST /lots/adjust": {
        **FRAME, "lot": "{lot}", "holding_id": "{holding}", "counted": "4", "uom": "KGM", "reason": "count",
    },
    "POST /epcis/capture": {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"], "type": "ObjectEvent",
        "eventID": "urn:x:2", "eventTime": "2026-11-19T05:30:00+08:00", "eventTimeZoneOffset": "+08:00",
        "action": "OBSERVE", "bizStep": "inspecting", "epcList": ["urn:epc:id:sgtin:690123.0456789.7"],
    },
    "POST /lots/{lot}/hold": {"reason": "residue"},
    "POST /lots/{lot}/release": {"reason": "cleared"},
}  # fmt: skip
QUERIES = {
    "GET /products/search": {"text": "菜"},
    "GET /trace": {"code": "{lot}"},
    "GET /ancestors": {"lots": ["{lot}", "{bags}"]},
    "GET /whereabouts": {"key": "{lot}"},
    "GET /parties": {"kind": ""},
}

# S: sent to the sign-in; H: sent home or onward.
PAGES = """
healthz                        200 200 200 200 200 200 200 200
robots                         200 200 200 200 200 200 200 200
favicon                        301 301 301 301 301 301 301 301
sw                             200 200 200 200 200 200 200 200
offline                        200 200 200 200 200 200 200 200
problems                       200 200 200 200 200 200 200 200
problem                        200 200 200 200 200 200 200 200
set_language                   405 405 405 405 405 405 405 405
accounts:sign_in               200 200 200 200 200 200 200 200
accounts:sign_out              405 405 405 405 405 405 S   S
accounts:switch                405 405 405 405 405 405 S   S
accounts:password              200 200 200 200 200 200 S   S
ledger:verify                  200 200 200 200 200 200 200 200
ledger:proof_bundle            409 409 409 409 409 409 409 409
ledger:proof_text              409 409 409 409 409 409 409 409
ledger:checkpoint              404 404 404 404 404 404 404 404
ledger:tile                    404 404 404 404 404 404 404 404
parties:choose_kind            200 200 200 200 200 200 200 200
parties:registered             200 200 200 200 200 200 200 200
parties:waiting                200 200 200 200 200 200 S   S
parties:regions                200 200 200 200 200 200 200 200
parties:register               200 200 200 200 200 200 200 200
parties:list                   200 200 200 200 200 200 S   S
parties:new_agency             403 403 403 403 403 403 S   S
parties:party                  404 404 404 200 404 404 S   S
parties:approve                405 405 405 405 405 405 S   S
parties:refuse                 405 405 405 405 405 405 S   S
parties:organisation           200 200 200 200 200 200 S   S
parties:new_site               200 200 200 403 403 200 S   S
parties:new_member             200 200 200 200 200 200 S   S
parties:book                   200 200 200 200 200 200 S   S
parties:new_counterparty       200 200 200 403 403 200 S   S
products:list                  200 200 200 200 200 200 S   S
products:product               200 200 200 200 200 200 S   S
products:main                  200 200 200 200 200 200 S   S
products:change_main           405 405 405 405 405 405 S   S
documents:list                 200 200 200 200 200 200 S   S
documents:download             200 404 404 200 404 404 S   S
lots:list                      200 200 200 200 200 200 S   S
lots:find                      H   H   H   H   H   H   S   S
lots:create                    200 200 200 403 403 403 S   S
lots:receive                   200 200 200 403 403 403 S   S
lots:transfer                  200 200 200 403 403 403 S   S
lots:retail                    200 200 200 403 403 403 S   S
lots:lose                      200 200 200 403 403 403 S   S
lots:transform                 200 200 200 403 403 403 S   S
lots:count                     200 404 404 403 403 403 S   S
lots:hold                      200 403 404 200 404 200 S   S
lots:release                   200 200 404 200 404 200 S   S
lots:stock                     200 200 200 200 200 200 S   S
tracing:lot                    200 200 404 200 404 200 S   S
tracing:events                 200 200 404 200 404 200 S   S
tracing:scope                  200 200 404 200 404 200 S   S
tracing:scope_csv              200 200 404 200 404 200 S   S
tracing:ancestors              200 200 200 200 200 200 S   S
tracing:whereabouts            200 200 200 200 200 200 S   S
exchange:imports               200 200 200 403 403 403 S   S
exchange:template              200 200 200 200 200 200 S   S
exchange:import                200 404 404 403 403 403 S   S
exchange:start                 405 405 405 405 405 405 S   S
exchange:problems              200 404 404 403 403 403 S   S
consumers:front                H   H   H   H   H   H   200 200
consumers:enter                H   H   H   H   H   H   H   H
consumers:qr                   200 200 200 200 200 200 200 200
consumers:label                200 200 200 200 200 200 200 200
consumers:scan                 200 200 200 200 200 200 200 200
consumers:scan_gtin            404 404 404 404 404 404 404 404
portals:home                   H   H   H   H   H   H   S   S
portals:producer               200 403 403 403 403 403 S   S
portals:circulation            403 403 403 403 403 403 S   S
portals:merchant               403 200 200 403 403 403 S   S
portals:market                 403 403 403 403 403 200 S   S
portals:lab                    403 403 403 403 403 403 S   S
portals:regulator              403 403 403 200 200 403 S   S
portals:operator               403 403 403 403 403 403 S   S
"""
PARAMETERS = {
    "code": "lot",
    "text": "lot",
    "holding_id": "holding",
    "record_id": "record",
    "document_id": "document",
    "party_id": "pending",
    "job_id": "import",
    "slug": "slug",
    "kind": "kind",
    "gtin": "gtin",
    "number": "number",
    "place": "tile",
}

_MODULES: list[Any] = [
    import_module(f"tests.access.doors.{one.name}") for one in iter_modules(doors.__path__)
]
for _one in _MODULES:
    OPERATIONS += getattr(_one, "OPERATIONS", "")
    PAGES += getattr(_one, "PAGES", "")
    BODIES |= getattr(_one, "BODIES", {})
    QUERIES |= getattr(_one, "QUERIES", {})
    PARAMETERS |= getattr(_one, "PARAMETERS", {})


def extend(world: Any) -> None:
    """Let each module add what its addresses name to the world."""
    for one in _MODULES:
        if hasattr(one, "extend"):
            one.extend(world)
