"""Every operation and every page, by everybody: deny by default at both faces."""

import json
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone
from tests.access import matrix
from tests.access.world import PNG, upload

from cailan.config.api import api, epcis
from cailan.exchange.tests.test_api import event
from cailan.exchange.tests.test_import import purchase, table
from cailan.lots.tests.factories import make_product
from cailan.products.models import Product


def rows(table):
    return [line.split() for line in table.splitlines() if line.strip()]


def facts_of(world):
    matrix.extend(world)
    facts = dict(world.facts) | brought_in(world.clients["device"])
    return facts | {
        "lot": facts["lot"].code,
        "slug": "choysum-kgm",
        "now": timezone.now().isoformat(),
        "kind": "base",
        "gtin": "06901234567892",
        "number": "nobody",
        "tile": "0/000",
    }


def brought_in(client):
    """Bring in a file and a document, and say what they are called."""
    Product.objects.filter(pk=make_product("菜心")).update(slug="caixin")
    sent = client.post("/api/v1/imports", {"file": SimpleUploadedFile("a.csv", table(purchase(1)))})
    captured = client.post("/epcis/capture", event(), content_type="application/json")
    return {
        "import": sent.json()["id"],
        "capture": int(captured["Location"].rpartition("/")[2]),
        "event": "urn:x:1",
    }


def fill(value, facts):
    if isinstance(value, dict):
        return {name: fill(one, facts) for name, one in value.items()}
    if isinstance(value, list):
        return [fill(one, facts) for one in value]
    if isinstance(value, str) and value.startswith("{") and value.endswith("}"):
        return facts[value[1:-1]]
    return value


def read(response):
    """Read a file to its end, so that it is closed."""
    if response.streaming:
        b"".join(response)
    return response


def call(client, method, address, facts, *, body=None, query=None):
    """Make one call and undo what it did."""
    options = {"query_params": fill(query or {}, facts)}
    if method == "POST" and address.endswith("/imports"):
        options["data"] = {"file": SimpleUploadedFile("b.csv", table(purchase(2)))}
    elif method == "POST" and address.endswith("/documents"):
        options["data"] = {"file": upload(PNG), "kind": "photo"}
    elif method != "GET":
        options |= {"data": json.dumps(fill(body, facts)), "content_type": "application/json"}
    with transaction.atomic():
        response = getattr(client, method.lower())(address, **options)
        transaction.set_rollback(True)
    return read(response)


class TestOperations:
    def test_the_table_names_every_operation(self):
        known = {
            (method.upper(), path.removeprefix("/api/v1"))
            for one in (api, epcis)
            for path, methods in one.get_openapi_schema()["paths"].items()
            for method in methods
        }
        listed = {(method, _shape(path)) for method, path, *_ in rows(matrix.OPERATIONS)}

        assert listed == {(method, _shape(path)) for method, path in known}

    @pytest.mark.requirement("S0-2.3.2-4")
    def test_everybody_gets_what_the_table_says(self, world):
        facts, wrong = facts_of(world), []
        for method, path, *expected in rows(matrix.OPERATIONS):
            name = f"{method} {path}"
            address = path.format(**facts) if path.startswith("/epcis") else "/api/v1" + path.format(**facts)
            for role, status in zip(matrix.ROLES, expected, strict=True):
                response = call(
                    world.clients[role], method, address, facts,
                    body=matrix.BODIES.get(name), query=matrix.QUERIES.get(name),
                )  # fmt: skip
                if response.status_code != int(status):
                    wrong.append(f"{name} as {role}: {response.status_code}, not {status}")
                if response.status_code >= HTTPStatus.BAD_REQUEST:
                    assert response["Content-Type"] == "application/problem+json", name
        assert not wrong, "\n".join(wrong)


def _shape(path):
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


def named_pages():
    found = set()

    def walk(patterns, namespace):
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                found.add(f"{namespace}{pattern.name}")
            elif pattern.namespace not in {"api", "epcis"}:
                walk(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else namespace)

    walk(get_resolver().url_patterns, "")
    return found - {"api_unknown"}


def said(response):
    if response.status_code == HTTPStatus.FOUND:
        return "S" if response["Location"].startswith("/account/sign-in") else "H"
    return str(response.status_code)


class TestPages:
    def test_the_table_names_every_page(self):
        assert {name for name, *_ in rows(matrix.PAGES)} == named_pages()

    @pytest.mark.requirement("S1-4.1-1")
    def test_everybody_sees_what_the_table_says(self, world):
        facts, wrong = facts_of(world), []
        for name, *expected in rows(matrix.PAGES):
            address = address_of(name, facts)
            query = {"code": facts["lot"]} if name == "consumers:enter" else {}
            for role, wanted in zip(matrix.ROLES, expected, strict=True):
                response = read(world.clients[role].get(address, query))
                if said(response) != wanted:
                    wrong.append(f"{name} {address} as {role}: {said(response)}, not {wanted}")
        assert not wrong, "\n".join(wrong)

    @pytest.mark.requirement("S1-4.1-1")
    @pytest.mark.parametrize(
        ("who", "portal"),
        [("owner", "/producer/"), ("partner", "/merchant/"), ("regulator", "/regulator/"), ("market", "/market/"),
         ("lab", "/lab/"), ("operator", "/operator/")],
    )  # fmt: skip
    def test_each_role_lands_in_its_own_portal(self, world, who, portal):
        landed = world.clients[who].get("/", follow=True)

        assert landed.redirect_chain[-1][0] == portal
        assert landed.status_code == HTTPStatus.OK


def address_of(name, facts):
    pattern = next(
        entry for entry in get_resolver(None).url_patterns for entry in _flat(entry, "") if entry[0] == name
    )
    if name == "exchange:template":
        return reverse(name, args=["example", "csv"])
    if name == "problem":
        return reverse(name, args=["not-found"])
    return reverse(name, kwargs={key: facts[matrix.PARAMETERS[key]] for key in pattern[1]})


def _flat(entry, namespace):
    if isinstance(entry, URLPattern):
        yield f"{namespace}{entry.name}", entry.pattern.converters or entry.pattern.regex.groupindex
        return
    inner = f"{entry.namespace}:" if entry.namespace else namespace
    for one in entry.url_patterns:
        yield from _flat(one, inner)
