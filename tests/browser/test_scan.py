"""The camera of a phone reads a code: real pictures through the real camera path."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, expect
from tests.browser.conftest import PHONE, sign_in
from tests.browser.product import PASSWORD, Product
from tools import features

WIDTH, HEIGHT, SIDE = 640, 480, 260


def qr(text: str) -> Image.Image:
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    return Image.fromarray(code.to_image(scale=8)).convert("L")


def film(path: Path, picture: Image.Image) -> None:
    """Write what a camera sees that is held before a picture: raw video (YUV4MPEG2), one second."""
    seen = Image.new("L", (WIDTH, HEIGHT), 170)
    seen.paste(picture.resize((SIDE, SIDE)), ((WIDTH - SIDE) // 2, (HEIGHT - SIDE) // 2))
    grey = bytes([128]) * (WIDTH * HEIGHT // 2)
    frame = b"FRAME\n" + seen.tobytes() + grey
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 10)


@pytest.fixture(scope="module")
def label(product: Product) -> str:
    """Return the trace code on a label of the demonstration week."""
    return product.code_of("JX-")


@pytest.fixture(scope="module")
def camera(
    playwright: Playwright, product: Product, label: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """Start a browser whose camera sees the label."""
    seen = tmp_path_factory.mktemp("camera") / "label.y4m"
    film(seen, qr(f"{product.address}/t/{label}"))
    browser = playwright.chromium.launch(
        executable_path=features.chromium(),
        args=[
            "--no-sandbox",
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={seen}",
        ],
    )
    yield browser
    browser.close()


@pytest.fixture
def stall(camera: Browser, product: Product) -> Iterator[Page]:
    context = camera.new_context(
        base_url=product.address, viewport=PHONE, locale="en-US", permissions=["camera"]
    )
    page = context.new_page()
    sign_in(page, "stall", PASSWORD)
    yield page
    context.close()


def test_a_label_before_the_camera_opens_what_it_names(stall, label):
    broken: list[str] = []
    stall.add_init_script(
        "document.addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective))"
    )
    stall.on("console", lambda one: broken.append(one.text) if "policy" in one.text else None)

    stall.goto("/scan")

    stall.wait_for_url(lambda url: "/scan" not in url.split("?")[0] or "code=" in url)
    expect(stall.get_by_role("main")).not_to_contain_text("not known")
    assert label in stall.url or label in stall.content()
    assert broken == []
