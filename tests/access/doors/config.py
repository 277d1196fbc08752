"""Pages that the house itself opens for phones which lose their network."""

PAGES = """
pending                        200 200 200 200 200 200 S   S
token                          200 200 200 200 200 200 S   S
"""
