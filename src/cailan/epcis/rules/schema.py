"""What an EPCIS 2.0 event in JSON-LD looks like, as JSON Schemas of our own: one for each type of event.

Sources: EPCIS 2.0 part 7 and 9 (fields, multiplicity), CBV 2.0 part 7 (vocabularies). Any vocabulary value may
also be a URI; a field of somebody's own carries a prefix.
"""

from typing import Any, Final

Schema = dict[str, Any]

BIZ_STEPS: Final = [
    "accepting",
    "arriving",
    "assembling",
    "collecting",
    "commissioning",
    "consigning",
    "creating_class_instance",
    "cycle_counting",
    "decommissioning",
    "departing",
    "destroying",
    "disassembling",
    "dispensing",
    "encoding",
    "entering_exiting",
    "holding",
    "inspecting",
    "installing",
    "killing",
    "loading",
    "other",
    "packing",
    "picking",
    "receiving",
    "removing",
    "repackaging",
    "repairing",
    "replacing",
    "reserving",
    "retail_selling",
    "sampling",
    "sensor_reporting",
    "shipping",
    "staging_outbound",
    "stock_taking",
    "stocking",
    "storing",
    "transporting",
    "unloading",
    "unpacking",
    "void_shipping",
]
DISPOSITIONS: Final = [
    "active",
    "available",
    "completeness_inferred",
    "completeness_verified",
    "conformant",
    "container_closed",
    "container_open",
    "damaged",
    "destroyed",
    "dispensed",
    "disposed",
    "encoded",
    "expired",
    "in_progress",
    "in_transit",
    "inactive",
    "mismatch_class",
    "mismatch_instance",
    "mismatch_quantity",
    "needs_replacement",
    "no_pedigree_match",
    "non_conformant",
    "non_sellable_other",
    "partially_dispensed",
    "recalled",
    "reserved",
    "retail_sold",
    "returned",
    "sellable_accessible",
    "sellable_not_accessible",
    "stolen",
    "unavailable",
    "unknown",
]
TRANSACTION_TYPES: Final = [
    "bol",
    "cert",
    "desadv",
    "inv",
    "pedigree",
    "po",
    "poc",
    "prodorder",
    "recadv",
    "rma",
    "testprd",
    "testres",
    "upevt",
]
PARTY_TYPES: Final = ["location", "owning_party", "possessing_party"]
ERROR_REASONS: Final = ["did_not_occur", "incorrect_data"]
LONGEST_ID: Final = 300

TIME: Final[Schema] = {"type": "string", "format": "date-time"}
URI: Final[Schema] = {"type": "string", "format": "uri", "maxLength": LONGEST_ID}
NUMBER: Final[Schema] = {"type": "number"}
TEXT: Final[Schema] = {"type": "string"}
PREFIXED: Final = "^@|^[A-Za-z][A-Za-z0-9+.-]*:."


def _word(*words: str) -> Schema:
    return {"type": "string", "maxLength": 200, "anyOf": [{"enum": list(words)}, {"format": "uri"}]}


def _each(items: Schema, least: int = 0) -> Schema:
    return {"type": "array", "items": items, "minItems": least}


def _record(fields: dict[str, Schema], required: tuple[str, ...] = (), *, open_to: str = PREFIXED) -> Schema:
    names: Schema = (
        {"anyOf": [{"enum": list(fields)}, {"pattern": open_to}]} if open_to else {"enum": list(fields)}
    )
    return {"type": "object", "properties": fields, "required": list(required), "propertyNames": names}


