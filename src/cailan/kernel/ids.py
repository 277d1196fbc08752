"""Codes that we mint: trace codes, and keys of requests."""

import secrets
from datetime import date

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: read aloud and typed without mistakes
MOD_37_36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CODE_LENGTH = 21


def check_character(body: str) -> str:
    """Return the check character of an alphanumeric body (ISO/IEC 7064, MOD 37,36)."""
    remainder = 36
    for character in body:
        remainder = (remainder + MOD_37_36.index(character)) % 36 or 36
        remainder = remainder * 2 % 37
    return MOD_37_36[(37 - remainder) % 36]


def new_trace_code(day: date) -> str:
    """Mint a trace code: yymmdd, 14 random characters (70 bits), check character: 21 in all."""
    drawn = secrets.token_bytes(14)  # one draw for all: imports mint thousands
    body = f"{day:%y%m%d}" + "".join(ALPHABET[byte & 31] for byte in drawn)
    return body + check_character(body)


def is_trace_code(text: str) -> bool:
    """Say whether the text is one of our trace codes, by length, alphabet and check character."""
    return (
        len(text) == CODE_LENGTH
        and all(character in MOD_37_36 for character in text)
        and check_character(text[:-1]) == text[-1]
    )
