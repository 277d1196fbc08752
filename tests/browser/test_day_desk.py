"""The same day in short, at desks, in English: harvest, test, tickets with fees, a recall."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, StorageState, expect
from tests.browser.conftest import DESK
from tests.browser.day_acts import CODE, FORM, SUBMIT, alert_of, bench
from tests.browser.day_people import Day, Person, gathered
from tests.browser.product import Product

NEGATIVE = "T darker than C"
People = Callable[[str], Person]


@pytest.fixture(scope="module")
def day() -> Day:
    return Day()


@pytest.fixture(scope="module")
def people(
    browser: Browser, product: Product, signed_in: dict[str, StorageState], day: Day
) -> Iterator[People]:
    with gathered(browser, product, signed_in, day, viewport=DESK, locale="en-US") as person:
        yield person


def receive(person: Person, ticket: str) -> None:
    """Confirm a ticket whose code is typed, as one does without a camera."""
    person.home()
    person.tap("main .c-tasks a[href='/scan']", "/scan$")
    person.type("[data-scan-typed] input", ticket)
    person.tap("[data-scan-typed] button", "/receive$")
    person.tap(SUBMIT, "/trade/purchases/")


def test_from_the_field_to_the_centre(people, day, product):
    grower, number = people("grower"), f"DK-{timezone.now():%H%M%S}"
    grower.tap("main .c-tasks a[href='/production/batches']", "/production/batches$")
    grower.tap("main tr:has-text('七号田') a[href$='/harvest']", "/harvest$")
    grower.type("[name=quantity]", "90")
    grower.type("[name=number]", number)
    grower.tap(SUBMIT, r"/production/harvests/\d+$")
    lot = product.code_of(number)
    day.known |= {"number": number, "lot": lot}
    grower.home()
    grower.tap(f"main a[href='/lots/{lot}/self-test']", "/self-test")
    grower.choose("[name=line_0]", NEGATIVE)
    grower.tap(FORM, f"/lots/{lot}")
    expect(grower["main"]).to_contain_text("Passed: the lot may leave.")
    grower.home()
    grower.tap("main .c-tasks a[href='/trade/dispatch']", "/trade/dispatch")
    grower.tap("label.c-chip:has-text('配送中心')")
    grower.type(f"[name=quantity_{lot}]", "80")
    grower.tap(SUBMIT, rf"/trade/tickets/{CODE}")
    ticket = grower.page.url.rsplit("/", 1)[-1]

    centre = people("centre")
    receive(centre, ticket)
    centre.home()
    centre.tap(f"main a[href='/lots/{lot}/request-test']", "/request-test")
    centre.tap(FORM, r"/samples/\d+$")
    places = bench(people("lab"), f"DK-{number}", "毒死蜱", "0.004")
    assert places == ["Mainland", "Hong Kong", "Macao"]


@pytest.mark.requirement("S1-4.3.3-1")
def test_a_ticket_with_two_products_and_a_fee_adds_up(people, day, product):
    centre, qiang, lot = people("centre"), people("qiang"), day.known["lot"]
    centre.tap("main .c-tasks a[href='/trade/sell']", "/trade/sell")
    expect(centre["label.c-chip"]).to_contain_text(re.compile("阿强|濠江|港味|陈姐"))  # who bought last
    centre.tap("label.c-chip:has-text('阿强')")
    centre.type(f"[name=quantity_{lot}]", "120")
    centre.tap(SUBMIT, rf"/trade/tickets/{CODE}$")
    receive(qiang, centre.page.url.rsplit("/", 1)[-1])

    eggs = product.code_of("E2-")
    qiang.home()
    qiang.tap("main .c-tasks a[href='/trade/sell']", "/trade/sell")
    qiang.tap("label.c-chip:has-text('陈姐')")
    for code, jin, price in ((lot, "40", "3.50"), (eggs, "4", "7.25")):
        qiang.type(f"[name=quantity_{code}]", jin)
        qiang.type(f"[name=price_{code}]", price)
    qiang.tap("main details.t-more summary")
    qiang.type("[name=fee_name_0]", "Loading and carrying")
    qiang.type("[name=fee_amount_0]", "12")
    expect(qiang["#total"]).to_contain_text("181.00")
    qiang.tap(SUBMIT, rf"/trade/tickets/{CODE}$")
    ticket = day.known["ticket"] = qiang.page.url.rsplit("/", 1)[-1]
    for amount in ("140.00", "29.00", "12.00", "181.00"):
        expect(qiang["main"]).to_contain_text(amount)
    receive(people("stall"), ticket)

    shopper = people("")
    shopper.go(f"/t/{ticket}")
    for shown in ("阿强蔬菜行", "A-12", "181.00", "菜心", "鸡蛋", "Loading and carrying"):
        expect(shopper["main"]).to_contain_text(shown)
    expect(shopper["main"]).to_contain_text("The buyer confirmed that the goods arrived")


def sell_without_a_network(stall: Person, lot: str) -> None:
    """Open the page of retail sales, lose the network, and sell."""
    stall.tap("main .c-tasks a[href='/trade/retail']", "/trade/retail")
    stall.page.wait_for_function(
        "async () => { const names = await caches.keys();"
        " const all = await Promise.all(names.map(async n => (await (await caches.open(n)).keys())));"
        " return ['/trade/retail', '/pending'].every(one => all.flat().some(kept => kept.url.endsWith(one))) }"
    )
    stall.page.context.set_offline(True)
    stall.type(f"[name=quantity_{lot}]", "2")
    stall.tap(SUBMIT)
    expect(stall["[data-kept-note]"]).to_be_visible()


def test_a_failed_sample_of_sold_goods_is_recalled_everywhere(people, day):
    city, lot, number = people("city"), day.known["lot"], day.known["number"]
    stall = people("stall")
    sell_without_a_network(stall, lot)
    city.type("#id_q", lot)
    city.tap("main form[role=search] button", f"/lots/{lot}")
    city.tap(f"main a[href='/lots/{lot}/sample']", "/sample$")
    city.choose("[name=holder]", "陈姐")
    city.type("[name=quantity]", "1")
    city.tap(FORM, r"/samples/\d+$")
    bench(people("lab"), f"DF-{number}", "毒死蜱", "0.081")

    city.home()
    alert_of(city, number)
    with city.story("alert to chain", taps=2):
        city.tap(f"main tr:has-text('{number}') a[href^='/alerts/']", r"/alerts/\d+$")
        alert = city.page.url
        expect(city["main a[href^='tel:']"]).to_be_visible()
        city.tap(f"main a[href^='/lots/{lot}?view=circulation']", "view=circulation")
    expect(city[".c-chain svg:visible"]).to_be_visible()
    city.go(alert)
    city.tap("main a[href*='/supervision/decide/']", "/supervision/decide/")
    city.tap("main form.c-record button.c-btn--danger", "/supervision/recalls/")
    expect(city["main"]).to_contain_text("every kilo is on hold, all holders are told")

    stall.page.context.set_offline(False)  # the recall came while this phone was away
    stall.page.goto("/pending")
    expect(stall["article.c-entry"]).to_contain_text(re.compile("on hold", re.IGNORECASE))
    stall.hear("ERR_INTERNET_DISCONNECTED", "Failed to fetch", "409", "htmx:")

    shopper, qiang = people(""), people("qiang")
    shopper.go(f"/t/{day.known['ticket']}")
    expect(shopper[".c-answer__state"]).to_contain_text("Under recall: do not eat, do not sell")
    qiang.go(f"/t/{lot}")
    expect(qiang[".c-answer__state"]).to_contain_text("Under recall")
    qiang.go("/trade/sell?as=ticket")
    expect(qiang.page.locator(".t-good--no", has_text=number)).to_contain_text("On hold: may not be sold")


def test_every_page_of_the_day_was_sound(people, day):
    for username in ("grower", "centre", "lab", "qiang", "stall", "city", ""):
        people(username).hear()
    assert day.faults == []
    assert day.complaints == []
