"""Labels: read back as a printer burns them."""

import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageFilter

from cailan.labels import queries
from cailan.labels.queries.codes import modules_of
from cailan.labels.queries.papers import compile_paper
from cailan.labels.queries.prints import LabelTooFull, _measure, as_paper
from cailan.labels.rules import LabelContent, zebra
from cailan.labels.rules.layout import arrange, wrap
from cailan.labels.tests.factories import codes_in, picture_of, sizes_of, text_of

URL = "https://trace.example.org/t/261120SE46594GXP6AD6T"
SHORT = LabelContent(
    "菜心", (("净重", "5 斤"), ("产地", "广州增城")), URL, "261120SE46594GXP6AD6T", ("检测合格", "绿色食品")
)
PROMISE = LabelContent(
    "承诺达标合格证",
    (
        ("", "我承诺对生产销售的食用农产品：不使用禁用农药兽药，常规农药兽药残留不超标，对承诺的真实性负责"),
        ("产品", "菜心"),
        ("数量", "1000 千克"),
        ("产地", "广东省广州市增城区石滩镇沙头村"),
        ("生产者", "增城绿源蔬菜专业合作社"),
        ("联系方式", "138****2231"),
        ("日期", "2026-11-20"),
    ),
    URL,
    "261120SE46594GXP6AD6T",
    ("自我检测",),
)
SIZES = [(70, 30), (60, 40), (100, 70)]


def flat(text):
    return "".join(text.split())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("content", [SHORT, PROMISE], ids=["short", "promise"])
class TestEveryLabel:
    def test_is_read_by_a_scanner_from_the_zebra_file(self, content, size):
        content = replace(content, width_mm=size[0], height_mm=size[1])

        picture = picture_of(queries.zpl(content))

        assert picture.size == (size[0] * 8, size[1] * 8)
        assert codes_in(picture) == [URL]

    def test_shows_every_letter_in_the_pdf(self, content, size):
        content = replace(content, width_mm=size[0], height_mm=size[1])

        made = queries.label_pdf(content)

        text = flat(text_of(made))
        for part in (content.title, content.code, *content.marks, *(value for _, value in content.lines)):
            assert flat(part) in text
        assert sizes_of(made) == [size]

    def test_keeps_letters_inside_and_away_from_the_code(self, content, size):
        content = replace(content, width_mm=size[0], height_mm=size[1])

        found = arrange(content, modules=modules_of(URL), measure=_measure)

        code = found.code
        for run in found.runs:
            assert run.x + _measure(run.text, run.size, run.is_bold) <= found.width
            assert run.y <= found.height
            assert (
                run.x + _measure(run.text, run.size, run.is_bold) <= code.x
                or run.y - run.size >= code.y + code.height - 8
            )
        assert all(run.size >= 14 for run in found.runs)


def test_pdf_and_zebra_file_show_the_same_label():
    burnt = picture_of(queries.zpl(SHORT)).convert("L")

    printed = Image.open(io.BytesIO(compile_paper(*as_paper(SHORT), format="png", ppi=203.2)[0])).convert("L")

    # Letters of a thermal head are rougher; where both are blurred, nothing large may differ.
    pictures = [each.resize(burnt.size).filter(ImageFilter.GaussianBlur(3)) for each in (burnt, printed)]
    assert ImageChops.difference(*pictures).getextrema()[1] < 90
    assert ImageChops.difference(pictures[0], Image.new("L", burnt.size, 255)).getextrema()[1] > 200


def test_refuses_what_does_not_fit_and_cuts_nothing():
    with pytest.raises(LabelTooFull):
        queries.zpl(replace(PROMISE, lines=PROMISE.lines * 3))


def test_commands_in_a_text_are_only_letters():
    hostile = replace(
        SHORT, title="^XZ^XA^FO0,0", lines=(("~JA", "^GFA,1,1,1,00^FS\r\n^XA"),), qr_text="a^XZ~JA\\"
    )

    made = queries.zpl(hostile)

    assert made.count(b"^XA") == made.count(b"^XZ") == 1
    assert b"~" not in made
    assert codes_in(picture_of(made)) == ["a^XZ~JA\\"]


@given(
    width=st.integers(1, 900), rows=st.lists(st.integers(0, 5), min_size=1, max_size=12), seed=st.randoms()
)
@settings(max_examples=60, deadline=None)
def test_any_picture_is_unpacked_as_it_was(width, rows, seed):
    row = -(-width // 8)
    kinds = [bytes(row), b"\xff" * row, *(seed.randbytes(row) for _ in range(4))]
    bits = b"".join(kinds[kind] for kind in rows)
    size = (row * 8, len(rows))

    made = zebra.label(*size, [zebra.graphic_field(0, 0, row * 8, len(rows), bits)])

    assert picture_of(made.encode()).tobytes() == bytes(255 - byte for byte in bits)


def test_a_picture_of_another_size_is_refused():
    with pytest.raises(ValueError, match="16 × 2 dots are 4 bytes"):
        zebra.graphic_field(0, 0, 16, 2, b"\0")


@pytest.mark.parametrize("size", [(19, 30), (70, 301)])
def test_a_label_has_a_size_that_printers_have(size):
    with pytest.raises(ValueError, match="20 to 300 mm"):
        replace(SHORT, width_mm=size[0], height_mm=size[1])


class TestWrap:
    def test_no_line_begins_with_a_stop(self):
        assert wrap("甲乙丙，丁", 3, len) == ["甲乙", "丙，丁"]

    def test_words_stay_whole(self):
        assert wrap("choy sum farm", 9, len) == ["choy sum", "farm"]

    @given(text=st.text(alphabet="甲乙，。ab ", max_size=40), width=st.integers(1, 12))
    def test_nothing_is_lost(self, text, width):
        assert flat("".join(wrap(text, width, len))) == flat(text)


class TestCode:
    @pytest.mark.parametrize("text", [URL, "广州市荔湾区", "A" * 300])
    def test_is_read_back(self, text):
        picture = Image.open(io.BytesIO(queries.qr_png(text, 420)))

        assert picture.size == (420, 420)
        assert codes_in(picture) == [text]

    def test_scales_in_a_browser(self):
        assert 'viewBox="0 0 ' in queries.qr_svg(URL)
