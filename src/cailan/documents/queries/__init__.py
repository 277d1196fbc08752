"""Show documents: to their owner, to whom they are shared with, to those who oversee the owner."""

from cailan.documents.queries.reading import (
    OpenedFile,
    add_overseer,
    facts,
    get_document,
    list_documents,
    may_read_sealed,
    open_file,
    read_bytes,
    seals_of,
)

__all__ = [
    "OpenedFile",
    "add_overseer",
    "facts",
    "get_document",
    "list_documents",
    "may_read_sealed",
    "open_file",
    "read_bytes",
    "seals_of",
]
