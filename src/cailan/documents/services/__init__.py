"""The verbs of documents: store a file, share it."""

from cailan.documents.services.storing import FileRefused, share, store

__all__ = ["FileRefused", "share", "store"]
