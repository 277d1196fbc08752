"""Goods go from the field to the basket, and what must not happen is refused where it is entered."""

import re

from playwright.sync_api import Page, expect

KEUNG, CHAN, SPROUT, CENTRE = (
    re.compile(name)
    for name in ("阿强|Ah Keung", "陈姐|Sister Chan", "绿芽|Green Sprout", "湾区|Bay Distribution")
)


def make_lot(page: Page, number: str, quantity: str, product: str = "菜心") -> str:
    """Record a harvest from the home page and return the trace code of its page."""
    page.goto("/home")
    page.get_by_role("main").get_by_role("link", name="New lot").click()
    page.get_by_label("Product").fill(product)
    page.get_by_label("Quantity").fill(quantity)
    page.get_by_label("Lot number").fill(number)
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_role("status").first).to_contain_text("Recorded and sealed")
    return page.url.rsplit("/", 1)[-1]


def sell(page: Page, code: str, quantity: str, buyer: re.Pattern[str]) -> None:
    page.goto(f"/lots/{code}")
    page.get_by_role("link", name="Hand over without a ticket").click()
    page.locator(f"#id_quantity_{code}").fill(quantity)
    takers = page.get_by_label("To whom")
    takers.select_option(takers.locator("option", has_text=buyer).get_attribute("value"))
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_role("status").first).to_contain_text("Recorded and sealed")


def in_stock(page: Page, code: str) -> str:
    """Return what the stock page says is left of a lot, as in "47.5kg"."""
    page.goto(f"/stock?text={code}")
    cell = page.locator("tbody tr td.num")
    expect(cell).to_have_count(1)
    return re.sub(r"\s", "", cell.inner_text())


def test_a_harvest_goes_to_a_known_buyer_and_over_the_counter(visit):
    plant, buyer = visit("plant"), visit("stall")
    code = make_lot(plant, "BR-1", "120")

    sell(plant, code, "50", CHAN)

    assert in_stock(buyer, code) == "50kg"
    buyer.locator("tbody tr").get_by_role("link", name="Retail").click()
    buyer.locator(f"#id_quantity_{code}").fill("2.5")
    buyer.get_by_role("button", name="Record the sale").click()
    expect(buyer.get_by_role("status").first).to_contain_text("Recorded and sealed")
    assert in_stock(buyer, code) == "47.5kg"
    assert in_stock(plant, code) == "70kg"


def test_what_is_sold_in_jin_and_thousands_is_read_as_written(visit):
    plant = visit("plant")
    plant.goto("/lots/new")
    plant.get_by_label("Product").fill("菜心")
    plant.get_by_label("Quantity").fill("１,２００")
    plant.get_by_label("Unit").select_option(label="jin")
    plant.get_by_label("Lot number").fill("BR-JIN")
    plant.get_by_role("button", name="Record").click()

    expect(plant.get_by_role("status").first).to_contain_text("Recorded and sealed")
    assert in_stock(plant, plant.url.rsplit("/", 1)[-1]) == "600kg"


def test_more_than_there_is_cannot_be_sold_and_the_reason_stands_at_the_field(visit):
    plant = visit("plant")
    code = make_lot(plant, "BR-2", "30")
    plant.goto(f"/lots/transfer?lot={code}")
    plant.locator(f"#id_quantity_{code}").fill("30.5")
    plant.get_by_label("Number of the paper").fill("XS-OVER")

    plant.get_by_role("button", name="Hand over").click()

    field = plant.locator(".c-field", has=plant.locator(f"#id_quantity_{code}"))
    expect(field.locator(".c-field__error")).to_contain_text("30 kg are left")
    expect(plant.locator(f"#id_quantity_{code}")).to_have_value("30.5")
    expect(plant.get_by_label("Number of the paper")).to_have_value("XS-OVER")
    assert in_stock(plant, code) == "30kg"


def test_a_double_click_books_once(visit):
    plant = visit("plant")
    code = make_lot(plant, "BR-3", "40")
    plant.goto(f"/lots/retail?lot={code}")
    plant.locator(f"#id_quantity_{code}").fill("15")

    plant.get_by_role("button", name="Record the sale").dblclick()

    expect(plant).to_have_url(re.compile("/stock"))
    assert in_stock(plant, code) == "25kg"


def test_the_same_page_sent_again_books_once(visit):
    plant = visit("plant")
    code = make_lot(plant, "BR-4", "40")
    plant.goto(f"/lots/retail?lot={code}")
    plant.locator(f"#id_quantity_{code}").fill("10")
    sent = plant.evaluate(
        "Object.fromEntries(new FormData(document.querySelector('main form.c-record')).entries())"
    )

    answers = [
        plant.request.post(plant.url, form=sent, headers={"Referer": plant.url}).status for _ in range(3)
    ]

    assert answers == [200, 200, 200]
    assert in_stock(plant, code) == "30kg"


def test_from_the_alert_to_everybody_who_has_it_takes_two_clicks(visit, product):
    held = product.code_of("7B-")
    district = visit("district")

    district.locator(f"main a[href='/lots/{held}']").first.click()
    district.get_by_role("link", name="Recall scope").first.click()

    holders = district.locator("main table").first.locator("tbody tr")
    expect(holders).to_have_count(4)
    for name in (SPROUT, CENTRE, KEUNG, CHAN):
        expect(holders.filter(has_text=name)).to_have_count(1)
    stall = holders.filter(has_text=CHAN).inner_text().split()
    assert "13800000023" in stall
    assert stall[-5:] == [
        "20kg",
        "13.5kg",
        "6.5kg",
        "0kg",
        "0kg",
    ]  # received, in stock, sold, lost, passed on


def test_a_hold_stops_a_sale_that_is_already_being_typed_and_a_release_lets_it_through(visit, product):
    greens, mix = product.code_of("7-", older=1), product.code_of("JX-")
    stall, district = visit("stall"), visit("district")
    stall.goto(f"/lots/retail?lot={mix}")
    stall.locator(f"#id_quantity_{mix}").fill("1")

    district.goto(f"/lots/{greens}/hold")
    district.locator("#id_reason").fill("农残复检")
    expect(district.locator("#id_with_derived")).to_be_checked()
    district.get_by_role("button", name="Put on hold").click()
    expect(district.get_by_role("status").first).to_contain_text("On hold")
    stall.get_by_role("button", name="Record the sale").click()

    expect(stall.get_by_role("main")).to_contain_text(re.compile("on hold", re.IGNORECASE))
    expect(stall).not_to_have_url(re.compile("/stock"))
    shopper = visit()
    shopper.goto(f"/t/{mix}")
    expect(shopper.locator(".c-answer__state")).to_contain_text("On hold: do not sell, do not eat")

    district.goto(f"/lots/{greens}/release")
    district.locator("#id_reason").fill("复检合格")
    district.get_by_role("button", name="Release").click()
    expect(district.get_by_role("status").first).to_contain_text("Released")
    stall.goto(f"/lots/retail?lot={mix}")
    stall.locator(f"#id_quantity_{mix}").fill("1")
    stall.get_by_role("button", name="Record the sale").click()
    expect(stall).to_have_url(re.compile("/stock"))
