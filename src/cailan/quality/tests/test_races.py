"""Two laboratories' clerks at one sample, a signature while another signs: one of them, and nothing half done."""

import threading

import pytest
from django.db import connection, connections
from django.utils import timezone

from cailan.kernel.problems import Problem
from cailan.quality import queries, services
from cailan.quality.tests import factories


def at_once(*acts):
    """Run acts in threads of their own and return what each gave or refused with."""
    barrier, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index, act):
        barrier.wait()
        try:
            answers[index] = act()
        except Problem as problem:
            answers[index] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index, act)) for index, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_two_signatures_make_one_report(self, at_centre, now):
        lab = at_centre["lab"]
        sample = factories.make_sample(at_centre["centre"], at_centre["lot"], lab, at=now)
        services.enter_results(lab, sample_id=sample, entries=[factories.measured()], at=now)

        def sign():
            return services.sign_report(lab, sample_id=sample, at=timezone.now())

        answers = at_once(sign, sign)

        assert sum(isinstance(one, int) for one in answers) == 1
        assert len(queries.get_sample(lab, sample).reports) == 1
        assert connection.is_usable()

    def test_two_requests_for_one_stock_are_one_sample(self, at_centre):
        centre, lot, lab = at_centre["centre"], at_centre["lot"], at_centre["lab"]

        def request():
            return services.request_test(centre, lot=lot.code, lab_id=lab.party_id, at=timezone.now())

        answers = at_once(request, request)

        assert sum(isinstance(one, int) for one in answers) == 1

    def test_one_key_at_once_is_one_self_test(self, world):
        base, lot = world["base"], world["lot"]

        def test():
            return services.self_test(
                base, lot=lot.code, entries=[factories.strip()], at=timezone.now(), client_key="same"
            )

        answers = at_once(test, test)

        assert len(set(answers)) == 1
        assert isinstance(answers[0], int)
