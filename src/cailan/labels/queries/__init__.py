"""Codes, labels and papers, drawn from what the caller hands over."""

from cailan.labels.queries.codes import qr_png, qr_svg
from cailan.labels.queries.papers import pdf
from cailan.labels.queries.prints import label_pdf, zpl

__all__ = ["label_pdf", "pdf", "qr_png", "qr_svg", "zpl"]
