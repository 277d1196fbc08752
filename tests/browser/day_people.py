"""People with a phone or at a desk: what they tap and type, how long it takes, whether their pages are sound."""

import io
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, Playwright, StorageState
from tests.browser.conftest import visiting
from tests.browser.product import ROOT, Product
from tests.browser.test_every_page import kind_of, listen, unreadable
from tests.browser.test_pictures import LIMIT_BYTES, SCREENS, SCREENSHOTS, light
from tests.browser.test_scan import film, qr
from tools import features

EFFORT = ROOT / "docs" / "effort.md"
PERSON_TAP_SECONDS, PERSON_KEY_SECONDS = 1.2, 0.28  # of a practised hand (keystroke-level model)
HEAD = """# Effort · 要花多少工夫

What a story costs whoever does it, counted from the portal's home page by `tests/browser/test_day.py`, which plays the
whole day on a phone of 390 × 844 pixels. 下表由该测试在 390 × 844 的手机页面上实测，从门户首页算起。

A tap is every touch that is not typing: a link, a button, a chip, a choice in a list. A photo or a scan is named, not
counted. *Machine* is the time in which the script did it, the page's answers included; *person* adds 1.2 s for each tap
and 0.28 s for each character typed (keystroke-level model). 点按：除打字外的每一次触碰；拍照、扫码另列不计。“机器”是
脚本完成的用时（含页面响应）；“人”另加每次点按 1.2 秒、每个字符 0.28 秒（按键级模型估算）。
Taps are asserted at every run, seconds are only written down. 点按数每次测试都断言，秒数只记录。

| Story · 场景 | Budget · 预算 | Taps · 点按 | Typed · 字符 | Also · 另需 | Machine · 机器 | Person · 人 | Met · 达标 |
|---|---|---:|---:|---|---:|---:|---|
"""
TAIL = """
Budgets are those that the product was designed to; a dash means that none was set. Not in the table: what a shopper on
slow 3G sees first and what the page weighs (`tests/browser/test_first_content.py`). Not met: a retail sale paid by QR
code still costs the merchant two taps and the weight, for no payment service is connected.
预算即产品设计时定下的目标，“–”表示未设。未列入：顾客在慢速 3G 下的首屏与页面大小（见 `test_first_content.py`）。
未达标：扫码付款的零售仍需商户点两下并输入重量，因为尚未接入支付服务。

Written with · 更新方法:`CAILAN_EFFORT=1 .venv/bin/python -m pytest tests/browser/test_day.py`
"""


@dataclass
class Story:
    """One thing that somebody wants done, and what it cost."""

    name: str
    most_taps: int | None = None
    most_seconds: int | None = None
    also: str = ""
    taps: int = 0
    typed: int = 0
    seconds: float = 0.0

    @property
    def person_seconds(self) -> float:
        return self.seconds + self.taps * PERSON_TAP_SECONDS + self.typed * PERSON_KEY_SECONDS

    def row(self) -> str:
        taps = "" if self.most_taps is None else f"≤ {self.most_taps} taps"
        seconds = "" if self.most_seconds is None else f"≤ {self.most_seconds} s"
        budget = ", ".join(filter(None, (taps, seconds)))
        is_met = (self.most_taps is None or self.taps <= self.most_taps) and (
            self.most_seconds is None or self.person_seconds <= self.most_seconds
        )
        met = ("yes · 是" if is_met else "no · 否") if budget else "–"
        return (
            f"| {self.name} | {budget or '–'} | {self.taps} | {self.typed} | {self.also or '–'} "
            f"| {self.seconds:.1f} s | {self.person_seconds:.1f} s | {met} |"
        )


@dataclass
class Day:
    """What is known of the day so far, and what was found wrong on its way."""

    stories: list[Story] = field(default_factory=list)
    read: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)

    def write(self) -> None:
        """Write the effort down where that is asked for: a plain run leaves the tree as it is."""
        if os.environ.get("CAILAN_EFFORT") == "1":
            EFFORT.write_text(
                HEAD + "\n".join(one.row() for one in self.stories) + "\n" + TAIL, encoding="utf-8"
            )


