"""Read a captured document strictly, and say in words what is wrong with it and where (EPCIS 2.0, 9.2 JSON-LD)."""

import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any, NoReturn

import jsonschema_rs
import orjson

from cailan import gs1
from cailan.epcis.rules import read, schema

DEEPEST = 60
MOST_FAULTS = 50
NAMESPACE = uuid.UUID("6c1d3a52-9b0e-5f7a-8d44-0c5b8f2a7e19")  # of event ids that we give
_BROKEN_TEXT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_GS1_NAMES = ("urn:epc:", "https://id.gs1.org/", "http://id.gs1.org/")
_SMALL = 15  # digits that every reader keeps


def gettext_noop(message: str) -> str:
    """Mark a sentence for the catalogues; whoever shows it translates it."""
    return message


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: the place as a JSON Pointer (RFC 6901), the event's index, a sentence and its facts."""

    where: str
    message: str
    facts: Mapping[str, str] = field(default_factory=dict)
    event: int | None = None


class Unreadable(ValueError):
    """No JSON that could be an EPCIS document; holds the fault."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.message % fault.facts)


@dataclass(frozen=True, slots=True)
class Document:
    """A document that could be read: its events as they stand in it, and the pointer to their list."""

    whole: dict[str, Any]
    events: tuple[dict[str, Any], ...]
    pointer: str


def parse(body: bytes) -> Document:
    """Read JSON strictly: UTF-8, no name twice, no NaN, numbers kept exactly, at most 60 levels."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse("", gettext_noop("The file is not UTF-8: byte %(byte)s cannot be read."), byte=error.start)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_once,
            parse_float=Decimal,
            parse_int=lambda digits: int(digits) if len(digits) <= _SMALL else Decimal(digits),
            parse_constant=_no_constant,
        )
    except json.JSONDecodeError as error:
        _refuse(
            "",
            gettext_noop("No JSON at line %(line)s, column %(column)s: %(reason)s."),
            line=error.lineno,
            column=error.colno,
            reason=error.msg,
        )
    except RecursionError:
        _refuse("", gettext_noop("Nested deeper than %(limit)s levels."), limit=DEEPEST)
    _check_depth(value)
    if _BROKEN_TEXT.search(body):
        _check_texts(value, "")
    if not isinstance(value, dict):
        _refuse("", gettext_noop("A JSON object was expected: an EPCISDocument or an event."))
    return _document(value)


def _refuse(where: str, message: str, **facts: object) -> NoReturn:
    raise Unreadable(Fault(where, message, {name: str(value) for name, value in facts.items()}))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        if twice == "eventID" and len(found) + 1 == len(pairs):
            return found  # a published GS1 example names its event twice; the last id counts, as for most readers
        _refuse("", gettext_noop("“%(name)s” stands twice in one object."), name=twice[:80])
    return found


def _no_constant(word: str) -> NoReturn:
    _refuse("", gettext_noop("%(word)s is no JSON number."), word=word)


def _check_depth(value: Any) -> None:
    level = [value]
    for _depth in range(DEEPEST + 1):
        level = (
            [
                inner
                for outer in level
                for inner in (outer.values() if isinstance(outer, dict) else outer)
                if isinstance(inner, dict | list)
            ]
            if _depth or isinstance(value, dict | list)
            else []
        )
        if not level:
            return
    _refuse("", gettext_noop("Nested deeper than %(limit)s levels."), limit=DEEPEST)


