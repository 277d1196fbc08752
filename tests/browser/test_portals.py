"""Everybody comes in by their own door and sees their own work."""

import re

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import sign_in
from tests.browser.product import PASSWORD

PORTALS = {
    "grower": ("Production", "Log farm work"),
    "plant": ("Production", "Dispatch"),
    "centre": ("Circulation", "Scan to receive"),
    "qiang": ("Merchant", "Scan to receive"),
    "stall": ("Merchant", "Scan to receive"),
    "street": ("Market", "Alerts"),
    "lab": ("Laboratory", "Samples"),
    "hongkong": ("Circulation", "Scan to receive"),
    "city": ("Regulator", "Alerts"),
    "district": ("Regulator", "Alerts"),
    "operator": ("Operator", "Decide registrations"),
}


@pytest.mark.parametrize("username", PORTALS)
def test_each_demonstration_account_lands_in_its_own_portal(visit, username):
    portal, first_task = PORTALS[username]
    page = visit()

    sign_in(page, username, PASSWORD)

    expect(page).to_have_title(re.compile(portal))
    expect(page.locator("main .c-task").first).to_contain_text(first_task)


@pytest.mark.requirement("S1-4.1-1")
def test_nobody_opens_the_portal_or_the_data_of_another(visit, product):
    """Market, merchant, regulator and the public: own portal 200, all others refused; others' lots not found."""
    own = {"street": "/market/", "stall": "/merchant/", "city": "/regulator/"}
    pork = product.code_of("W-")  # went from the pig farm to the meat stall, never near this one

    for username, home in own.items():
        page = visit(username)
        assert page.url.endswith(home)
        for other in ("/market/", "/merchant/", "/regulator/", "/producer/", "/operator/"):
            assert page.goto(other).status == (200 if other == home else 403), (username, other)
    stall = visit("stall")
    assert stall.goto(f"/lots/{pork}").status == 404
    expect(stall.get_by_role("heading", level=1)).to_be_visible()
    nobody = visit()
    nobody.goto("/merchant/")
    expect(nobody).to_have_url(re.compile("/account/sign-in"))
    assert nobody.goto(f"/t/{pork}").status == 200


def test_the_language_changes_and_the_page_stays(visit):
    page = visit("stall", locale="zh-CN")
    page.goto("/stock?text=7-")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")

    page.locator(".c-menu--language summary").click()
    page.get_by_role("button", name="English").click()

    expect(page).to_have_url(re.compile(r"/stock\?text=7-$"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", name="Stock", level=1)).to_be_visible()
    page.locator(".c-menu--language summary").click()
    page.get_by_role("button", name="简体中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")


def test_a_base_registers_is_approved_and_signs_in_to_its_own_portal(visit):
    newcomer = visit()
    newcomer.goto("/")
    newcomer.get_by_role("link", name="Register your organisation").click()
    newcomer.get_by_role("link", name="Production base").click()
    answers = {
        "Name as on": "晨露蔬菜合作社",
        "Number": "91440118MA9DEM992A",
        "Legal person": "方晨露",
        "Address": "派潭镇1号",
        "Contact person": "方晨露",
        "Phone": "13800009999",
        "User name": "dew",
        "Password": "Clear-morning-26",
    }
    for label, answer in answers.items():
        newcomer.get_by_label(label, exact=label in {"Number", "Legal person"}).fill(answer)
    newcomer.locator("#id_legal_id_number").fill("440101190001018880")
    for level, place in enumerate(("Guangdong", "Guangzhou", "Zengcheng")):  # each choice brings the next
        newcomer.locator("select[name=region]").nth(level).select_option(label=place)
        expect(newcomer.locator("select[name=region]")).to_have_count(level + 2)
        expect(newcomer.locator(".htmx-added, .htmx-settling")).to_have_count(0)
    newcomer.get_by_role("button", name="Register").click()
    expect(newcomer.get_by_role("heading", level=1)).to_contain_text("has arrived")

    operator = visit("operator")
    operator.get_by_role("main").get_by_role("link", name="晨露蔬菜合作社").click()
    operator.get_by_role("button", name="Approve").click()
    expect(operator.get_by_role("status").first).to_be_visible()

    grower = visit("dew", password="Clear-morning-26")
    expect(grower).to_have_url(re.compile("/producer/$"))
    expect(grower.get_by_role("heading", level=1)).to_contain_text("晨露蔬菜合作社")
