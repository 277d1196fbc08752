"""Where and how `cailan up` is started decides nothing but what it should."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cailan.config import cli
from cailan.config.launch import up
from cailan.config.launch.home import Home
from cailan.config.launch.problems import LaunchProblem
from cailan.config.launch.supervisor import Program, Supervisor
from cailan.config.launch.up import Wish


@pytest.fixture
def home(tmp_path):
    made = Home(tmp_path / "home")
    made.prepare()
    return made


@pytest.mark.parametrize("program", [0, 1, 2])
def test_a_folder_named_like_us_is_not_taken_for_us(home, tmp_path, program):
    stranger = tmp_path / "cailan"
    stranger.mkdir()
    (stranger / "__init__.py").write_text("raise SystemExit('a stranger')")
    wish = Wish("127.0.0.1", 1, demo=False)
    python, *command = up.programs(wish, home)[program].command
    module = command[command.index("-m") + 1]

    ended = subprocess.run(
        [python, "-m", module, "--help"],
        cwd=tmp_path,
        env=up._environment(wish, home),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, "a stranger" in ended.stdout + ended.stderr) == (0, False)


def test_programs_stand_in_our_own_folder(home):
    """Granian imports from where it stands."""
    log = home.log("where")
    where = Program("where", (sys.executable, "-c", "import os; print(os.getcwd(), flush=True)"), log)
    supervisor = Supervisor((where,), home=home.root, environment=dict(os.environ), tell=print)

    supervisor.start()
    deadline = time.monotonic() + 20
    while not log.read_text() and time.monotonic() < deadline:
        time.sleep(0.02)
    supervisor.stop(5)

    assert Path(log.read_text().split("\n")[0]) == home.root.resolve()


def test_says_what_it_means_to_be_reached_by_others(home, monkeypatch):
    monkeypatch.delenv("CAILAN_PUBLIC_URL", raising=False)
    home.accounts.write_text("Grower\tgrower\tsecret\n")

    alone = up._welcome(Wish("127.0.0.1", 8000, demo=True), home, 1)
    reached = up._welcome(Wish("::", 8000, demo=True), home, 1)

    assert "Mind:" not in alone
    assert reached.count("Mind:") == 3
    assert "CAILAN_PUBLIC_URL" in reached


def test_a_home_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(LaunchProblem, match="another CAILAN_HOME"):
        Home(tmp_path / "file" / "home").prepare()


@pytest.mark.parametrize("port", ["0", "65536", "99999999", "-1", "abc", "8" * 5000, "٨٠"])
def test_a_port_that_is_none_is_wrong_use(port, capsys):
    with pytest.raises(SystemExit) as left:
        cli.main(["up", f"--port={port}"])

    assert left.value.code == 2
    assert "from 1 to 65535" in capsys.readouterr().err
