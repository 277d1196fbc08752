"""No menu leads nowhere."""

from itertools import chain

from django.urls import reverse

from cailan.portals import rules


def test_every_item_has_a_door():
    for item in chain(*rules.MENUS.values(), *rules.TASKS.values()):
        assert reverse(item.url_name)


def test_every_portal_has_a_name_a_menu_and_tasks():
    assert set(rules.PORTALS) == set(rules.PORTAL_NAMES) == set(rules.MENUS) == set(rules.TASKS)
