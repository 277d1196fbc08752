"""What people do more than once in a day, in whatever language their pages speak."""

from playwright.sync_api import expect
from tests.browser.day_people import Person

SUBMIT = "main .c-bottom button.c-btn--primary"
FORM = "main form.c-record button.c-btn--primary"
CODE = r"[0-9]{6}[0-9A-Z]{15}"


def ticket_for(seller: Person, lot: str, buyer: str, jin: str, *, picture: str = "") -> str:
    """Write a ticket from the home page to a buyer one knows, and return its code."""
    seller.tap("main .c-tasks a[href='/trade/sell']", "/trade/sell")
    seller.tap(f"label.c-chip:has-text('{buyer}')")
    seller.type(f"[name=quantity_{lot}]", jin)
    if picture:
        expect(seller["#total"]).not_to_be_empty()
        seller.picture(picture)
    seller.tap(SUBMIT, rf"/trade/tickets/{CODE}$")
    return seller.page.url.rsplit("/", 1)[-1]


def verb(name: str) -> str:
    return f"main form:has(input[name=verb][value={name}]) button.c-btn--primary"


def bench(
    lab: Person, number: str, item: str, value: str, *, negative: str = "", picture: str = ""
) -> list[str]:
    """Take in the newest sample, test, sign; return the places whose limits stood beside the value.

    A quick test comes first where a word for its negative result is given.
    """
    lab.home()
    lab.tap("main a.c-work__item[href*='status=requested']", "status=requested")
    lab.tap("main tbody tr a", r"/samples/\d+$")
    lab.type("[name=lab_number]", number)
    lab.tap(verb("accept"))
    expect(lab["#results"]).to_be_visible()
    lab.look()
    if negative:
        quick = lab.page.locator("form:has(input[name=verb][value=quick])")
        lab.type(quick.locator("[name=item_0]"), item)
        lab.choose(quick.locator("[name=line_0]"), negative)
        lab.tap(verb("quick"))
        expect(lab["main table"]).to_be_visible()
    lab.type("#results [name=method]", "GB 23200.121")
    lab.type("#results [name=item_0]", item)
    lab.type("#results [name=value_0]", value)
    lab.type("#results [name=lod_0]", "0.002")
    places = lab.page.locator("#judgement-0 .q-places li")
    expect(places).to_have_count(3)
    if picture:
        lab["#results"].scroll_into_view_if_needed()
        lab.picture(picture)
    named = places.locator("strong").all_inner_texts()
    lab.tap("#results button.c-btn--primary")
    expect(lab[verb("sign")]).to_be_visible()
    lab.tap(verb("sign"))
    expect(lab["main a[href^='/reports/']"]).to_be_visible()
    return named


def alert_of(official: Person, number: str) -> None:
    """Wait until the worker has delivered the news of a failed report, then look at the home page."""
    official.page.wait_for_function(
        "async number => (await (await fetch('/alerts')).text()).includes(number)", arg=number, polling=300
    )
    official.home()
