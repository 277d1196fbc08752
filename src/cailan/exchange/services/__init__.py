"""The verbs of exchange: capture documents, import files."""

from cailan.exchange.services.capturing import CaptureResult, capture

__all__ = ["CaptureResult", "capture"]
