"""The name by which a page calls a party."""

MAYBE_PERSONS = frozenset({"individual", "external"})
_SHORTEST_FIRM = 4  # characters; shorter Chinese names may be those of persons


def shown_name(*, name: str, name_en: str, kind: str, language: str | None) -> str:
    """Return the English name on English pages; what may be a person's keeps the form that masking knows."""
    in_english = (language or "").startswith("en") and name_en
    if not in_english or kind in MAYBE_PERSONS or len(name) < _SHORTEST_FIRM:
        return name
    return name_en
