"""The rows of the access matrix that a context brings: one module each, found by itself.

A module may define OPERATIONS, PAGES (tables as in `matrix`), BODIES, QUERIES, PARAMETERS and `extend(world)`.
"""
