"""A database in which threads really commit, emptied afterwards although sealed tables refuse to be."""

import pytest
from django.apps import apps
from django.db import connection


@pytest.fixture
def _django_db_helper(django_db_setup, django_db_blocker):
    """Stand in for pytest-django's own: no transaction around the test, and no flush, which our triggers refuse."""
    with django_db_blocker.unblock():
        yield
        ours = [m._meta.db_table for m in apps.get_models() if m.__module__.startswith("cailan.")]
        with connection.cursor() as cursor:
            for switch in ("DISABLE", "ENABLE"):  # the triggers that keep sealed rows
                for table in ours:
                    cursor.execute(f"ALTER TABLE {table} {switch} TRIGGER USER")
                if switch == "DISABLE":
                    cursor.execute(f"TRUNCATE {', '.join(ours)} CASCADE")
        connection.close()
