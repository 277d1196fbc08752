"""Compare the names under which people look for products."""

import unicodedata
from collections.abc import Iterable

# The order in which a product's names claim a key; only the first group names one product for sure.
NAMING_KINDS = ("official", "yue", "en", "alias")
SOUND_KINDS = ("pinyin", "initials")
LONGEST = 120


def key_of(name: str) -> str:
    """Return the form in which names are compared: half-width, lower case, without blanks and separators."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(
        character for character in plain if not character.isspace() and character not in "-·'’.,()"
    )[:LONGEST]


def initials_of(pinyin: str) -> str:
    """Return the first letters of the syllables: "bai luo bo" is found by "blb"."""
    return "".join(syllable[0] for syllable in pinyin.split()).lower()


def names_of(
    *, official: Iterable[str], yue: str = "", en: str = "", aliases: Iterable[str] = (), pinyin: str = ""
) -> dict[str, tuple[str, str]]:
    """Return each key with its name and kind, the surer kind first."""
    found: dict[str, tuple[str, str]] = {}
    spoken = [("official", name) for name in official] + [("yue", yue), ("en", en)]
    spoken += [("alias", name) for name in aliases]
    spoken += [("pinyin", pinyin), ("initials", initials_of(pinyin))]
    for kind, name in spoken:
        if key := key_of(name):
            found.setdefault(key, (name.strip(), kind))
    return found
