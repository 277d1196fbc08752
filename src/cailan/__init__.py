"""Cailan 菜篮: food traceability for the Guangdong-Hong Kong-Macao Greater Bay Area."""

__version__ = "0.1.0"
