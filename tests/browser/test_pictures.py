"""The pictures in the README and docs: taken at every run, kept with CAILAN_SCREENSHOTS=1, never too heavy.

Those of the day (farm-log, sample, sell, receive, ticket, alert, board …) are taken by test_day.py as it goes.
"""

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from tests.browser.conftest import Visit
from tests.browser.product import ROOT, Product
from tests.browser.test_imports import hundred_rows

SCREENSHOTS = ROOT / "docs" / "screenshots"
SCREENS = {"": {"width": 390, "height": 1100}, "-desk": {"width": 1440, "height": 1000}}
LIMIT_BYTES = 200_000

Scene = Callable[[Visit, Product, dict[str, int]], Page]


def front(visit: Visit, product: Product, screen: dict[str, int]) -> Page:
    page = visit(viewport=screen, locale="zh-CN")
    page.goto("/")
    return page


def sign_in(visit: Visit, product: Product, screen: dict[str, int]) -> Page:
    page = visit(viewport=screen, locale="zh-CN")
    page.goto("/account/sign-in")
    return page


def home(visit: Visit, product: Product, screen: dict[str, int]) -> Page:
    return visit("stall", viewport=screen, locale="zh-CN")


def stock(visit: Visit, product: Product, screen: dict[str, int]) -> Page:
    page = visit("stall", viewport=screen, locale="zh-CN")
    page.goto("/trade/stock")
    return page


def lot(visit: Visit, product: Product, screen: dict[str, int]) -> Page:
    page = visit("stall", viewport=screen, locale="zh-CN")
    page.goto(f"/lots/{product.code_of('JX-')}")
    if screen["width"] < 640:  # on a phone the answer alone fills the screen
        page.evaluate(
            "scrollTo({top: document.querySelector('.c-tabs').offsetTop - 72, behavior: 'instant'})"
        )
    return page


def scan(visit: Visit, product: Product, screen: dict[str, int]) -> Page:
    page = visit(viewport=screen, locale="zh-CN")
    page.goto(f"/t/{product.code_of('JX-')}")
    return page


def scan_held(visit: Visit, product: Product, screen: dict[str, int]) -> Page:
    page = visit(viewport=screen, locale="zh-CN")
    page.goto(f"/t/{product.code_of('7B-')}")
    return page


def imported(visit: Visit, product: Product, screen: dict[str, int]) -> Page:
    page = visit("hongkong", viewport=screen, locale="zh-CN")
    page.goto("/import")
    page.locator("input[type=file]").set_input_files(
        {"name": "进货台账.csv", "mimeType": "text/csv", "buffer": hundred_rows("S").encode()}
    )
    page.locator("main form button[type=submit], main form button:not([type])").first.click()
    expect(page.locator("main tbody tr")).to_have_count(2)
    return page


def verify(visit: Visit, product: Product, screen: dict[str, int]) -> Page:
    page = visit("grower", viewport=screen, locale="zh-CN")
    page.goto(f"/lots/{product.code_of('7-')}?view=supervision")
    page.locator("a[href*='/verify?record=']").last.click()
    expect(page.locator("[data-where]")).to_contain_text("浏览器")
    return page


def regulator(visit: Visit, product: Product, screen: dict[str, int]) -> Page:
    return visit("district", viewport=screen, locale="zh-CN")


def recall(visit: Visit, product: Product, screen: dict[str, int]) -> Page:
    page = visit("district", viewport=screen, locale="zh-CN")
    page.goto(f"/lots/{product.code_of('7B-')}/scope")
    return page


SCENES: dict[str, Scene] = {
    "front": front,
    "sign-in": sign_in,
    "home": home,
    "stock": stock,
    "lot": lot,
    "scan": scan,
    "scan-held": scan_held,
    "import": imported,
    "verify": verify,
    "regulator": regulator,
    "recall": recall,
}


def light(picture: bytes) -> bytes:
    """Return the picture in 256 colours, chosen for nearness, not frequency: a badge has few red pixels."""
    whole, out = Image.open(io.BytesIO(picture)).convert("RGB"), io.BytesIO()
    few = whole.quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=4, dither=Image.Dither.NONE)
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


@pytest.mark.parametrize("suffix", SCREENS)
@pytest.mark.parametrize("name", SCENES)
def test_picture(visit, product, tmp_path, name, suffix):
    screen = SCREENS[suffix]
    page = SCENES[name](visit, product, screen)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.activeElement && document.activeElement.blur()")
    folder: Path = SCREENSHOTS if os.environ.get("CAILAN_SCREENSHOTS") == "1" else tmp_path
    folder.mkdir(exist_ok=True)

    path = folder / f"{name}{suffix}.png"
    path.write_bytes(light(page.screenshot(animations="disabled")))

    assert path.stat().st_size < LIMIT_BYTES
    with Image.open(path) as kept:
        assert kept.size == (screen["width"], screen["height"])
    assert page.locator("html").get_attribute("lang") == "zh-hans"