class Person:
    """Somebody before a page; every page that is new to the day is examined while the watch stands still."""

    def __init__(self, page: Page, day: Day) -> None:
        self.page, self.day = page, day
        self.taps = self.typed = 0
        self.stood_still = 0.0
        self._complaints = listen(page)

    def __getitem__(self, selector: str) -> Locator:
        return self.page.locator(selector).first

    def home(self) -> None:
        self.go("/home")

    def go(self, address: str) -> None:
        """Open a page by its address, as a bookmark or a scanner of the phone does."""
        self.page.goto(address)
        self.look()

    def tap(self, what: str | Locator, to: str = "") -> None:
        """Tap on something; `to` is where that leads."""
        (self[what] if isinstance(what, str) else what).click()
        self.taps += 1
        if to:
            self.arrive(to)

    def arrive(self, to: str) -> None:
        self.page.wait_for_url(re.compile(to))
        self.look()

    def type(self, what: str | Locator, text: str) -> None:
        (self[what] if isinstance(what, str) else what).fill(text)
        self.typed += len(text)

    def choose(self, what: str | Locator, text: str) -> None:
        """Choose from a list what begins with a text."""
        choice = self[what] if isinstance(what, str) else what
        choice.select_option(
            choice.locator("option", has_text=re.compile(f"^{text}")).first.get_attribute("value")
        )
        self.taps += 1

    def photograph(self, what: str, picture: bytes) -> None:
        self[what].set_input_files({"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": picture})

    def look(self) -> None:
        """Examine the page that stands open, once for each kind of page and width."""
        began = time.monotonic()
        self.page.wait_for_load_state()
        width = self.page.viewport_size["width"]
        address = re.sub(r"^https?://[^/]+|#.*$", "", self.page.url)
        seen = f"{width} {kind_of(address)}"
        if seen not in self.day.read:
            self.day.read.add(seen)
            wide = self.page.evaluate("document.scrollingElement.scrollWidth")
            self.day.faults += [f"{address}: {wide} px wide on {width}"] if wide > width else []
            self.day.faults += unreadable(self.page, address)
        self.stood_still += time.monotonic() - began

    def picture(self, name: str) -> None:
        """Take the page that stands open for the README, at phone and desk, and go on as before."""
        began, before = time.monotonic(), self.page.viewport_size
        for suffix, screen in SCREENS.items():
            self.page.set_viewport_size(screen)
            self.page.wait_for_load_state("networkidle")
            taken = light(self.page.screenshot(animations="disabled"))
            assert len(taken) < LIMIT_BYTES, f"{name}{suffix}"
            if os.environ.get("CAILAN_SCREENSHOTS") == "1":
                (SCREENSHOTS / f"{name}{suffix}.png").write_bytes(taken)
        self.page.set_viewport_size(before)
        self.stood_still += time.monotonic() - began

    def hear(self, *expected: str) -> None:
        """Hand over what the browser complained of, but for what this story means to provoke."""
        self.day.complaints += [one for one in self._complaints if not any(word in one for word in expected)]
        self._complaints.clear()

    @contextmanager
    def story(
        self, name: str, *, taps: int | None = None, seconds: int | None = None, also: str = ""
    ) -> Iterator[Story]:
        """Count what is done inside; more taps than the budget are a fault."""
        told = Story(name, taps, seconds, also)
        before = (self.taps, self.typed, self.stood_still, time.monotonic())
        yield told
        told.taps, told.typed = self.taps - before[0], self.typed - before[1]
        told.seconds = time.monotonic() - before[3] - (self.stood_still - before[2])
        self.day.stories.append(told)
        assert taps is None or told.taps <= taps, f"{name}: {told.taps} taps, {taps} are allowed"


@contextmanager
def gathered(
    browser: Browser, product: Product, signed_in: dict[str, StorageState], day: Day, **screen: Any
) -> Iterator[Callable[[str], Person]]:
    """Open one window a person, keep it for the day, and begin each visit on the home page."""
    known: dict[str, Person] = {}
    with visiting(browser, product, signed_in) as open_window:

        def person(username: str) -> Person:
            if username not in known:
                known[username] = Person(open_window(username, permissions=["camera"], **screen), day)
            if username:
                known[username].home()
            return known[username]

        yield person
        for one in known.values():
            one.hear()


class Camera:
    """What the cameras of all phones of a browser see: a file that is changed before each scan."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.see("nothing")

    def see(self, text: str) -> None:
        film(self.path, qr(text))

    def browser(self, playwright: Playwright) -> Browser:
        return playwright.chromium.launch(
            executable_path=features.chromium(),
            args=[
                "--no-sandbox",
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-video-capture={self.path}",
            ],
        )


def photo() -> bytes:
    """Return a picture as large as a phone takes it."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((2400, 1800)).convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()
