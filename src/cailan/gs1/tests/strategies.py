"""Values for the property tests of this library."""

from hypothesis import strategies as st

from cailan.gs1 import Element, with_check_digit
from cailan.gs1.check_digits import CSET82


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


def keyed(length: int) -> st.SearchStrategy[str]:
    """Digits of this length of which the last is right."""
    return digits(length - 1).map(with_check_digit)


def text82(longest: int) -> st.SearchStrategy[str]:
    return st.text(CSET82, min_size=1, max_size=longest)


gtins = keyed(14)
lots = text82(20)
serials = text82(20)
plain_words = st.text("ABCxyz0189._-", min_size=1, max_size=20)

trade_items = st.builds(
    lambda gtin, lot, serial: [
        Element("01", gtin),
        *([Element("10", lot)] if lot else []),
        *([Element("21", serial)] if serial else []),
    ],
    gtins,
    st.none() | lots,
    st.none() | serials,
)

attributes = st.lists(
    st.sampled_from(
        [
            Element("17", "261130"),
            Element("3103", "001250"),
            Element("422", "156"),
            Element("7007", "261101261103"),
            Element("8008", "26110112"),
            Element("91", "%/?#"[:1] + "(own)"),
        ]
    ),
    unique=True,
)
