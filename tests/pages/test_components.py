"""The components pages are made of: each prints words beside its colours, and escapes what people typed."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.backends.django import DjangoTemplates
from django.utils import translation

import cailan

PACKAGE = Path(cailan.__file__).parent
TEMPLATES = sorted(PACKAGE.glob("**/templates/**/*.html"))
ICONS = set(
    re.findall(r'symbol id="([^"]+)"', (PACKAGE / "static/cailan/icons.svg").read_text(encoding="utf-8"))
)


@pytest.fixture
def printed(tmp_path):
    """Print a template as the loaders of our settings read it."""
    options = {key: value for key, value in settings.TEMPLATES[0].items() if key != "BACKEND"}
    backend = DjangoTemplates(
        {"NAME": "test", "APP_DIRS": False, **options, "DIRS": [tmp_path, *options["DIRS"]]}
    )

    def print_it(source: str, *, part: str = "", **context) -> str:
        name = f"t{len(list(tmp_path.iterdir()))}.html"
        (tmp_path / name).write_text(source, encoding="utf-8")
        with translation.override("en"):
            return backend.get_template(name + part).render(context)

    return print_it


class TestComponents:
    @pytest.mark.parametrize("tone", ["good", "attention", "blocked", "unknown", "info"])
    def test_a_tone_comes_with_an_icon_of_its_own_and_its_word(self, printed, tone):
        page = printed(f'<c-badge tone="{tone}">the word</c-badge>')

        assert "the word" in page
        assert "icons.svg#" in page

    def test_no_two_tones_share_an_icon(self, printed):
        pages = [
            printed(f'<c-badge tone="{tone}">x</c-badge>')
            for tone in ("good", "attention", "blocked", "unknown")
        ]

        assert len({re.search(r"#([a-z-]+)", page)[1] for page in pages}) == 4

    @pytest.mark.parametrize(
        ("level", "word"),
        [
            ("declared", "Declared"),
            ("scanned", "Scanned"),
            ("device", "By device"),
            ("counter_signed", "Counter-signed"),
            ("lab", "Lab tested"),
            ("official", "Official"),
        ],
    )
    def test_proof_says_its_word_and_explains_it(self, printed, level, word):
        page = printed('<c-proof :level="level" />', level=level)

        assert word in page
        assert "title=" in page

    def test_a_proof_nobody_knows_is_only_declared(self, printed):
        assert "Declared" in printed('<c-proof level="blockchain" />')

    def test_a_quantity_nobody_stated_is_said_to_be_unstated(self, printed):
        assert "not stated" in printed('<c-quantity :value="value" />', value=None)

    def test_a_quantity_follows_the_reader(self, printed):
        assert "80" in printed('<c-quantity value="40" />', weight_unit="jin")

    def test_a_field_ties_label_help_and_error_to_its_input(self, printed):
        page = printed(
            '<c-field name="weight" label="Weight" help="net" error="too much" :value="value" />', value=None
        )

        assert 'for="id_weight"' in page
        assert 'aria-describedby="help_weight error_weight"' in page
        assert 'aria-invalid="true"' in page
        assert 'value=""' in page

    def test_what_people_typed_is_escaped(self, printed):
        page = printed('<c-problem :title="title" /><c-code :value="title" />', title="<script>")

        assert "<script>" not in page

    def test_a_trace_code_is_grouped_for_the_eye_and_whole_for_the_clipboard(self, printed):
        page = printed('<c-code value="CL7Q2K9M" />')

        assert "<span>CL7Q</span><span>2K9M</span>" in page
        assert 'data-copy="CL7Q2K9M"' in page

    def test_a_component_inside_a_fragment_is_printed_too(self, printed):
        source = '<p>page</p>{% partialdef rows %}<c-badge tone="good">in</c-badge>{% endpartialdef %}'

        fragment = printed(source, part="#rows")

        assert "c-badge tone-good" in fragment
        assert "page" not in fragment


class TestTemplates:
    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
    def test_is_short_uses_known_icons_and_no_inline_script_or_style(self, path):
        text = path.read_text(encoding="utf-8")

        assert text.count("\n") <= 120
        assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son[a-z]+=", text)
        assert set(re.findall(r'(?:<c-icon name|(?<!:)\bicon)="([a-z0-9-]+)"', text)) <= ICONS

    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
    def test_every_component_it_names_exists(self, path):
        names = set(re.findall(r"<c-([a-z][a-z0-9.-]*)", path.read_text(encoding="utf-8"))) - {"vars", "slot"}

        files = {name: name.replace(".", "/").replace("-", "_") + ".html" for name in names}
        missing = {name for name, file in files.items() if not any(PACKAGE.glob(f"**/cotton/{file}"))}
        assert not missing
