"""Where the network ends, entries wait on the phone; they arrive once, with their own time, for who made them."""

import re
from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.browser.conftest import sign_in
from tests.browser.product import PASSWORD
from tests.browser.test_trade import in_stock

_numbers = count(1)


def make_lot(page: Page, quantity: str) -> str:
    """Record a harvest of four hours ago and return its trace code."""
    page.goto("/lots/new")
    page.get_by_label("Product").fill("菜心")
    page.get_by_label("Quantity").fill(quantity)
    page.get_by_label("Lot number").fill(f"OF-{next(_numbers)}")
    page.get_by_label("When").fill(written(timedelta(hours=4)))
    page.get_by_role("button", name="Record").click()
    page.wait_for_url(re.compile(r"/lots/[0-9]{6}[0-9A-Z]{15}$"))
    return page.url.rsplit("/", 1)[-1]


def written(ago: timedelta) -> str:
    return f"{timezone.localtime(timezone.now() - ago):%Y-%m-%dT%H:%M}"


def lose(page: Page, code: str, quantity: str) -> None:
    """Fill in the loss form that stands open and send it."""
    page.locator(f"#id_quantity_{code}").fill(quantity)
    page.get_by_role("button", name="Record the loss").click()


def open_loss(page: Page, code: str) -> None:
    """Open the form, and wait until the phone keeps the page."""
    page.goto(f"/lots/lose?lot={code}")
    page.wait_for_function(
        "async path => { const names = await caches.keys();"
        " const all = await Promise.all(names.map(async n => (await (await caches.open(n)).keys()).map(r => r.url)));"
        " return ['/pending', path].every(one => all.flat().some(url => url.endsWith(one))) }",
        arg=f"/lots/lose?lot={code}",
    )


def entries(page: Page, state: str):
    """Return the entries of the pending page that stand in one state."""
    shown = page.locator(f"[data-state={state}]:not([hidden])")
    return page.locator("article.c-entry", has=shown)


@pytest.fixture
def grower(visit):
    return visit("grower")


def test_entries_without_a_network_arrive_once_with_their_own_times(grower):
    code = make_lot(grower, "20")
    two_hours_ago = written(timedelta(hours=2))
    grower.clock.set_fixed_time(timezone.now() - timedelta(hours=2))
    open_loss(grower, code)
    grower.context.set_offline(True)

    lose(grower, code, "3")
    expect(grower.locator("[data-kept-note]")).to_contain_text("Kept on this phone")
    grower.get_by_label("When").fill(written(timedelta(hours=3)))
    lose(grower, code, "2")
    expect(grower.locator("[data-pending-count]")).to_have_text("2")

    grower.goto("/pending")
    expect(entries(grower, "waiting")).to_have_count(2)
    expect(grower.locator(".c-offline").first).to_be_visible()
    grower.reload()
    expect(entries(grower, "waiting")).to_have_count(2)
    grower.clock.set_fixed_time(timezone.now())
    grower.context.set_offline(False)

    expect(entries(grower, "accepted")).to_have_count(2)
    expect(grower.locator("[data-pending]")).to_be_hidden()
    grower.reload()
    assert in_stock(grower, code) == "15kg"
    grower.goto(f"/lots/{code}/events")
    for moment in (two_hours_ago, written(timedelta(hours=3))):
        expect(grower.get_by_role("main")).to_contain_text(moment[-5:])


def test_an_entry_whose_answer_was_lost_is_booked_once(grower):
    code = make_lot(grower, "20")
    open_loss(grower, code)
    lost = []

    def lose_the_answer(route):
        if route.request.method != "POST":
            return route.continue_()
        lost.append(route.fetch().status)
        return route.abort()

    grower.route("**/lots/lose*", lose_the_answer)
    lose(grower, code, "3")
    expect(grower.locator("[data-kept-note]")).to_be_visible()
    assert lost[0] == 200
    grower.reload()
    grower.unroute("**/lots/lose*")

    grower.goto("/pending")
    if entries(grower, "waiting").count():
        grower.get_by_role("button", name="Send now").click()

    expect(entries(grower, "accepted")).to_have_count(1)
    assert in_stock(grower, code) == "17kg"


