"""What is sealed, how it is written, and how anyone checks it: pure functions over bytes."""

from cailan.ledger.rules.envelope import Entry

__all__ = ["Entry"]
