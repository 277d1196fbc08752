"""Keep a few programs running: start, restart when they die, tell what they warn of, stop them all."""

import contextlib
import json
import os
import re
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cailan.config.launch.process import die_with_us

_FIRST_DELAY_SECONDS = 0.5
_LONGEST_DELAY_SECONDS = 30.0
_HEALTHY_AFTER_SECONDS = 60.0
_MOST_LINES_AT_ONCE = 5
_FORCE_SECONDS = 2.0
_MARK = "CAILAN_SUPERVISED_BY"
_LOUD_LEVELS = {"warning", "error", "critical"}
_LOUD = re.compile(r"\[(WARNING|ERROR|CRITICAL)\]")  # as granian writes them


@dataclass(frozen=True, slots=True)
class Program:
    """One program to keep running."""

    name: str
    command: tuple[str, ...]
    log: Path


@dataclass(slots=True)
class _Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    delay: float = _FIRST_DELAY_SECONDS
    read_to: int = 0
    said: list[str] = field(default_factory=list)
    in_traceback: bool = False
    told: deque[str] = field(default_factory=lambda: deque(maxlen=50))


class Supervisor:
    """Runs programs in our process group, each with its own log."""

    def __init__(
        self,
        programs: tuple[Program, ...],
        *,
        home: Path,
        environment: Mapping[str, str],
        tell: Callable[[str], None],
    ) -> None:
        self._children = [_Child(program) for program in programs]
        self._home = home
        self._environment = {**environment, _MARK: str(home)}
        self._tell = tell

    def start(self) -> None:
        """Start every program."""
        for child in self._children:
            self._start(child)

    def look(self) -> None:
        """Look once after all programs: pass on their warnings, start again what has died."""
        for child in self._children:
            self._pass_on(child)
            if child.process is None:
                if time.monotonic() >= child.start_again_at:
                    self._start(child)
            elif (status := child.process.poll()) is not None:
                self._bury(child, status)

    def stop(self, patience_seconds: float = 6.0) -> None:
        """Stop every program, politely and then by force."""
        running = [child for child in self._children if child.process is not None]
        for child in running:
            _send(child.process, signal.SIGTERM)
        deadline = time.monotonic() + patience_seconds
        for child in running:
            if child.process is None:
                continue
            try:
                child.process.wait(max(deadline - time.monotonic(), 0.01))
            except subprocess.TimeoutExpired:
                self._tell(f"{child.program.name} does not stop: ending it by force")
                child.process.kill()
                child.process.wait()
            child.process = None
        end_marked(self._home)

    def _start(self, child: _Child) -> None:
        child.read_to = child.program.log.stat().st_size if child.program.log.exists() else 0
        with child.program.log.open("ab") as log:
            child.process = subprocess.Popen(
                child.program.command,
                env=self._environment,
                cwd=self._home,  # granian imports from where it stands
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_us(signal.SIGTERM),  # noqa: PLW1509 (we have one thread)
            )
        child.started_at = time.monotonic()

    def _bury(self, child: _Child, status: int) -> None:
        """Say that a program has died and plan its next start, later each time it does not live long."""
        self._pass_on(child)  # its last words
        lived = time.monotonic() - child.started_at
        child.delay = _FIRST_DELAY_SECONDS if lived > _HEALTHY_AFTER_SECONDS else child.delay
        how = f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
        last = f" ({child.said[-1]})" if child.said else ""
        name, log = child.program.name, child.program.log
        self._tell(f"{name} {how}{last}; starting it again in {child.delay:g} s (log: {log})")
        child.process = None
        # Workers of a killed web server would keep its port.
        end_marked(self._home, argument=child.program.command[-1])
        child.start_again_at = time.monotonic() + child.delay
        child.delay = min(child.delay * 2, _LONGEST_DELAY_SECONDS)

    def _pass_on(self, child: _Child) -> None:
        """Tell the warnings new in a program's log: a few at once, and none that was told a moment ago."""
        lines = list(_new_lines(child))
        child.said = [line for line in lines if line.strip()][-1:] or child.said
        loud = [line for line in _loud(child, lines) if line not in child.told]
        child.told.extend(loud)
        for line in loud[:_MOST_LINES_AT_ONCE]:
            self._tell(f"{child.program.name}: {line[:500]}")
        if len(loud) > _MOST_LINES_AT_ONCE:
            self._tell(f"{child.program.name}: {len(loud) - _MOST_LINES_AT_ONCE} more in {child.program.log}")


def _new_lines(child: _Child) -> Iterator[str]:
    try:
        with child.program.log.open("rb") as log:
            log.seek(child.read_to)
            fresh = log.read(1_000_000)
    except FileNotFoundError:
        return
    whole = fresh[: fresh.rfind(b"\n") + 1]
    child.read_to += len(whole)
    yield from whole.decode(errors="replace").splitlines()


def _loud(child: _Child, lines: list[str]) -> Iterator[str]:
    """Yield warnings and, of a traceback, which may come in pieces, the line that names the error."""
    for line in lines:
        if child.in_traceback and line.strip() and not line[0].isspace():
            child.in_traceback = False
            yield line
        elif line.startswith("Traceback "):
            child.in_traceback = True
        elif _LOUD.search(line):
            yield line
        elif line.startswith("{"):
            yield from _loud_event(line)


def _loud_event(line: str) -> Iterator[str]:
    """Yield level and event of a JSON line of our own log when it is a warning or worse."""
    try:
        entry = json.loads(line)
    except ValueError:
        return
    if entry.get("level") in _LOUD_LEVELS:
        yield f"{entry['level']}: {entry.get('event')}"


def _send(process: subprocess.Popen[bytes] | None, signum: signal.Signals) -> None:
    if process is not None and process.poll() is None:
        process.send_signal(signum)


def end_marked(home: Path, argument: str | None = None) -> None:
    """End by force every process that a supervisor of this home started, and wait until they are gone.

    Programs fork workers that outlive a `kill -9` of their parent. They inherit its environment and so
    the mark; `argument` narrows to command lines that hold it. Elsewhere than on Linux this finds nothing.
    """
    deadline = time.monotonic() + _FORCE_SECONDS
    while (pids := list(_marked(home, argument))) and time.monotonic() < deadline:
        for pid in pids:
            with contextlib.suppress(OSError):  # gone meanwhile, or another account's
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)


def _marked(home: Path, argument: str | None) -> Iterator[int]:
    wanted = f"{_MARK}={home}".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            is_ours = wanted in (entry / "environ").read_bytes().split(b"\0")
            arguments = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if (
            is_ours
            and int(entry.name) != os.getpid()
            and (argument is None or argument.encode() in arguments)
        ):
            yield int(entry.name)
