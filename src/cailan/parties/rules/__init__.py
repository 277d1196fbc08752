"""Decide purely about parties: sound numbers (`identity`), what outsiders see (`masking`), who may what (`kinds`)."""
