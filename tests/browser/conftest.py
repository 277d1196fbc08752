"""One product and one browser for all stories; every visitor has a window of their own."""

import contextlib
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, StorageState, expect, sync_playwright
from tests.browser.product import PASSWORD, Product, running
from tools import features

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
PATIENCE_MS = 15_000

Visit = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """A real Cailan with the demonstration week."""
    with running("--demo") as one:
        yield one


# Not for the whole session: its event loop would make Django refuse its database to the tests that follow.
@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as one:
        yield one


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    chromium = playwright.chromium.launch(executable_path=features.chromium(), args=["--no-sandbox"])
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def signed_in() -> dict[str, StorageState]:
    """The cookies of those who signed in before: a password is checked slowly on purpose."""
    return {}


@pytest.fixture
def visit(browser: Browser, product: Product, signed_in: dict[str, StorageState]) -> Iterator[Visit]:
    """Open a window, as nobody or signed in as somebody: visit("stall", viewport=DESK, …)."""
    with visiting(browser, product, signed_in) as open_window:
        yield open_window


@contextlib.contextmanager
def visiting(browser: Browser, product: Product, signed_in: dict[str, StorageState]) -> Iterator[Visit]:
    """Open windows of one browser, and close them at the end."""
    contexts = []

    def open_window(username: str = "", *, password: str = PASSWORD, **options) -> Page:
        defaults = {
            "base_url": product.address,
            "viewport": PHONE,
            "locale": "en-US",
            "storage_state": signed_in.get(username),
        }
        context = browser.new_context(**{**defaults, **options})
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        if username in signed_in:
            page.goto("/home")
        elif username:
            sign_in(page, username, password)
            signed_in[username] = context.storage_state()
        return page

    yield open_window
    for context in contexts:
        context.close()


def sign_in(page: Page, username: str, password: str) -> None:
    page.goto("/account/sign-in")
    page.locator("#id_username").fill(username)
    page.locator("#id_password").fill(password)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
