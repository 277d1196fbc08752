"""Papers as PDF: a template of a context, filled with data."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst
from django.core.serializers.json import DjangoJSONEncoder

from cailan.labels.queries.fonts import for_papers, require_fonts
from cailan.labels.rules.text import printable

PACKAGE = Path(__file__).resolve().parents[2]
BASE = "labels/data/base.typ"
_TEMPLATE = re.compile(r"[a-z]+/[a-z][a-z0-9_-]*")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def pdf(template: str, data: Mapping[str, Any], *, files: Mapping[str, bytes] | None = None) -> bytes:
    """Return the paper `<context>/<name>`, filled with `data`; `files` are its pictures by name."""
    return bytes(compile_paper(template, data, files or {}, format="pdf")[0])


def compile_paper(
    template: str, data: Mapping[str, Any], files: Mapping[str, bytes], **output: Any
) -> list[bytes]:
    """Set a paper; every page of it where the output is pictures.

    The compiler's root is a folder that holds the template, the base and the pictures: it can read nothing else of this
    machine. Data come as JSON, so that a text with `#` or `"` in it stays a text.
    """
    require_fonts()
    sources = {
        "main.typ": _source(_place_of(template)),
        BASE: _source(BASE),
        **{f"files/{_file_name(name)}": content for name, content in files.items()},
    }
    text = DjangoJSONEncoder(ensure_ascii=False).encode(printable(data))
    with TemporaryDirectory(prefix="cailan-paper-") as folder:
        for place, content in sources.items():
            path = Path(folder, place)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        made = typst.compile(
            Path(folder, "main.typ"),
            root=Path(folder),
            font_paths=for_papers(),
            ignore_system_fonts=True,
            sys_inputs={"data": text},
            **output,
        )
    return made if isinstance(made, list) else [made]


def _place_of(template: str) -> str:
    if not _TEMPLATE.fullmatch(template):
        raise ValueError(f"a template is named <context>/<name>, not {template!r}")
    context, _, name = template.partition("/")
    return f"{context}/data/{name}.typ"


def _file_name(name: str) -> str:
    if not _FILE.fullmatch(name):
        raise ValueError(f"a picture has a plain name, not {name!r}")
    return name


@cache
def _source(place: str) -> bytes:
    return (PACKAGE / place).read_bytes()
