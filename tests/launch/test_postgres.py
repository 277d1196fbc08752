"""The private database server: made anywhere, recovered after anything, refused with a sentence."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from cailan.config.launch.postgres import EmbeddedPostgres
from cailan.config.launch.problems import LaunchProblem, explain

# Safe against the death of processes, not of the machine: that is what these tests try.
QUICK = {"fsync": "off", "shared_buffers": "32MB"}


def server(folder: Path, **arguments) -> EmbeddedPostgres:
    return EmbeddedPostgres(
        folder / "postgres",
        password="secret-of-this-test",
        log_path=folder / "log" / "postgres.log",
        settings=QUICK,
        **arguments,
    )


def keep(dsn: str, word: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [word])


def kept(dsn: str) -> list[str]:
    with psycopg.connect(dsn) as connection:
        return [word for (word,) in connection.execute("SELECT word FROM kept ORDER BY word")]


def postmaster_pid(folder: Path) -> int:
    return int((folder / "postgres" / "postmaster.pid").read_text().splitlines()[0])


class TestStart:
    def test_keeps_data_in_a_folder_with_spaces_and_chinese_characters(self, tmp_path):
        folder = tmp_path / "菜篮 子"

        with server(folder) as first:
            keep(first.dsn, "菜心")
        with server(folder) as second:
            words = kept(second.dsn)

        assert words == ["菜心"]

    def test_gives_the_application_no_superuser(self, tmp_path):
        with server(tmp_path) as running, psycopg.connect(running.dsn) as connection:
            query = "SELECT rolname, rolsuper FROM pg_roles WHERE rolname = current_user"
            role = connection.execute(query).fetchone()

        assert role == ("cailan", False)

    def test_asks_for_the_password(self, tmp_path):
        with server(tmp_path) as running:
            wrong = running.dsn.replace("secret-of-this-test", "guess")

            with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
                psycopg.connect(wrong)


class TestRecovery:
    def test_after_kill_9_of_the_server(self, tmp_path):
        crashed = server(tmp_path).start()
        keep(crashed.dsn, "before")
        os.kill(postmaster_pid(tmp_path), signal.SIGKILL)

        with server(tmp_path) as again:
            words = kept(again.dsn)
        crashed.stop()

        assert words == ["before"]

    def test_after_kill_9_of_the_program_that_started_it(self, tmp_path):
        program = (
            "import sys, time; from pathlib import Path; sys.path[:0] = sys.argv[2:];"
            "from tests.launch.test_postgres import keep, server;"
            "keep(server(Path(sys.argv[1])).start().dsn, 'before');"
            "print('ready', flush=True); time.sleep(60)"
        )
        starter = subprocess.Popen(
            [sys.executable, "-c", program, tmp_path, *sys.path], stdout=subprocess.PIPE, text=True
        )
        with starter:
            starter.stdout.readline()
            starter.kill()

        with server(tmp_path) as again:
            words = kept(again.dsn)

        assert words == ["before"]

    def test_ends_an_orphaned_server_that_still_runs(self, tmp_path):
        orphan = server(tmp_path).start()
        keep(orphan.dsn, "before")
        told = []

        with server(tmp_path, tell=told.append) as again:
            words = kept(again.dsn)

        assert words == ["before"]
        assert not orphan.is_running()
        assert any("left over" in sentence for sentence in told)

    def test_with_a_lock_file_whose_process_number_is_another_programs(self, tmp_path):
        with server(tmp_path) as first:
            keep(first.dsn, "before")
            lines = (tmp_path / "postgres" / "postmaster.pid").read_text().splitlines()
        lock = tmp_path / "postgres" / "postmaster.pid"
        lock.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

        with server(tmp_path) as again:
            words = kept(again.dsn)

        assert words == ["before"]


class TestRefusal:
    def test_names_the_taken_port(self, tmp_path):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]

            with pytest.raises(LaunchProblem, match=f"port {port} is taken"):
                server(tmp_path, port=port).start()

    def test_of_data_from_a_newer_postgresql(self, tmp_path):
        (tmp_path / "postgres").mkdir()
        (tmp_path / "postgres" / "PG_VERSION").write_text("99\n")

        with pytest.raises(LaunchProblem, match=r"written by PostgreSQL 99, but here is PostgreSQL"):
            server(tmp_path).start()

    def test_of_a_file_in_the_way(self, tmp_path):
        (tmp_path / "postgres").write_text("not a folder")

        with pytest.raises(LaunchProblem, match="is a file where the database's folder belongs"):
            server(tmp_path).start()

    def test_of_a_folder_that_cannot_be_made(self, tmp_path):
        (tmp_path / "var").write_text("a file where a folder belongs")

        with pytest.raises(LaunchProblem, match="Not a directory"):
            server(tmp_path / "var").start()

    def test_of_somebody_elses_files(self, tmp_path):
        (tmp_path / "postgres").mkdir()
        (tmp_path / "postgres" / "thesis.txt").write_text("precious")

        with pytest.raises(LaunchProblem, match="no database"):
            server(tmp_path).start()
        assert (tmp_path / "postgres" / "thesis.txt").read_text() == "precious"

    @pytest.mark.parametrize(
        ("said", "sentence"),
        [
            ('FATAL:  could not write lock file "postmaster.pid": No space left on device', "is full"),
            ('initdb: error: could not create directory "x": Read-only file system', "read-only disk"),
            ("FATAL:  something never seen before", "something never seen before"),
            ("", "it said nothing"),
        ],
    )
    def test_puts_what_the_server_said_into_one_sentence(self, said, sentence):
        problem = explain(said, place="/d", account="postgres", port=5, log="/d/log")

        assert sentence in str(problem)
        assert "\n" not in str(problem)
