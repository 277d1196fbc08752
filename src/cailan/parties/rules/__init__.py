"""Decide purely about parties: sound numbers, what outsiders see of them, and which kind may do what."""
