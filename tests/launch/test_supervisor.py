"""Programs kept running: started again when they die, their warnings told, all of them gone at the end."""

import os
import signal
import sys
from pathlib import Path

import pytest

from cailan.config.launch.process import is_alive
from cailan.config.launch.supervisor import Program, Supervisor, end_marked

WAIT = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {WAIT}"
WITH_A_WORKER = f"import os; os.fork(); {WAIT}"


@pytest.fixture
def told():
    return []


@pytest.fixture
def supervise(tmp_path, told):
    running = []

    def start(code: str) -> tuple[Supervisor, Path]:
        program = Program("worker", (sys.executable, "-c", code), tmp_path / "worker.log")
        supervisor = Supervisor((program,), home=tmp_path, environment=dict(os.environ), tell=told.append)
        supervisor.start()
        running.append(supervisor)
        return supervisor, program.log

    yield start
    for supervisor in running:
        supervisor.stop(0.1)


def until(supervisor: Supervisor, done):
    """Look again and again, as `cailan up` does; the runner's own time limit ends a wait in vain."""
    while not (answer := done()):
        supervisor.look()
    return answer


def pids(log: Path, count: int) -> list[int]:
    lines = log.read_text().split()
    return [int(line) for line in lines] if len(lines) >= count else []


def test_starts_again_what_was_killed_and_says_so(supervise, told):
    supervisor, log = supervise(WAIT)
    first = until(supervisor, lambda: pids(log, 1))
    os.kill(first[0], signal.SIGKILL)

    both = until(supervisor, lambda: pids(log, 2))

    assert both[1] != both[0]
    assert any(
        "worker was ended by SIGKILL" in sentence and "starting it again" in sentence for sentence in told
    )


def test_waits_longer_each_time_and_tells_the_last_words(supervise, told):
    supervisor, _ = supervise("raise SystemExit('no table called lot')")

    until(supervisor, lambda: len(told) == 2)

    assert "ended with status 1 (no table called lot); starting it again in 0.5 s" in told[0]
    assert "starting it again in 1 s" in told[1]


def test_passes_warnings_on_and_keeps_the_rest_in_the_log(supervise, told):
    quiet, loud = '{"level": "info", "event": "quiet"}', '{"level": "warning", "event": "loud"}'
    supervisor, log = supervise(f"print('{quiet}'); print('{loud}', flush=True); {WAIT}")

    until(supervisor, lambda: told)

    assert told == ["worker: warning: loud"]
    assert quiet in log.read_text()


def test_tells_of_a_traceback_its_error_and_tells_it_once(supervise, told):
    supervisor, _ = supervise("raise RuntimeError('no table called lot')")

    until(supervisor, lambda: len(told) == 3)

    assert told[0] == "worker: RuntimeError: no table called lot"
    assert "starting it again in 0.5 s" in told[1]
    assert "starting it again in 1 s" in told[2]


def test_ends_by_force_what_does_not_stop(supervise, told):
    supervisor, log = supervise(STUBBORN)
    (pid,) = until(supervisor, lambda: pids(log, 1))

    supervisor.stop(0.2)

    assert not is_alive(pid)
    assert told == ["worker does not stop: ending it by force"]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc: processes are found by it")
def test_the_next_start_ends_workers_that_outlived_a_kill_9(supervise, tmp_path):
    supervisor, log = supervise(WITH_A_WORKER)
    parent, worker = sorted(until(supervisor, lambda: pids(log, 2)))
    os.kill(parent, signal.SIGKILL)

    end_marked(tmp_path)

    assert is_gone(worker)


def is_gone(pid: int) -> bool:
    """Tell whether a process has ended; a zombie that nobody collects has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return True
