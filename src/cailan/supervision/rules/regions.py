"""Administrative regions as authorities stand above each other (GB/T 2260)."""

_DISTRICT, _CITY, _PROVINCE = 6, 4, 2


def above(code: str) -> str:
    """Return the region of the authority above: town → district → city → province → country."""
    if len(code) > _DISTRICT:
        return code[:_DISTRICT]
    if len(code) != _DISTRICT:
        return ""
    if not code.endswith("00"):
        return f"{code[:_CITY]}00"
    return "CN" if code.endswith("0000") else f"{code[:_PROVINCE]}0000"
