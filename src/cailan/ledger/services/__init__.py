"""The verbs of the ledger."""

from cailan.ledger.services.appending import NotSealable, append
from cailan.ledger.services.keeping import make_key, rewrap_keys, rotate_key
from cailan.ledger.services.keys import KeyExists, NoKey

__all__ = ["KeyExists", "NoKey", "NotSealable", "append", "make_key", "rewrap_keys", "rotate_key"]