PLACE: Final = _record({"id": URI}, ("id",))
QUANTITY: Final = _record(
    {
        "epcClass": URI,
        "quantity": {"type": "number", "minimum": 0},
        "uom": {"pattern": "^[A-Z0-9]{2,3}$", "type": "string"},
    },
    ("epcClass",),
    open_to="",
)
TRANSACTION: Final = _record(
    {"type": _word(*TRANSACTION_TYPES), "bizTransaction": URI}, ("bizTransaction",), open_to=""
)
SOURCE: Final = _record({"type": _word(*PARTY_TYPES), "source": URI}, ("type", "source"), open_to="")
DESTINATION: Final = _record(
    {"type": _word(*PARTY_TYPES), "destination": URI}, ("type", "destination"), open_to=""
)
ERROR_DECLARATION: Final = _record(
    {"declarationTime": TIME, "reason": _word(*ERROR_REASONS), "correctiveEventIDs": _each(URI)},
    ("declarationTime",),
)
PERSISTENT: Final = {
    **_record({"set": _each(_word(*DISPOSITIONS), 1), "unset": _each(_word(*DISPOSITIONS), 1)}, open_to=""),
    "minProperties": 1,
}
_MEASURED: Final[dict[str, Schema]] = dict.fromkeys(
    (
        "deviceID",
        "deviceMetadata",
        "rawData",
        "dataProcessingMethod",
        "bizRules",
        "microorganism",
        "chemicalSubstance",
        "coordinateReferenceSystem",
        "uriValue",
    ),
    URI,
) | dict.fromkeys(("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"), NUMBER)
SENSOR_REPORT: Final = _record(
    _MEASURED
    | {
        # New measurement types are published between releases: any word that looks like one is taken.
        "type": {"type": "string", "anyOf": [{"pattern": "^[A-Z][A-Za-z]+$"}, {"format": "uri"}]},
        "exception": {"type": "string"},
        "component": TEXT,
        "time": TIME,
        "stringValue": TEXT,
        "booleanValue": {"type": "boolean"},
        "hexBinaryValue": {"type": "string", "pattern": "^[0-9A-Fa-f]+$"},
        "uom": TEXT,
    },
    ("type",),
)
SENSOR_METADATA: Final = _record(
    dict.fromkeys(("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules"), URI)
    | dict.fromkeys(("time", "startTime", "endTime"), TIME)
)
SENSOR_ELEMENT: Final = _record(
    {"sensorMetadata": SENSOR_METADATA, "sensorReport": _each(SENSOR_REPORT, 1)}, ("sensorReport",)
)
COMMON: Final[dict[str, Schema]] = {
    "@context": {},
    "type": TEXT,
    "eventID": URI,
    "eventTime": TIME,
    "recordTime": TIME,
    "eventTimeZoneOffset": {"type": "string", "pattern": r"^[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00)$"},
    "certificationInfo": {"anyOf": [URI, _each(URI)]},
    "errorDeclaration": ERROR_DECLARATION,
    "bizStep": _word(*BIZ_STEPS),
    "disposition": _word(*DISPOSITIONS),
    "readPoint": PLACE,
    "bizLocation": PLACE,
    "bizTransactionList": _each(TRANSACTION),
    "sourceList": _each(SOURCE),
    "destinationList": _each(DESTINATION),
    "sensorElementList": _each(SENSOR_ELEMENT),
}
ACTION: Final[dict[str, Schema]] = {"action": {"type": "string", "enum": ["ADD", "DELETE", "OBSERVE"]}}
EPCS: Final = {**_each(URI), "uniqueItems": True}
THINGS: Final[dict[str, Schema]] = {"epcList": EPCS, "quantityList": _each(QUANTITY)}
CHILDREN: Final[dict[str, Schema]] = {"childEPCs": EPCS, "childQuantityList": _each(QUANTITY)}
TIMES: Final = ("eventTime", "eventTimeZoneOffset")

EVENTS: Final[dict[str, Schema]] = {
    "ObjectEvent": _record(
        COMMON | ACTION | THINGS | {"ilmd": {"type": "object"}, "persistentDisposition": PERSISTENT},
        (*TIMES, "action"),
    ),
    "AggregationEvent": _record(COMMON | ACTION | CHILDREN | {"parentID": URI}, (*TIMES, "action")),
    "AssociationEvent": _record(
        COMMON | ACTION | CHILDREN | {"parentID": URI}, (*TIMES, "action", "parentID")
    ),
    "TransactionEvent": _record(
        COMMON | ACTION | THINGS | {"parentID": URI, "bizTransactionList": _each(TRANSACTION, 1)},
        (*TIMES, "action", "bizTransactionList"),
    ),
    "TransformationEvent": _record(
        COMMON
        | {
            "inputEPCList": EPCS,
            "outputEPCList": EPCS,
            "inputQuantityList": _each(QUANTITY),
            "outputQuantityList": _each(QUANTITY),
            "transformationID": URI,
            "ilmd": {"type": "object"},
            "persistentDisposition": PERSISTENT,
        },
        TIMES,
    ),
}
OWN_EVENT: Final[Schema] = {"type": "object", "properties": COMMON, "required": list(TIMES)}
HEADER: Final[Schema] = {
    "type": "object",
    "properties": {
        "epcisMasterData": {
            "type": "object",
            "properties": {
                "vocabularyList": _each(
                    {
                        "type": "object",
                        "required": ["type"],
                        "properties": {
                            "vocabularyElementList": _each(
                                {
                                    "type": "object",
                                    "required": ["id"],
                                    "properties": {
                                        "id": URI,
                                        "attributes": _each({"type": "object", "required": ["id"]}),
                                    },
                                }
                            )
                        },
                    }
                )
            },
        }
    },
}
DOCUMENT: Final[Schema] = {
    "type": "object",
    "required": ["@context", "schemaVersion", "creationDate", "epcisBody"],
    "properties": {
        "schemaVersion": {"type": "string", "pattern": r"^2(\.\d+)*$"},
        "creationDate": TIME,
        "epcisHeader": HEADER,
        "epcisBody": {
            "type": "object",
            "required": ["eventList"],
            "properties": {"eventList": {"type": "array"}},
        },
    },
}
QUERY_DOCUMENT: Final[Schema] = {
    "type": "object",
    "required": ["@context", "epcisBody"],
    "properties": {
        "epcisBody": {
            "type": "object",
            "required": ["queryResults"],
            "properties": {
                "queryResults": {
                    "type": "object",
                    "required": ["resultsBody"],
                    "properties": {
                        "resultsBody": {
                            "type": "object",
                            "required": ["eventList"],
                            "properties": {"eventList": {"type": "array"}},
                        }
                    },
                }
            },
        }
    },
}
