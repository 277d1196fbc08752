"""Several writers, several sequencers, crashes: no gap, no duplicate, every checkpoint a prefix."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from cailan.kernel.access import SYSTEM
from cailan.ledger import services as ledger
from cailan.ledger.models import Checkpoint, LogEntry, Record
from cailan.ledger.services import sequencing
from cailan.ledger.tests.factories import NOON, append, signing_actor, statements

pytestmark = pytest.mark.django_db(transaction=True)


def in_thread(work):
    """Run work on a connection of its own, and close it."""

    def run():
        try:
            return work()
        finally:
            connection.close()

    return run


def other_session():
    settings = connection.get_connection_params()
    wanted = {
        name: settings[name] for name in ("dbname", "user", "password", "host", "port") if settings.get(name)
    }
    return psycopg.connect(**wanted, autocommit=True)


def check_log():
    report = ledger.audit(SYSTEM)
    assert report.is_sound, report.alterations
    assert list(LogEntry.objects.order_by("seq").values_list("seq", flat=True)) == list(range(report.entries))
    assert report.entries == Record.objects.count()


def test_a_transaction_that_began_earlier_and_ends_later_leaves_no_gap():
    """Its records have smaller numbers than records committed meanwhile; the log waits for it."""
    actor = signing_actor()
    ledger.sequence_once()
    has_written, may_end = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            ids = ledger.append(actor, statements(2), at=NOON)
            has_written.set()
            assert may_end.wait(30)
        return ids

    with ThreadPoolExecutor(1) as pool:
        slow_ids = pool.submit(in_thread(slow))
        assert has_written.wait(30)
        quick_ids = append(actor, statements(3))
        assert ledger.sequence_once() == 0  # the horizon is the slow transaction
        may_end.set()
        early = slow_ids.result(30)

    assert early[0] < quick_ids[0]
    assert ledger.sequence_once() == 5
    assert (
        list(LogEntry.objects.order_by("seq").values_list("record_id", flat=True))[-5:] == early + quick_ids
    )
    check_log()


def test_a_transaction_that_fails_later_leaves_no_trace():
    actor = signing_actor()
    with transaction.atomic():
        ledger.append(actor, statements(2), at=NOON)
        transaction.set_rollback(True)
    append(actor, statements(3))
    assert ledger.sequence_once() == 6
    check_log()


def test_many_writers_and_two_sequencers_together_lose_and_double_nothing():
    actors = [signing_actor(party) for party in (7, 8, 9)]
    stop = threading.Event()

    def write(actor):
        for _ in range(15):
            append(actor, statements(4))

    def sequence():
        while not stop.is_set():
            ledger.sequence_once(limit=7)

    with ThreadPoolExecutor(5) as pool:
        sequencers = [pool.submit(in_thread(sequence)) for _ in range(2)]
        for writer in [pool.submit(in_thread(lambda actor=actor: write(actor))) for actor in actors]:
            writer.result(60)
        stop.set()
        for one in sequencers:
            one.result(60)
    while ledger.sequence_once():
        pass

    assert Record.objects.count() == 3 * 15 * 4 + 5
    check_log()


@pytest.mark.parametrize("step", ["_write", "_move_cursor", "_signed_note"])
def test_a_crash_before_the_commit_leaves_the_log_as_it_was(monkeypatch, step):
    actor = signing_actor()
    append(actor, statements(3))
    ledger.sequence_once()
    append(actor, statements(300))
    original = getattr(sequencing, step)

    def crash(*args):
        original(*args)
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(sequencing, step, crash)
        with pytest.raises(KeyboardInterrupt):
            ledger.sequence_once()
    assert list(Checkpoint.objects.values_list("size", flat=True)) == [6]

    assert ledger.sequence_once() == 300  # the same process goes on; its tree had already grown
    check_log()


def test_a_sequencer_killed_at_work_leaves_a_sound_log():
    actor = signing_actor()
    for _ in range(5):
        append(actor, statements(400))
    sequencer = subprocess.Popen(
        [sys.executable, "-c", KILLED], env={**os.environ, "TEST_DATABASE": connection.settings_dict["NAME"]}
    )
    assert sequencer.wait(60) == -signal.SIGKILL

    assert Checkpoint.objects.count() == 1
    while ledger.sequence_once():
        pass
    check_log()


KILLED = """
import os, signal
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
django.setup()
from cailan.ledger.services import sequencing
sequencing.sequence_once(limit=100)
sequencing._move_cursor = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
sequencing.sequence_once(limit=100)
"""


def test_a_second_sequencer_is_refused():
    with other_session() as first:
        first.execute("SELECT pg_advisory_lock(%s)", [sequencing._SEQUENCER_LOCK])
        with pytest.raises(CommandError, match="Another sequencer"):
            call_command("sequencer", "--once")


def test_the_command_carries_what_waits_and_ends(capsys):
    append(signing_actor(), statements(3))
    call_command("sequencer", "--once")
    assert "6 records" in capsys.readouterr().out
    check_log()


def test_the_running_sequencer_ends_cleanly_when_asked():
    append(signing_actor(), statements(3))
    running = subprocess.Popen(
        [sys.executable, "-c", RUNNING],
        env={**os.environ, "TEST_DATABASE": connection.settings_dict["NAME"]},
        stdout=subprocess.PIPE,
        text=True,
    )
    while running.stdout.readline() != "ready\n":
        assert running.poll() is None
    running.send_signal(signal.SIGTERM)
    out, _ = running.communicate(timeout=60)
    assert running.returncode == 0
    assert "records carried" in out
    check_log()


RUNNING = """
import os
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
django.setup()
from cailan.ledger.services import sequencing
from cailan.ledger import services
from django.core.management import call_command
def told(limit=20000, carry=sequencing.sequence_once):
    carried = carry(limit)
    if not carried:
        print("ready", flush=True)
    return carried
services.sequence_once = told
call_command("sequencer")
"""
