"""`cailan trace`: the chain in the terminal."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from cailan.tracing.rules.tree import pad

pytestmark = pytest.mark.django_db


def run(*arguments):
    out, err = io.StringIO(), io.StringIO()
    with translation.override("en"):
        try:
            call_command("trace", *arguments, stdout=out, stderr=err)
        except SystemExit as leaving:
            return leaving.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_prints_the_tree_back_and_forward(world):
    status, out, _err = run(world.facts["bags"])

    assert status == 0
    back, forward = out.split("Forward")
    assert "绿源基地 · choysum · 7-1120" in back
    assert "100 kg" in back
    assert "nobody took it over yet" in forward


def test_forward_lists_every_buyer_with_quantities(world):
    _status, out, _err = run(world.facts["lot"].code)

    forward = out.split("Forward")[1]
    assert "老陈菜档" in forward
    assert "60 kg" in forward
    assert "10 kg" in forward
    assert "closes" in forward


def test_says_json(world):
    status, out, _err = run(world.facts["lot"].uri, "--json")

    found = json.loads(out)
    assert (status, found["closes"], len(found["nodes"])) == (0, True, 4)
    assert found["balance"]["created"] == "100"


def test_leaves_with_one_for_an_unknown_code(db):
    status, out, err = run("NOPE")

    assert (status, out) == (1, "")
    assert "NOPE" in err


def test_takes_any_bytes_of_a_terminal(db):
    status, out, err = run("a\udcff\ud800")

    assert (status, out) == (1, "")
    assert "a??" in err


def test_refuses_wrong_use(db):
    with pytest.raises(CommandError):
        run()


def test_columns_line_up_with_chinese():
    assert len(pad("菜心", 6)) == 4
    assert len(pad("abc", 6)) == 6
