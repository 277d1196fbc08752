"""`cailan up`: answers, says how to get in, and stops when told."""

import json
from http.client import HTTPConnection

from tests.browser.product import PASSWORD, running


def test_says_where_it_is_and_how_to_get_in(product):
    said = "\n".join(product.said)

    assert f"Cailan is ready at {product.address}" in said
    assert f"\tstall\t{PASSWORD}" in said


def test_answers_and_stops_cleanly_within_ten_seconds():
    with running() as product:
        connection = HTTPConnection("127.0.0.1", product.port)
        connection.request("GET", "/healthz")
        health = json.load(connection.getresponse())
        connection.close()
        status = product.stop()
        left = [path.name for path in (product.home / "secrets").glob("database_url")]

    assert health == {"status": "ok"}
    assert (status, product.said[-1], left) == (0, "stopped", [])
