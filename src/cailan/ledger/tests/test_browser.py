"""The visitor's own browser does the arithmetic again."""

import json
import re

import pytest
from playwright.sync_api import expect, sync_playwright
from tools import features

from cailan.ledger import services as ledger
from cailan.ledger.queries import seals
from cailan.ledger.tests.factories import append, signing_actor, statements

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def record(monkeypatch):
    monkeypatch.setattr(seals, "_disclosures", {"sample.transfer": lambda _actor, _subject: True})
    ids = append(signing_actor(), statements(300))
    ledger.sequence_once()
    return ids[40]


@pytest.fixture
def proof(record, client):
    """The proof of the record, in both of its forms."""
    bundle, text = (
        client.get(f"/ledger/records/{record}/proof.{form}").content.decode() for form in ("json", "txt")
    )
    return {"json": bundle, "txt": text}


@pytest.fixture
def page(live_server, proof):
    # Playwright's loop gives this thread another context, and Django's connections with it: the database is
    # asked before, in `proof`, and not again until the browser is closed.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=features.chromium(), args=["--no-sandbox"])
        page = browser.new_page(locale="en-GB")
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        yield page
        assert page.complaints == []
        browser.close()


def states(page):
    return {
        item.get_attribute("data-step"): item.get_attribute("data-state")
        for item in page.locator("[data-step]").all()
    }


@pytest.mark.requirement("S0-2.3.4-1")
def test_the_browser_recomputes_every_step(page, live_server, record):
    page.goto(f"{live_server.url}/verify?record={record}")
    expect(page.locator("[data-verify]")).to_have_attribute("data-outcome", "pass")
    assert set(states(page).values()) == {"pass"}
    assert len(states(page)) == 5


@pytest.mark.requirement("S0-2.3.4-1")
@pytest.mark.parametrize(
    ("change", "failed", "named"),
    [
        (
            lambda copy: copy["payload"].update(quantity="400.5"),
            "payload",
            r"payload/quantity.*40\.5.*400\.5",
        ),
        (lambda copy: copy.update(subject="lot:41"), "claims", r"subject.*lot:40.*lot:41"),
        (lambda copy: copy.update(index=41), "inclusion", ""),
        (
            lambda copy: copy.update(checkpoint=copy["checkpoint"].replace("\n303\n", "\n304\n")),
            "checkpoint",
            "",
        ),
        (lambda copy: copy["signer"].update(public_key="A" * 43 + "="), "signature", ""),
    ],
)
def test_the_browser_finds_the_altered_field_of_a_copy(page, live_server, proof, change, failed, named):
    copy = json.loads(proof["json"])
    change(copy)
    page.goto(f"{live_server.url}/verify")
    page.locator("textarea").fill(json.dumps(copy))
    page.locator("[data-verify-copy] button").click()
    expect(page.locator("[data-verify]")).to_have_attribute("data-outcome", "fail")
    assert states(page)[failed] == "fail"
    assert page.url.endswith("/verify")  # nothing was sent
    if named:
        expect(page.locator("[data-differences] li")).to_have_text(re.compile(named))
    else:
        expect(page.locator("[data-differences] li")).to_have_count(0)


def test_an_untouched_copy_holds_and_nonsense_is_called_so(page, live_server, proof):
    page.goto(f"{live_server.url}/verify")
    for text, outcome in (
        (proof["json"], "pass"),
        ("hello", "unreadable"),
        ('{"entry": "AA=="}', "unreadable"),
    ):
        page.locator("textarea").fill(text)
        page.locator("[data-verify-copy] button").click()
        expect(page.locator("[data-verify]")).to_have_attribute("data-outcome", outcome)


def test_a_tlog_proof_is_left_to_the_server(page, live_server, proof):
    page.goto(f"{live_server.url}/verify")
    page.locator("textarea").fill(proof["txt"])
    with page.expect_navigation():
        page.locator("[data-verify-copy] button").click()
    assert states(page)["inclusion"] == "pass"


def test_a_browser_that_cannot_check_says_so_and_shows_what_the_server_found(page, live_server, record):
    page.add_init_script("Object.defineProperty(crypto, 'subtle', {value: undefined})")
    page.goto(f"{live_server.url}/verify?record={record}")
    expect(page.locator("[data-notice]")).to_be_visible()
    assert set(states(page).values()) == {"pass"}
