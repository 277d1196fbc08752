"""A week of a dozen fictional parties."""
