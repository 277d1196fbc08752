"""Parties as pages: register, decide, one's own organisation, one's book."""
