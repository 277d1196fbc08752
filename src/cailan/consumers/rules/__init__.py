"""What the public may see, and how it is summed up for a shopper's first look."""

from cailan.consumers.rules.glance import Standing, Verdict, Weight, standing, verdict, weigh
from cailan.consumers.rules.public import public_chain

__all__ = ["Standing", "Verdict", "Weight", "public_chain", "standing", "verdict", "weigh"]
