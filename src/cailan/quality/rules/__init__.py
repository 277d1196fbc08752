"""What the field decides: limits, judgements, quick tests, windows, the promise certificate. Pure."""
