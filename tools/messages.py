"""Message catalogues without any system package: compile them, check them, add what is new.

`python -m tools.messages compile|check|update`; a source string is English, zh_Hans is complete.
"""

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "cailan"
COMPLETE = "zh_Hans"
_KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
type_of = {".py": "python", ".html": "template", ".txt": "template"}
MessageKey = tuple[str, str | None]


def catalogue_files(language: str = "*") -> list[Path]:
    """Return the catalogues of a language, that of the whole product first."""
    found = PACKAGE.glob(f"**/locale/{language}/LC_MESSAGES/*.po")
    return sorted(found, key=lambda path: (len(path.parts), path))


def read(path: Path) -> Catalog:
    """Read one catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def extracted() -> Catalog:
    """Return every message of the source with the places that use it."""
    catalog = Catalog(project="Cailan", charset="utf-8")
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix not in type_of or {"tests", "static", "locale", "migrations"} & set(path.parts):
            continue
        for line, message, comments, context in _messages_in(path):
            place = [(path.relative_to(ROOT).as_posix(), line)]
            catalog.add(message, locations=place, auto_comments=comments, context=context)
    return catalog


def _messages_in(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    text = path.read_text(encoding="utf-8")
    if type_of[path.suffix] == "template":
        from django.utils.translation.template import templatize  # noqa: PLC0415 (needs settings, see `main`)

        # What is no message becomes X's; their indentation would only confuse the extractor of Python.
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).split("\n"))
    options = {"encoding": "utf-8"}
    yield from extract("python", io.BytesIO(text.encode()), _KEYWORDS, ("Translators:",), options)


def key_of(message: Message) -> MessageKey:
    """Return what tells a message from others: its (singular) source string and its context."""
    source = message.id if isinstance(message.id, str) else message.id[0]
    return source, message.context


def messages_of(catalog: Catalog) -> dict[MessageKey, Message]:
    """Return a catalogue's messages by key, without its header."""
    return {key_of(message): message for message in catalog if message.id}


def compile_all() -> None:
    """Write every catalogue's binary twin where that is older."""
    for path in catalogue_files():
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            continue
        unfinished = target.with_suffix(f".{os.getpid()}")
        with unfinished.open("wb") as file:
            write_mo(file, read(path))
        unfinished.replace(target)


def complaints() -> list[str]:
    """Return what is wrong: source strings without a Chinese text, fuzzy ones, broken placeholders."""
    known: dict[MessageKey, Message] = {}
    found = []
    for path in catalogue_files(COMPLETE):
        for key, message in messages_of(read(path)).items():
            known[key] = message
            if message.fuzzy:
                found.append(f"{path.relative_to(ROOT)}: fuzzy: {key[0]!r}")
            found += [f"{path.relative_to(ROOT)}: {key[0]!r}: {error}" for error in message.check()]
    for key, message in messages_of(extracted()).items():
        texts = known[key].string if key in known else ""
        if not texts or not all(texts if isinstance(texts, tuple | list) else [texts]):
            file, line = message.locations[0]
            found.append(f"{file}:{line}: no {COMPLETE} text for {key[0]!r}")
    return found


def update() -> None:
    """Add what is new in the source to each language's first catalogue, and drop what nothing uses any more."""
    wanted = messages_of(extracted())
    for language in sorted({path.parent.parent.name for path in catalogue_files()}):
        first, *others = catalogue_files(language)
        elsewhere = {key for path in others for key in messages_of(read(path))}
        catalog = read(first)
        for key in messages_of(catalog).keys() - wanted.keys():
            catalog.delete(key[0], context=key[1])
        for key in wanted.keys() - messages_of(catalog).keys() - elsewhere:
            catalog.add(wanted[key].id, context=key[1], locations=wanted[key].locations)
        with first.open("wb") as file:
            write_po(file, catalog, sort_output=True, width=100, include_lineno=False)


def main(arguments: list[str]) -> int:
    """Run one verb; return the process's exit status."""
    from django.conf import settings  # noqa: PLC0415 (only here: the extractor of templates asks for them)

    settings.configure()
    match arguments:
        case ["compile"]:
            compile_all()
        case ["update"]:
            update()
        case ["check"]:
            found = complaints()
            print("\n".join(found) or f"{len(messages_of(extracted()))} messages, all with a {COMPLETE} text")
            return bool(found)
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
