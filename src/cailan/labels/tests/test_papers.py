"""Papers: what is in the data stands on the paper, as text, and nothing in it is obeyed."""

import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cailan.labels import queries
from cailan.labels.queries import fonts, papers
from cailan.labels.rules.text import clean
from cailan.labels.tests.factories import codes_in, sizes_of, text_of

BASE = '#import "/labels/data/base.typ": *\n'
A4 = BASE + "#show: a4.with(title: data.title, subtitle: data.title, code: data.code)\n"
HOSTILE = '#panic("x") $y$ *b* _i_ `c` \\ "q" <l> @r // c /* [ ] { } = T #read("/labels/data/base.typ")'
PLACE = "农产品质量安全检验报告"


@pytest.fixture
def template(monkeypatch):
    """Let the template `labels/under-test` be the text that the test gives."""
    sources = {}
    real = papers._source
    monkeypatch.setattr(papers, "_source", lambda place: sources.get(place) or real(place))

    def write(text):
        sources["labels/data/under-test.typ"] = text.encode()
        return "labels/under-test"

    return write


def one_line(text):
    return "".join(text.split())


def test_sets_chinese_that_a_reader_can_copy(template):
    name = template(
        A4
        + "#facts(data.facts)\n#section(data.title)\n#rows(data.head, data.rows)\n#seal(data.title, data.facts)"
    )
    data = {
        "title": PLACE,
        "code": "261120SE46594GXP6AD6T",
        "facts": [
            ["采样地点", "广东省广州市增城区石滩镇沙头村"],
            ["数量", Decimal("12.50")],
            ["日期", date(2026, 11, 20)],
            ["無", ""],
        ],
        "head": ["项目", "结果"],
        "rows": [["毒死蜱 Chlorpyrifos", "0.02"], ["灭蝇胺（镉）㎎", "≤ 0.5"]],
    }

    made = queries.pdf(name, data, files={"qr.svg": queries.qr_svg("x").encode()})

    text = text_of(made)
    for part in (
        PLACE,
        "广东省广州市增城区石滩镇沙头村",
        "12.50",
        "2026-11-20",
        "毒死蜱 Chlorpyrifos",
        "灭蝇胺（镉）㎎",
        "≤ 0.5",
    ):
        assert part in text
    assert "261120SE46594GXP6AD6T" in text
    assert "無" not in text
    assert sizes_of(made) == [(210, 297)]


def test_takes_data_never_code(template):
    name = template(
        A4 + "#facts(((data.title, data.code),))\n#rows((data.title,), (data.code,))\n#mark(data.code)"
    )

    text = text_of(queries.pdf(name, {"title": HOSTILE, "code": HOSTILE}))

    assert one_line(text).count(one_line(HOSTILE)) >= 5


@given(text=st.text(max_size=60))
@settings(max_examples=40, deadline=None)
def test_no_text_breaks_a_paper(text):
    data = {"title": text, "width": 400, "height": 240, "frames": [], "code": [0, 0, 80]}
    data["runs"] = [[0, 20, 20, False, text]]

    made = queries.pdf("labels/label", data, files={"qr.svg": queries.qr_svg("x").encode()})

    assert made.startswith(b"%PDF-")


def test_leaves_out_what_turns_the_reading_direction_or_cannot_be_printed():
    assert clean("合格\x00\u202e格合\ud800\u2066\u061c。\n下") == "合格格合。\n下"


def test_a_long_digest_breaks_and_is_still_copied_whole(template):
    digest = "sha256:" + "0123456789abcdef" * 8
    name = template(BASE + "#show: roll\n#facts(((data.title, data.digest),))")

    made = queries.pdf(name, {"title": PLACE, "digest": digest})

    assert digest in one_line(text_of(made))
    assert sizes_of(made)[0][0] == 80


def test_a_long_table_repeats_its_head(template):
    name = template(A4 + "#rows(data.head, data.rows)")
    rows = [[f"第 {number} 项", "合格"] for number in range(120)]

    made = queries.pdf(name, {"title": PLACE, "code": "", "head": ["项目", "判定"], "rows": rows})

    assert text_of(made).count("判定") == len(sizes_of(made)) > 2


def test_the_same_data_make_the_same_bytes(template):
    name = template(A4)

    assert queries.pdf(name, {"title": PLACE, "code": ""}) == queries.pdf(name, {"title": PLACE, "code": ""})


def test_shows_pictures_and_a_code_that_is_read_back(template):
    name = template(A4 + '#picture("leaf.png", width: 20mm)\n#qr(side: 30mm)')
    leaf = io.BytesIO()
    Image.new("RGB", (40, 40), (20, 160, 60)).save(leaf, "PNG")
    files = {"leaf.png": leaf.getvalue(), "qr.svg": queries.qr_svg("https://例.example/t/1").encode()}

    page = papers.compile_paper(name, {"title": PLACE, "code": ""}, files, format="png", ppi=150)[0]

    picture = Image.open(io.BytesIO(page)).convert("RGB")
    assert codes_in(picture) == ["https://例.example/t/1"]
    assert (20, 160, 60) in {colour for _, colour in picture.getcolors(1 << 20)}


def test_reads_nothing_of_the_machine(template):
    name = template(BASE + '#read("/etc/passwd")')

    with pytest.raises(RuntimeError, match="not found"):
        queries.pdf(name, {})


@pytest.mark.parametrize("name", ["../secrets", "labels/../x", "labels", "/etc/passwd", "labels/label.typ"])
def test_a_template_is_named_by_context_and_name(name):
    with pytest.raises(ValueError, match="a template is named"):
        queries.pdf(name, {})


@pytest.mark.parametrize("name", ["../main.typ", "a/b.png", "", ".x"])
def test_a_picture_has_a_plain_name(name):
    with pytest.raises(ValueError, match="plain name"):
        queries.pdf("labels/label", {}, files={name: b""})


def test_says_what_to_do_when_the_letters_are_missing(monkeypatch, tmp_path):
    monkeypatch.setattr(fonts, "BOLD", tmp_path / "gone.ttf")

    with pytest.raises(fonts.FontMissing, match="make up"):
        queries.pdf("labels/label", {})
