"""The verbs of the ledger."""

from cailan.ledger.services.appending import NotSealable, append
from cailan.ledger.services.auditing import Report, audit
from cailan.ledger.services.keeping import make_key, rewrap_keys, rotate_key
from cailan.ledger.services.keys import KeyExists, NoKey
from cailan.ledger.services.mirrors import Rebuild, mirror, watch
from cailan.ledger.services.sequencing import LogDamaged, sequence_once, take_sequencer_lock

__all__ = [
    "KeyExists",
    "LogDamaged",
    "NoKey",
    "NotSealable",
    "Rebuild",
    "Report",
    "append",
    "audit",
    "make_key",
    "mirror",
    "rewrap_keys",
    "rotate_key",
    "sequence_once",
    "take_sequencer_lock",
    "watch",
]
