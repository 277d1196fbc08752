"""Hide the part of a number, a name or a plate that outsiders need not know (PIPL, articles 6 and 51)."""

import re
from collections.abc import Callable

_COMPOUND = "欧阳|歐陽|司徒|上官|诸葛|諸葛|司马|司馬|夏侯|皇甫|尉迟|慕容|东方|南宫"
_SURNAME = re.compile(rf"({_COMPOUND}|.)", re.DOTALL)
_PERSON = re.compile(rf"[\u4e00-\u9fff]{{2,3}}|(?:{_COMPOUND})[\u4e00-\u9fff]{{1,2}}")
_SHOP = "店档行社场厂铺市记园坊庄"
_MAYBE_PERSONS = frozenset({"external", "merchant"})
_LEAST_HIDDEN = 3  # what would hide less is hidden entirely


def mask(kind: str, value: str) -> str:
    """Return the value as outsiders may see it; numbers of organisations are public and stay whole.

    `kind` is an `IdKind` or one of name, phone, plate, bank_account. An unknown kind is hidden entirely.
    """
    if str(kind) in _PUBLIC or not value:
        return value
    return _MASKS.get(str(kind), _hide)(value)


def public_name(name: str, kind: str) -> str:
    """Return a party's name as anybody may read it; short Chinese names of unregistered parties may be persons'."""
    looks_like_a_person = _PERSON.fullmatch(name) is not None and name[-1] not in _SHOP
    if kind == "individual" or (kind in _MAYBE_PERSONS and looks_like_a_person):
        return mask("name", name)
    return name


def _hide(value: str) -> str:
    return "*" * len(value)


def _keep(head: int, tail: int) -> Callable[[str], str]:
    def masked(value: str) -> str:
        hidden = len(value) - head - tail
        if hidden < _LEAST_HIDDEN:
            return _hide(value)
        return value[:head] + "*" * hidden + value[head + hidden :]

    return masked


def _identity_number(value: str) -> str:
    # Long numbers keep four at each end; short ones only what tells two people at a counter apart.
    if len(value) > 15:  # noqa: PLR2004
        return _keep(4, 4)(value)
    return _keep(1, 3 if value.endswith(")") else 2)(value)


def _uscc(value: str) -> str:
    # 92: the individual business of one natural person. All other organisations are on the public register.
    return _keep(4, 4)(value) if value.startswith("92") else value


def _name(value: str) -> str:
    if re.search(r"[A-Za-z]", value):
        return " ".join(part[0] + "*" for part in value.split())
    return _SURNAME.match(value)[1] + "*"  # type: ignore[index]  # a name has at least one character


def _phone(value: str) -> str:
    prefix, digits = re.fullmatch(r"(\+\d{1,3}[\s-])?(.*)", value, re.DOTALL).groups("")  # type: ignore[union-attr]  # matches anything
    return prefix + (_keep(3, 4)(digits) if len(digits) > 10 else _keep(2, 2)(digits))  # noqa: PLR2004


def _plate(value: str) -> str:
    return _keep(2, 2)(value)


def _bank_account(value: str) -> str:
    return _keep(0, 4)(value)


_PUBLIC = frozenset({"licence_15", "hk_br", "hk_cr", "macao_business", "macao_tax"})
_MASKS: dict[str, Callable[[str], str]] = {
    "uscc": _uscc,
    "resident_id": _identity_number,
    "residence_permit": _identity_number,
    "permanent_residence": _identity_number,
    "home_return_permit": _identity_number,
    "taiwan_permit": _identity_number,
    "hkid": _identity_number,
    "macao_id": _identity_number,
    "name": _name,
    "phone": _phone,
    "plate": _plate,
    "bank_account": _bank_account,
}
