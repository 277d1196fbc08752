"""What stands on a label."""

from dataclasses import dataclass

from cailan.labels.rules.text import clean

SMALLEST_MM = 20
LARGEST_MM = 300


@dataclass(frozen=True, slots=True)
class LabelContent:
    """One label: a title, lines of name and value, a QR code with its letters, short marks in frames."""

    title: str
    lines: tuple[tuple[str, str], ...]
    qr_text: str
    code: str
    marks: tuple[str, ...] = ()
    width_mm: int = 70
    height_mm: int = 30

    def __post_init__(self) -> None:
        if not self.qr_text:
            raise ValueError("a label has a code")
        for side in (self.width_mm, self.height_mm):
            if not SMALLEST_MM <= side <= LARGEST_MM:
                raise ValueError(f"a label is {SMALLEST_MM} to {LARGEST_MM} mm wide and high, not {side}")


def tidied(content: str) -> str:
    """Return a text as one line."""
    return " ".join(clean(content).split())
