"""One crate of choy sum through a whole day, on phones, in Chinese: five kinds of people, every page they meet."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Playwright, StorageState, expect
from tests.browser.conftest import PATIENCE_MS, PHONE
from tests.browser.day_acts import CODE, FORM, SUBMIT, alert_of, bench, ticket_for
from tests.browser.day_people import Camera, Day, Person, gathered, photo
from tests.browser.product import Product
from tests.browser.test_shopper import SCAN_LIMIT_BYTES, weigh

INTERVAL_DAYS = 5
NEGATIVE = "T 线深于 C 线"

People = Callable[[str], Person]


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Camera:
    return Camera(tmp_path_factory.mktemp("camera") / "seen.y4m")


@pytest.fixture(scope="module")
def browser(playwright: Playwright, camera: Camera) -> Iterator[Browser]:
    """Start a browser whose camera sees what is held before it."""
    expect.set_options(timeout=PATIENCE_MS)
    with camera.browser(playwright) as chromium:
        yield chromium


@pytest.fixture(scope="module")
def day() -> Iterator[Day]:
    one = Day()
    yield one
    one.write()


@pytest.fixture(scope="module")
def people(
    browser: Browser, product: Product, signed_in: dict[str, StorageState], day: Day
) -> Iterator[People]:
    """Open one window a person, and keep it for the day."""
    with gathered(browser, product, signed_in, day, viewport=PHONE, locale="zh-CN") as person:
        yield person


@pytest.mark.requirement("S0-2.2-4")
def test_a_crop_begins_with_its_seed(people, day):
    grower = people("grower")
    with grower.story("开种植批次（含种子来源） · open a crop batch with its seed"):
        grower.tap("main .c-tasks a[href='/production/batches/new']", "/production/batches/new")
        grower.type("[name=product]", "菜心")
        grower.tap("label.c-chip:has-text('九号田')")
        grower.type("[name=area_mu]", "3")
        planted = f"{timezone.localdate() - timedelta(days=30)}"  # today is proposed
        grower.page.locator("[name=planted_on]").fill(planted)
        grower.type("[name=seed_name]", "")
        grower.tap(SUBMIT)
        expect(grower["[name=seed_name]:invalid"]).to_be_visible()  # not without a seed
        grower.type("[name=seed_name]", "四九菜心（演示）")
        grower.type("[name=variety]", "四九-19号")
        grower.type("[name=seed_supplier]", "南粤种业（演示）")
        grower.type("[name=seed_batch]", "ZZ-DEMO-27")
        grower.tap(SUBMIT, r"/production/batches/\d+$")
    day.known["batch"] = grower.page.url.rsplit("/", 1)[-1]
    expect(grower["main"]).to_contain_text("四九-19号")


@pytest.mark.requirement("S0-2.2-5")
def test_a_spray_is_logged_in_three_taps_and_bars_the_harvest(people, day):
    grower = people("grower")
    with grower.story("照模板记一次打药 · log a spray from a template", taps=3, also="照片 photo"):
        grower.tap("main .c-tasks a[href='/production/log']", "/production/log")
        grower.tap("main a.c-task:has-text('小菜蛾')", "template=")
        grower.photograph("input[type=file][name=photo]", photo())
        grower.picture("farm-log")
        grower.tap(SUBMIT, r"/production/batches/\d+$")
    assert grower.page.url.endswith(day.known["batch"])
    main = grower["main"]
    for shown in ("氯氰菊酯", "安全间隔期 5 天", "PD20090000"):
        expect(main).to_contain_text(shown)
    expect(grower["main img[src*='/documents/']"]).to_be_visible()

    allowed = f"{timezone.localdate() + timedelta(days=INTERVAL_DAYS)}"
    expect(main).to_contain_text(allowed)
    grower.tap(f"main a[href$='/{day.known['batch']}/harvest']", "/harvest$")
    grower.type("[name=quantity]", "20")
    grower.tap(SUBMIT)
    expect(grower["main form [data-refusal], main form .c-field__error"]).to_contain_text(allowed)
    expect(grower["[name=quantity]"]).to_have_value("20")
    grower.hear("422", "409")


@pytest.mark.requirement("S0-0-5")
def test_work_without_a_network_keeps_its_time_and_arrives_later(people, day):
    grower = people("grower")
    batch = day.known["batch"]
    with grower.story("没网时记一次打药 · log a spray without a network", taps=3, also="照片 photo"):
        grower.tap("main .c-tasks a[href='/production/log']", "/production/log")
        address = grower["main a.c-task:has-text('小菜蛾')"].get_attribute("href")
        grower.tap("main a.c-task:has-text('小菜蛾')", "template=")
        kept = [f"/production/log{address}", "/pending"]
        grower.page.wait_for_function(
            "async wanted => { const names = await caches.keys();"
            " const all = await Promise.all(names.map(async n => (await (await caches.open(n)).keys())));"
            " return wanted.every(one => all.flat().some(kept => kept.url.endsWith(one))) }",
            arg=kept,
        )
        then = timezone.now() - timedelta(minutes=95)
        grower.page.clock.set_fixed_time(then)
        grower.page.reload()
        grower.page.context.set_offline(True)
        grower.type("[name=quantity_0]", "0.6")
        grower.photograph("input[type=file][name=photo]", photo())
        grower.tap(SUBMIT)
        expect(grower["[data-kept-note]"]).to_be_visible()
    grower.page.clock.set_fixed_time(timezone.now())
    grower.page.context.set_offline(False)
    grower.go("/pending")
    expect(grower["[data-state=accepted]:not([hidden])"]).to_be_visible()
    grower.go(f"/production/batches/{batch}")
    expect(grower["main"]).to_contain_text(f"{timezone.localtime(then):%Y-%m-%d %H:%M}")
    grower.hear("ERR_INTERNET_DISCONNECTED", "Failed to fetch")


@pytest.mark.requirement("S2-4.2.4-1")
@pytest.mark.requirement("S0-2.2-6")
@pytest.mark.requirement("S0-2.2-7")
def test_a_harvest_is_tested_promised_and_only_then_sent(people, day, product):
    grower = people("grower")
    number = f"ZS-{timezone.now():%H%M%S}"
    with grower.story("采收成批 · harvest: a lot is made"):
        grower.tap("main .c-tasks a[href='/production/batches']", "/production/batches$")
        grower.tap("main tr:has-text('七号田') a[href$='/harvest']", "/harvest$")
        grower.type("[name=quantity]", "200")
        grower.page.locator("[name=number]").fill(number)  # a number is proposed; ours is found again
        grower.tap(SUBMIT, r"/production/harvests/\d+$")
    day.known |= {"number": number, "lot": product.code_of(number), "harvest": grower.page.url}
    lot = day.known["lot"]

    grower.home()
    grower.tap("main .c-tasks a[href='/trade/dispatch']", "/trade/dispatch")
    waits = grower.page.locator(".t-good--no", has_text=number)
    expect(waits).to_contain_text("待自检")
    sent = grower.page.evaluate(
        "Object.fromEntries(new FormData(document.querySelector('main form.t-sell')).entries())"
    )
    refusal = grower.page.request.post(
        grower.page.url, form={**sent, f"quantity_{lot}": "90"}, headers={"Referer": grower.page.url}
    )
    assert refusal.status in {409, 422}
    assert "自检" in refusal.text()

    grower.home()
    with grower.story("录入自检 · enter the self-test", also="照片 photo"):
        grower.tap(f"main a[href='/lots/{lot}/self-test']", "/self-test")
        grower.choose("[name=line_0]", NEGATIVE)
        grower.photograph("input[type=file][name=photo]", photo())
        grower.tap(FORM, f"/lots/{lot}|/harvests/")
    with grower.story("开承诺达标合格证并出标签 · certificate and label, two codes in one"):
        grower.page.goto(day.known["harvest"])
        grower.tap(f"main a[href='/lots/{lot}/certificate']", "/certificate")
        if grower.page.locator("[name=bases]:checked").count() == 0:
            grower.tap("[name=bases] >> nth=0")
        grower.type("[name=signature]", "林青禾")
        grower.tap(FORM, "/labels|/certificates/")
    grower.go(f"/lots/{lot}/labels")
    for output, start in (("pdf", b"%PDF"), ("zpl", b"^XA")):
        answer = grower.page.request.get(f"/lots/{lot}/label-certificate.{output}")
        assert answer.body().lstrip().startswith(start)

    grower.home()
    with grower.story("发往配送中心 · dispatch to the centre"):
        grower.tap("main .c-tasks a[href='/trade/dispatch']", "/trade/dispatch")
        grower.tap("label.c-chip:has-text('配送中心')")
        grower.type(f"[name=quantity_{lot}]", "150")
        grower.type("[name=plate]", "粤A·演示07")
        grower.tap(SUBMIT, rf"/trade/tickets/{CODE}")
    day.known["dispatch"] = grower.page.url.rsplit("/", 1)[-1]

    grower.go(f"/lots/{lot}?view=production")
    for shown in ("重金属", "绿芽蔬菜基地", "有机肥", "小菜蛾", f"{timezone.localdate()}", "刀具割收"):
        expect(grower["main"]).to_contain_text(shown)
    grower.hear("422", "409")


@pytest.mark.requirement("S0-2.2-8")
def test_the_centre_scans_and_the_goods_wait_for_the_laboratory(people, day, product, camera):
    centre, lot = people("centre"), day.known["lot"]
    camera.see(f"{product.address}/t/{day.known['dispatch']}")
    with centre.story(
        "配送中心扫码收货 · centre receives a scanned ticket", taps=2, seconds=10, also="扫码 scan"
    ):
        centre.tap("main .c-tasks a[href='/scan']", "/receive$")
        centre.tap(SUBMIT, "/trade/purchases/")

    centre.home()
    centre.tap("main .c-tasks a[href='/trade/sell']", "/trade/sell")
    expect(centre.page.locator(".t-good--no", has_text=day.known["number"])).to_be_visible()
    assert centre.page.locator(f"[name=quantity_{lot}]").count() == 0
    assert centre.page.request.get(f"/lots/{lot}/label-basket.pdf", max_redirects=0).status != 200
    centre.home()
    with centre.story("送检 · request a test"):
        centre.tap(f"main a[href='/lots/{lot}/request-test']", "/request-test")
        centre.tap(FORM, r"/samples/\d+$")


@pytest.mark.requirement("S0-2.2-8")
@pytest.mark.requirement("S0-2.2-9")
def test_the_laboratory_signs_and_the_goods_are_free_with_their_label(people, day):
    lab, lot = people("lab"), day.known["lot"]
    with lab.story("实验室：收样、快检、结果、签发 · accept, quick test, results, sign"):
        places = bench(
            lab, f"YP-{day.known['number']}", "毒死蜱", "0.004", negative=NEGATIVE, picture="sample"
        )
    assert places == ["内地", "香港", "澳门"]
    expect(lab["main"]).to_contain_text("合格")
    lab.tap("main a[href^='/reports/']", r"/reports/\d+$")
    expect(lab["main"]).to_contain_text(re.compile("[0-9a-f]{64}"))

    centre = people("centre")
    centre.go(f"/lots/{lot}/labels")
    assert centre.page.request.get(f"/lots/{lot}/label-basket.pdf").body().startswith(b"%PDF")


@pytest.mark.requirement("S1-4.3.3-2")
@pytest.mark.requirement("S1-4.3.4-2")
def test_tickets_go_from_hand_to_hand(people, day, product, camera):
    centre, qiang, stall, lot = people("centre"), people("qiang"), people("stall"), day.known["lot"]
    with centre.story("向熟客开单 · sell to a known buyer (centre)", taps=3, also="重量 weight"):
        first = ticket_for(centre, lot, "阿强", "200")
    expect(centre["img.t-voucher__code"]).to_be_visible()
    assert centre.page.request.get(f"/trade/tickets/{first}/paper/80mm.pdf").body().startswith(b"%PDF")

    camera.see(f"{product.address}/t/{first}")
    with qiang.story(
        "批发商扫码收货 · wholesaler receives a scanned ticket", taps=2, seconds=10, also="扫码 scan"
    ):
        qiang.tap("main .c-tasks a[href='/scan']", "/receive$")
        qiang.tap(SUBMIT, "/trade/purchases/")
    qiang.go(f"/trade/tickets/{first}/receive")  # scanned again: nothing twice
    expect(qiang["main"]).to_contain_text("没有重复")

    qiang.home()
    with qiang.story("向熟客开单 · sell to a known buyer (wholesaler)", taps=3, also="重量 weight"):
        second = ticket_for(qiang, lot, "陈姐", "80", picture="sell")
    qiang.picture("ticket")
    qiang.home()
    third = ticket_for(qiang, lot, "陈姐", "20")

    camera.see(f"{product.address}/t/{second}")
    with stall.story(
        "零售档扫码收货 · stall receives a scanned ticket", taps=2, seconds=10, also="扫码 scan"
    ):
        stall.tap("main .c-tasks a[href='/scan']", "/receive$")
        stall.picture("receive")
        stall.tap(SUBMIT, "/trade/purchases/")
    expect(stall["main"]).to_contain_text("菜心")

    camera.see(f"{product.address}/t/{third}")
    stall.home()
    with stall.story("收货时数量有争议 · dispute a quantity", also="扫码 scan"):
        stall.tap("main .c-tasks a[href='/scan']", "/receive$")
        stall.tap("main details.t-more summary")
        stall.type("[name^=received_]", "8")
        stall.choose("[name^=reason_]", "实收比票面少")
        stall.tap(SUBMIT, f"/trade/tickets/{third}$")
    expect(stall["main"]).to_contain_text("有争议")
    qiang.home()
    with qiang.story("处理争议 · settle a dispute"):
        qiang.tap("main a.c-work__item[href*='status=disputed']", "status=disputed")
        qiang.tap(f"main a[href='/trade/tickets/{third}']", f"/trade/tickets/{third}$")
        qiang.tap("button[name=outcome][value=taken-back]")
        expect(qiang["button[name=outcome]"]).to_have_count(0)
    stall.page.reload()
    expect(stall["main"]).not_to_contain_text("有争议")

    stall.home()
    with stall.story("零售一笔（手记） · record a retail sale by hand", also="重量 weight"):
        stall.tap("main .c-tasks a[href='/trade/retail']", "/trade/retail")
        stall.type(f"[name=quantity_{lot}]", "3")
        stall.tap(SUBMIT, rf"/trade/tickets/{CODE}$")
    day.known["retail"] = stall.page.url.rsplit("/", 1)[-1]


@pytest.mark.requirement("S1-4.4.1-1")
@pytest.mark.requirement("S1-4.3.4-1")
@pytest.mark.requirement("S0-2.2-14")
def test_a_shopper_sees_who_sold_it_and_where_it_comes_from(people, day, visit):
    shopper, lot = people(""), day.known["lot"]
    assert sum(weigh(visit(), f"/t/{day.known['retail']}").values()) < SCAN_LIMIT_BYTES
    with shopper.story("顾客扫小票 · consumer scan to the answer", taps=0, also="扫码 scan"):
        shopper.go(f"/t/{day.known['retail']}")
        expect(shopper[".c-answer__state"]).to_be_in_viewport()
    shopper.picture("ticket-public")
    main = shopper["main"]
    for shown in ("陈姐菜档", "8", f"{timezone.localdate()}", "元", "菜心", "增城", "幸福街市"):
        expect(main).to_contain_text(shown)
    expect(main).to_contain_text(re.compile(r"3\s*斤"))
    expect(main).to_contain_text(re.compile("91[0-9A-Z]{16}"))
    with shopper.story("顾客看从田头来的路 · its way from the field"):
        shopper.tap(f"main a[href='/t/{lot}']", f"/t/{lot}$")
    for block in ("#product", "#growth", "#tests", "#live"):
        expect(shopper[block]).to_be_visible()
    for shown in ("四九", "小菜蛾", "毒死蜱", "CMA", "SHA-256", "阿强蔬菜行"):
        expect(shopper["main"]).to_contain_text(shown)
    expect(shopper["#live .c-gap"]).to_be_visible()  # nothing watches this field, and the page says so
    shopper.tap("main a[href*='/verify?record=']", "/verify")
    marks = shopper.page.locator("[data-steps] [data-mark]")
    expect(marks.first).to_have_text("✓")
    assert "✗" not in marks.all_inner_texts()


@pytest.mark.requirement("S2-4.1.1-3")
@pytest.mark.requirement("S1-4.4-4")
def test_a_failed_sample_becomes_an_alert_and_one_decision_a_recall(people, day):
    city, lot, number = people("city"), day.known["lot"], day.known["number"]
    with city.story("监管抽检 · an official takes a sample"):
        city.type("#id_q", lot)
        city.tap("main form[role=search] button", f"/lots/{lot}")
        city.tap(f"main a[href='/lots/{lot}/sample']", "/sample$")
        city.choose("[name=holder]", "陈姐")
        city.type("[name=quantity]", "1")
        city.tap(FORM, r"/samples/\d+$")
    lab = people("lab")
    bench(lab, f"CJ-{number}", "毒死蜱", "0.081")
    expect(lab["main"]).to_contain_text("不合格")

    city = people("city")
    alert_of(city, number)
    with city.story("从预警到全链条与人 · from the alert to the chain and its people", taps=2):
        city.tap(f"main tr:has-text('{number}') a[href^='/alerts/']", r"/alerts/\d+$")
        holders = city.page.locator("main table").first
        for name in ("绿芽", "湾区配送中心", "阿强", "陈姐"):
            row = holders.locator("tbody tr", has_text=name)
            expect(row.locator("a[href^='tel:']")).to_have_count(1)
        expect(city["main"]).to_contain_text("毒死蜱检出 0.081 mg/kg（限量：内地 ≤0.02）")
        city.picture("alert")
        alert = city.page.url
        city.tap(f"main a[href^='/lots/{lot}?view=circulation']", "view=circulation")
    expect(city[".c-chain svg:visible"]).to_be_visible()

    city.home()
    with city.story("一次决定：全部封存并召回 · one decision holds every kilo"):
        city.tap(f"main tr:has-text('{number}') a[href^='/alerts/']", r"/alerts/\d+$")
        assert city.page.url == alert
        city.tap("main a[href*='/supervision/decide/']", "/supervision/decide/")
        city.tap("main form.c-record button.c-btn--danger", "/supervision/recalls/")
    day.known["recall"] = city.page.url
    shopper = people("")
    with shopper.story("召回后顾客页面改变 · the shopper's page turns", seconds=1):
        shopper.go(f"/t/{day.known['retail']}")
        expect(shopper[".c-answer__state"]).to_contain_text("正在召回")
    shopper.picture("ticket-recalled")
    shopper.go(f"/t/{lot}")
    expect(shopper[".c-answer__state"]).to_contain_text("正在召回")
    stall = people("stall")
    stall.tap("main .c-tasks a[href='/trade/sell']", "/trade/sell")
    expect(stall.page.locator(".t-good--no", has_text=number)).to_be_visible()


@pytest.mark.requirement("S2-4.1.1-3")
def test_holders_answer_and_the_bar_moves_until_the_report_is_closed(people, day):
    city, stall = people("city"), people("stall")
    city.go(day.known["recall"])
    recovered = city["#rc-recovered-KGM"]
    expect(recovered).to_have_attribute("width", re.compile(r"^0(\.0+)?$"))
    with stall.story("回应召回通知 · a holder answers a notice", also="数量 quantities"):
        stall.tap("main a.c-work__item[href='/notices']", "/notices$")
        stall.tap(f"main tr:has-text('{day.known['number']}') a", r"/notices/\d+$")
        stall.tap("main form[action$='/confirm'] button")
        expect(stall["main form[action$='/confirm']"]).to_have_count(0)
        stall.type("[name^=destroyed_]", "30")
        stall.type("[name^=taken_back_]", "0.5")
        stall.tap(FORM)
        expect(stall["main"]).to_contain_text(re.compile(r"30\s*kg"))
    expect(recovered).to_have_attribute("width", re.compile("[1-9]"))  # moves by itself
    expect(city["#rc-progress"]).to_contain_text(re.compile(r"30\s*kg"))

    city.page.reload()
    city.picture("board")
    city.type("main form[action$='/close'] textarea", "其余数量仍封存于各持有人处，另案处理（演示）")
    with city.story("结案并出报告 · close with the report"):
        city.tap("main form[action$='/close'] button")
        expect(city["main a[href^='/documents/']"]).to_be_visible()
    paper = city.page.request.get(city["main a[href^='/documents/']"].get_attribute("href"))
    assert paper.body().startswith(b"%PDF")
    stall.go("/recalls")
    expect(stall["main"]).to_contain_text("菜心")


def test_every_page_of_the_day_was_sound(people, day):
    for username in ("grower", "centre", "lab", "qiang", "stall", "city", ""):
        people(username).hear()
    assert day.faults == []
    assert day.complaints == []
