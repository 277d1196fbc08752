"""What can be asked of the ledger."""

from cailan.ledger.queries.checks import (
    Difference,
    NamedSeal,
    NotAProofFile,
    Verdict,
    check_copy,
    check_record,
    latest_seals,
    name_signers,
    signer_names,
)
from cailan.ledger.queries.seals import (
    Disclosure,
    NotInTheLogYet,
    Seal,
    disclose,
    may_read,
    proof,
    proof_bundle,
    seals_for,
)
from cailan.ledger.queries.tree import latest_checkpoint, log_key, tile_bytes
from cailan.ledger.rules.proofs import Proof

__all__ = [
    "Difference",
    "Disclosure",
    "NamedSeal",
    "NotAProofFile",
    "NotInTheLogYet",
    "Proof",
    "Seal",
    "Verdict",
    "check_copy",
    "check_record",
    "disclose",
    "latest_checkpoint",
    "latest_seals",
    "log_key",
    "may_read",
    "name_signers",
    "proof",
    "proof_bundle",
    "seals_for",
    "signer_names",
    "tile_bytes",
]