def _check_texts(value: Any, where: str) -> None:
    """Refuse half characters and NUL: no database and no other reader keeps them."""
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
            _refuse(where, gettext_noop("The text holds a NUL or half a character."))
    elif isinstance(value, dict):
        for name, inner in value.items():
            _check_texts(name, where)
            _check_texts(inner, f"{where}/{_escaped(name)}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _check_texts(inner, f"{where}/{index}")


def _document(whole: dict[str, Any]) -> Document:
    kind = whole.get("type")
    if kind == "EPCISDocument":
        path: tuple[str, ...] = ("epcisBody", "eventList")
    elif kind == "EPCISQueryDocument":
        path = ("epcisBody", "queryResults", "resultsBody", "eventList")
    elif kind in schema.EVENTS:
        return Document(whole, (whole,), "")
    else:
        _refuse(
            "/type",
            gettext_noop("“%(kind)s” is no EPCISDocument, EPCISQueryDocument or event."),
            kind=str(kind)[:80],
        )
    found: Any = whole
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    events = tuple(found) if isinstance(found, list) else ()
    return Document(whole, events, "/" + "/".join(path))


@cache
def _validator(kind: str) -> Any:
    known = {"EPCISDocument": schema.DOCUMENT, "EPCISQueryDocument": schema.QUERY_DOCUMENT, **schema.EVENTS}
    return jsonschema_rs.Draft202012Validator(known.get(kind, schema.OWN_EVENT), validate_formats=True)


def faults(document: Document) -> tuple[Fault, ...]:
    """Return what is wrong with a document, at most fifty places."""
    found: list[Fault] = []
    for fault in _faults(document):
        found.append(fault)
        if len(found) == MOST_FAULTS:
            break
    return tuple(found)


def _faults(document: Document) -> Iterator[Fault]:
    if document.pointer:
        for error in _validator(document.whole["type"]).iter_errors(document.whole):
            yield _fault(error, "", None)
    elif "@context" not in document.whole:
        yield Fault("", _MISSING, {"name": "@context"}, 0)
    for index, event in enumerate(document.events):
        where = f"{document.pointer}/{index}" if document.pointer else ""
        yield from _event_faults(event, where, index)


def _event_faults(event: Any, where: str, index: int) -> Iterator[Fault]:
    if not isinstance(event, dict):
        yield Fault(where, gettext_noop("An event is an object."), {}, index)
        return
    kind = event.get("type")
    if not isinstance(kind, str) or (kind not in schema.EVENTS and ":" not in kind):
        yield Fault(
            f"{where}/type", gettext_noop("“%(kind)s” is no type of event."), {"kind": str(kind)[:80]}, index
        )
        return
    is_sound = True
    for error in _validator(kind).iter_errors(event):
        is_sound = False
        yield _fault(error, where, index)
    if is_sound:
        for place, message, facts in _meaning(event):
            yield Fault(where + place, message, facts, index)


_MISSING = gettext_noop("“%(name)s” is missing.")
_BY_KIND = {
    "Enum": gettext_noop("“%(value)s” is not one of the values allowed here."),
    "AnyOf": gettext_noop("“%(value)s” is neither a word of the Core Business Vocabulary nor a URI."),
    "Minimum": gettext_noop("%(value)s is below zero."),
    "MinItems": gettext_noop("At least one element is needed here."),
    "MinProperties": gettext_noop("At least one field is needed here."),
    "MaxLength": gettext_noop("“%(value)s…” is too long."),
    "UniqueItems": gettext_noop("An element stands here twice."),
    "Pattern": gettext_noop("“%(value)s” is not written as it must be here."),
}
_TYPES = {
    "string": gettext_noop("“%(value)s” is no text."),
    "number": gettext_noop("“%(value)s” is no number."),
    "array": gettext_noop("A list was expected, not “%(value)s”."),
    "object": gettext_noop("An object was expected, not “%(value)s”."),
    "boolean": gettext_noop("true or false was expected, not “%(value)s”."),
}
_FORMATS = {
    "date-time": gettext_noop("“%(value)s” is no time with offset, such as 2026-11-20T08:00:00+08:00."),
    "uri": gettext_noop("“%(value)s” is no URI."),
}


def _fault(error: Any, where: str, index: int | None) -> Fault:
    """Say an error of the schema in words."""
    place = where + "".join(f"/{_escaped(str(step))}" for step in error.instance_path)
    kind = type(error.kind).__name__
    value = error.instance if isinstance(error.instance, str) else _shown(error.instance)
    facts = {"value": value[:60]}
    if kind == "Required":
        return Fault(place, _MISSING, {"name": error.kind.property}, index)
    if kind == "PropertyNames":
        name = str(error.kind.error.instance)
        message = gettext_noop("“%(name)s” is no field of EPCIS here, and has no prefix of its own.")
        return Fault(f"{place}/{_escaped(name)}", message, {"name": name[:60]}, index)
    if kind == "Type":
        return Fault(place, _TYPES.get(str(list(error.kind.types)[0]), _BY_KIND["Enum"]), facts, index)  # noqa: RUF015
    if kind == "Format":
        return Fault(place, _FORMATS.get(error.kind.format, _BY_KIND["Pattern"]), facts, index)
    return Fault(place, _BY_KIND.get(kind, _BY_KIND["Pattern"]), facts, index)


def _shown(value: Any) -> str:
    return str(value) if isinstance(value, Decimal | int | float) else json.dumps(value, default=str)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _meaning(event: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Find what no schema sees: times that are none, nothing spoken of, wrong check digits (EPCIS 2.0, 7.4)."""
    for name in ("eventTime", "recordTime"):
        if name in event and not _is_time(event[name]):
            yield f"/{name}", _FORMATS["date-time"], {"value": event[name][:60]}
    if event.get("ilmd") is not None and event.get("action", "ADD") != "ADD":
        yield "/ilmd", gettext_noop("Master data of a lot (ilmd) belongs to events with the action ADD."), {}
    yield from _nothing_said(event)
    yield from _wrong_keys(event)


def _is_time(text: str) -> bool:
    try:
        return read.moment(text).tzinfo is not None
    except ValueError:
        return False


def _nothing_said(event: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, str]]]:
    has = {name for name in event if event[name]}
    kind = event["type"]
    if kind == "TransformationEvent":
        inputs = has & {"inputEPCList", "inputQuantityList"}
        outputs = has & {"outputEPCList", "outputQuantityList"}
        if not (inputs and outputs) and not ("transformationID" in has and (inputs or outputs)):
            yield (
                "",
                gettext_noop("Inputs and outputs are needed, or a transformationID that joins events."),
                {},
            )
    elif kind in {"AggregationEvent", "AssociationEvent"}:
        if event["action"] != "DELETE" and not has & {"childEPCs", "childQuantityList"}:
            yield "", gettext_noop("Children are needed: childEPCs or childQuantityList."), {}
        if event["action"] != "OBSERVE" and "parentID" not in has:
            yield "", _MISSING, {"name": "parentID"}
    elif kind == "ObjectEvent" and not set(event) & {"epcList", "quantityList", "sensorElementList"}:
        yield "", gettext_noop("The event speaks of nothing: epcList or quantityList is needed."), {}


def _wrong_keys(event: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Find GS1 identifiers that cannot be, such as a wrong check digit."""
    for place, uri in _identifiers(event):
        if uri.startswith(_GS1_NAMES):
            try:
                gs1.identify(uri)
            except gs1.Gs1Error as error:
                if error.code not in {"pattern", "tag_uri"}:
                    yield place, "%(reason)s", {"reason": str(error)}


def _identifiers(event: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if "parentID" in event:
        yield "/parentID", event["parentID"]
    for _role, name in read.EPC_LISTS:
        for index, uri in enumerate(event.get(name) or ()):
            yield f"/{name}/{index}", uri
    for _role, name in read.QUANTITY_LISTS:
        for index, element in enumerate(event.get(name) or ()):
            yield f"/{name}/{index}/epcClass", element["epcClass"]
    for name in ("readPoint", "bizLocation"):
        if name in event:
            yield f"/{name}/id", event[name]["id"]


def text_of(event: Mapping[str, Any]) -> str:
    """Write an event as JSON with every number as it was: 12.10 stays 12.10."""
    return orjson.dumps(event, default=_exact).decode()


def _exact(value: Any) -> Any:
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value))
    raise TypeError


def identified(event: dict[str, Any]) -> dict[str, Any]:
    """Return the event with an id: its own, else one that the same event always gets."""
    if event.get("eventID"):
        return event
    told = {name: value for name, value in event.items() if name not in {"recordTime", "@context"}}
    canonical = orjson.dumps(told, default=_exact, option=orjson.OPT_SORT_KEYS)
    return {**event, "eventID": f"urn:uuid:{uuid.uuid5(NAMESPACE, canonical.decode())}"}
