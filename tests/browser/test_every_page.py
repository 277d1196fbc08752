"""Every page of every role: no faults for those who read with other means, no sideways scrolling, no broken policy."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.browser.product import ROOT

AXE = (ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
WIDTHS = (1440, 390)
GRAVE = ("serious", "critical")
ANYBODY = ("/", "/account/sign-in", "/register", "/register/done", "/verify", "/offline")
NO_PAGE = re.compile(
    r"\.csv|\.xlsx|\.pdf|\.zpl|format=|\.jsonld|\.svg|\.json|\.txt|/template/|/tlog/|/documents/\d|/refused|/photos/|/growth/"
)
ONE_OF_A_KIND = [  # of pages that differ in their data only, one is looked at
    (re.compile(r"/[0-9]{6}[0-9A-Z]{15}"), "/CODE"),
    (re.compile(r"=[0-9]{6}[0-9A-Z]{15}"), "=CODE"),
    (re.compile(r"/\d+"), "/N"),
    (re.compile(r"(/products|/main-products)/[\w-]+"), r"\1/SLUG"),
    (re.compile(r"/[A-Z]{2}-[0-9A-Z-]+"), "/NUMBER"),
    (re.compile(r"=[^&]*"), "=X"),
]


def kind_of(address: str) -> str:
    for pattern, word in ONE_OF_A_KIND:
        address = pattern.sub(word, address)
    return address


def links(page: Page) -> list[str]:
    """Return the addresses of our own pages that this one leads to."""
    found = page.eval_on_selector_all(
        "nav a[href], main a[href]", "all => all.map(a => a.pathname + a.search + '|' + a.origin)"
    )
    here = re.match(r"https?://[^/]+", page.url)[0]
    own = [one.rpartition("|")[0] for one in found if one.endswith(f"|{here}")]
    return [one for one in own if not NO_PAGE.search(one)]


def pages_from(page: Page, starts: list[str]) -> Iterator[str]:
    """Go to every kind of page that can be reached from these, breadth first."""
    waiting, seen = list(starts), set()
    while waiting:
        address = waiting.pop(0)
        if kind_of(address) in seen:
            continue
        seen.add(kind_of(address))
        answer = page.goto(address)
        assert answer.status == 200, (answer.status, address)
        yield address
        waiting += links(page)


def too_wide(page: Page, address: str) -> list[str]:
    """Return the widths, phone last, at which the page that stands open scrolls sideways."""
    faults = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        wide = page.evaluate("document.scrollingElement.scrollWidth")
        if wide > width:
            faults.append(f"{address}: {wide} px wide on {width}")
    return faults


def unreadable(page: Page, address: str) -> list[str]:
    """Return what axe finds grave on the page that stands open."""
    page.evaluate(AXE)
    said = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{address}: {one['id']} ({one['impact']}) {one['nodes'][0]['html'][:200]}"
        for one in said["violations"]
        if one["impact"] in GRAVE
    ]


def faults_of(page: Page, address: str) -> list[str]:
    return too_wide(page, address) + unreadable(page, address)


def listen(page: Page) -> list[str]:
    """Collect what the browser complains of, policy violations among it."""
    complaints: list[str] = []
    page.on(
        "console",
        lambda one: (
            complaints.append(f"{page.url}: {one.text}") if one.type in {"error", "warning"} else None
        ),
    )
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', e =>"
        " console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI))"
    )
    return complaints


@pytest.fixture(scope="module")
def read_before() -> set[str]:
    return set()


def test_a_page_with_faults_would_be_found(visit):
    page = visit()
    complaints = listen(page)
    page.goto("/")
    page.evaluate(
        "document.querySelector('main').innerHTML ="
        " '<img src=/static/cailan/logo.svg><p onclick=\"1\">' + 'x'.repeat(200) + '</p>'"
    )

    faults = faults_of(page, "/")

    assert any("image-alt" in fault for fault in faults)
    assert any("wide on 390" in fault for fault in faults)
    assert any("policy: script-src" in one for one in complaints)


def test_every_page_for_anybody(visit, product, record_property):
    page = visit()
    complaints = listen(page)
    codes = [product.code_of(number) for number in ("JX-", "7B-", "HY-")]
    starts = [*ANYBODY, *(f"/t/{code}" for code in codes), f"/t/{codes[0]}/label"]
    visited, faults = [], []
    for address in pages_from(page, starts):
        visited.append(address)
        faults += faults_of(page, address)
    for code in codes[1:]:
        page.goto(f"/t/{code}")
        faults += faults_of(page, f"/t/{code}")

    record_property("pages", len(visited))
    assert faults == []
    assert complaints == []
    assert len(visited) >= 12


@pytest.mark.parametrize("username", ["grower", "district", "street", "stall", "centre", "lab", "operator"])
def test_every_page_of(visit, product, read_before, record_property, username):
    page = visit(username)
    complaints = listen(page)
    visited, faults = [], []
    for address in pages_from(page, [page.url.removeprefix(product.address)]):
        visited.append(address)
        faults += too_wide(page, address)
        if kind_of(address) not in read_before:  # most pages are the same for all; reading one takes a while
            read_before.add(kind_of(address))
            faults += unreadable(page, address)

    record_property("pages", len(visited))
    assert faults == []
    assert complaints == []
    assert len(visited) >= 12


@pytest.mark.parametrize("address", ["/t/NOPE", "/lots/NOPE"])
def test_a_page_that_is_not_there_says_so_in_good_order(visit, address):
    page = visit("stall")

    assert page.goto(address).status == 404

    assert faults_of(page, address) == []
    expect(page.get_by_role("heading", level=1)).to_be_visible()
