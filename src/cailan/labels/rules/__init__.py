"""What stands on a label, and where."""

from cailan.labels.rules.content import LabelContent

__all__ = ["LabelContent"]
