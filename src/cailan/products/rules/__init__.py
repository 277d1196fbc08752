"""Decide purely about products: units and quantities (`units`)."""
