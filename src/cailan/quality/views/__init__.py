"""Pages of quality: test, sample, report, promise, and what the limits say."""