def test_a_refused_entry_comes_back_with_its_reason_and_can_be_corrected(grower):
    code = make_lot(grower, "20")
    open_loss(grower, code)
    grower.context.set_offline(True)
    lose(grower, code, "30")
    expect(grower.locator("[data-kept-note]")).to_be_visible()
    grower.context.set_offline(False)

    grower.goto("/pending")
    expect(entries(grower, "refused")).to_contain_text("20 kg are left")
    grower.get_by_role("link", name="Correct").click()

    field = grower.locator(f"#id_quantity_{code}")
    expect(field).to_have_value("30")
    expect(grower.locator(".c-field", has=field).locator(".c-field__error")).to_contain_text("20 kg are left")
    lose(grower, code, "3")
    expect(grower).to_have_url(re.compile("/stock"))
    assert in_stock(grower, code) == "17kg"
    grower.goto("/pending")
    expect(grower.get_by_text("Nothing waits on this phone")).to_be_visible()


def test_a_refused_entry_is_discarded_only_after_a_question(grower):
    code = make_lot(grower, "20")
    open_loss(grower, code)
    grower.context.set_offline(True)
    lose(grower, code, "1")
    grower.goto("/pending")
    dialog = grower.get_by_role("dialog")

    entries(grower, "waiting").get_by_role("button", name="Discard").click()
    dialog.get_by_role("button", name="Keep it").click()
    expect(entries(grower, "waiting")).to_have_count(1)
    entries(grower, "waiting").get_by_role("button", name="Discard").click()
    dialog.get_by_role("button", name="Discard").click()

    expect(grower.get_by_text("Nothing waits on this phone")).to_be_visible()
    grower.context.set_offline(False)
    assert in_stock(grower, code) == "20kg"


def test_on_a_shared_phone_nobody_else_sees_or_sends_an_entry(visit):
    phone = visit()
    sign_in(phone, "grower", PASSWORD)
    code = make_lot(phone, "20")
    open_loss(phone, code)
    phone.context.set_offline(True)
    lose(phone, code, "3")
    expect(phone.locator("[data-kept-note]")).to_be_visible()
    phone.route("**/lots/lose*", lambda route: route.abort())  # a network that does not reach us yet
    phone.context.set_offline(False)
    phone.goto("/pending")
    phone.locator(".c-menu--user summary").click()
    phone.get_by_role("button", name="Sign out").click()
    phone.wait_for_url(lambda url: "/pending" not in url)
    phone.unroute("**/lots/lose*")

    sign_in(phone, "stall", PASSWORD)
    phone.goto("/pending")
    expect(phone.get_by_text("Nothing waits on this phone")).to_be_visible()
    expect(phone.locator("[data-pending]")).to_be_hidden()
    kept = "async () => (await caches.keys()).filter(name => name.startsWith('cailan-pages')).length"
    assert phone.evaluate(kept) == 1
    phone.context.set_offline(True)
    phone.goto(f"/lots/lose?lot={code}")
    expect(phone.get_by_role("heading", level=1)).to_have_text("No network")
    phone.context.set_offline(False)

    phone.goto("/pending")
    phone.locator(".c-menu--user summary").click()
    phone.get_by_role("button", name="Sign out").click()
    phone.wait_for_url(lambda url: "/pending" not in url)
    sign_in(phone, "grower", PASSWORD)
    phone.goto("/pending")
    expect(entries(phone, "accepted")).to_have_count(1)
    assert in_stock(phone, code) == "17kg"


def test_a_session_that_ended_keeps_everything_and_says_so(visit):
    phone = visit()
    sign_in(phone, "grower", PASSWORD)
    code = make_lot(phone, "20")
    open_loss(phone, code)
    phone.context.clear_cookies(name="sessionid")

    lose(phone, code, "3")

    notice = phone.locator("[data-signed-out]")
    expect(notice).to_be_visible()
    expect(phone.locator("[data-pending-count]")).to_have_text("1")
    notice.get_by_role("link", name="Sign in").click()
    phone.locator("#id_username").fill("grower")
    phone.locator("#id_password").fill(PASSWORD)
    phone.locator("main form button[type=submit]").click()
    phone.wait_for_url("**/pending")
    expect(entries(phone, "accepted")).to_have_count(1)
    assert in_stock(phone, code) == "17kg"
