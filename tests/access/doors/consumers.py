"""The shopper's page: a picture opens only as part of how that lot grew, whoever asks."""

PAGES = """\
consumers:photo                404 404 404 404 404 404 404 404
"""
