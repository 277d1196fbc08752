import pytest


@pytest.fixture
def world(db):
    """A small world: see `world.build`."""
    from tests.access.world import build

    return build()
