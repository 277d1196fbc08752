"""Files of others: what would happen, what happened, and the chain behind them."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect
from tests.browser.product import ROOT

HEADER = "Record number,Type,Time,Product,Lot number,Quantity,Unit,Counterparty"


def hundred_rows(series: str = "T") -> str:
    """Return a hundred purchases, the rows 42 and 77 of the file of which cannot be."""
    day = datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(days=1)
    rows = [
        f"{series}-R{n},purchase,{day:%Y-%m-%d} 08:{n % 60:02d},菜心,{series}-{n},{10 + n},kg,云浮某菜场（演示）"
        for n in range(1, 101)
    ]
    rows[40] = rows[40].replace(",51,", ",-51,")
    rows[75] = rows[75].replace(",kg,", ",furlong,")
    return "\n".join([HEADER, *rows]) + "\n"


@pytest.mark.requirement("S1-5.2-2")
def test_a_file_with_two_bad_rows_of_a_hundred_gives_98_accepted_and_names_the_two(visit):
    page = visit("hongkong")
    page.goto("/import")
    page.locator("input[type=file]").set_input_files(
        {"name": "purchases.csv", "mimeType": "text/csv", "buffer": hundred_rows().encode()}
    )
    page.get_by_role("button", name="Check the file").click()

    expect(page.get_by_role("button", name="Take 98 records")).to_be_visible()
    refused = page.locator("main tbody tr")
    assert [row.split()[0] for row in refused.all_inner_texts()] == ["42", "77"]
    assert page.request.get("/stock?text=T-1").text().count("T-1<") == 0  # nothing yet

    page.get_by_role("button", name="Take 98 records").click()
    expect(page.locator(".c-stat", has_text="Taken")).to_contain_text("98")
    expect(page.locator(".c-stat", has_text="Refused")).to_contain_text("2")
    assert [row.split()[0] for row in refused.all_inner_texts()] == ["42", "77"]
    expect(refused.nth(0)).to_contain_text("-51")
    expect(refused.nth(1)).to_contain_text("furlong")
    page.goto("/stock?text=T-100")
    expect(page.locator("tbody tr td.num")).to_have_text(re.compile(r"110\s*kg"))


def test_a_document_of_others_is_found_by_its_digital_link(visit):
    page = visit("hongkong")
    page.goto("/import")
    page.locator("input[type=file]").set_input_files(ROOT / "docs" / "examples" / "tomatoes.jsonld")
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("button", name="Take").click()
    expect(page.locator(".c-stat", has_text="Refused")).to_contain_text("0")

    page.goto("/home")
    page.locator("#id_q").fill("https://id.gs1.org/01/09521234000020/10/HYP-118")
    page.get_by_role("button", name="Find").click()

    expect(page.locator(".c-answer")).to_contain_text("HYP-118")
    chain = page.locator(".c-chain svg:visible").first
    for holder in ("示例番茄合作社", "示例包装厂"):
        expect(chain).to_contain_text(holder)
