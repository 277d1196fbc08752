"""The silent are asked again; the recall is closed with its report and released by decision."""

from datetime import timedelta
from decimal import Decimal

import pytest

from cailan.documents import queries as documents
from cailan.kernel.access import PUBLIC, SYSTEM
from cailan.kernel.problems import NotAllowed, NotFound
from cailan.lots import queries as lots
from cailan.parties.models import Party
from cailan.supervision import queries, services
from cailan.supervision.models import Alert, Recall
from cailan.supervision.rules.sums import Figures
from cailan.supervision.services import Said
from cailan.supervision.tests import factories as make
from cailan.supervision.tests.factories import LATER
from cailan.supervision.tests.looking import bar, sound, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scandal():
    return make.make_scandal()


class TestSilence:
    def test_the_silent_are_asked_again_and_shown_above(self, scandal):
        number = make.start(scandal)
        make.answer(scandal.stall, number, at=LATER + timedelta(hours=1), key="a", missing="10")
        early = services.escalate(scandal.regulator, number=number, at=LATER + timedelta(hours=11))
        late = LATER + timedelta(hours=13)

        count = services.escalate_due(SYSTEM, at=late)
        again = services.escalate_due(SYSTEM, at=late)

        assert (early, count, again) == (0, 4, 0)  # base, wholesaler, canteen, shop
        notice = make.notice_to(number, scandal.canteen_id)
        assert (notice.escalations, notice.due_at) == (1, late + timedelta(hours=12))
        assert notice.links.count() == 2
        alert = Alert.objects.get(kind="recall-silent")
        assert number in alert.text
        assert queries.get_alert(scandal.city, alert.pk).recall == number
        recall = queries.get_recall(scandal.regulator, number)
        assert queries.progress(scandal.regulator, recall, at=late).counts.silent == 4
        assert sound() == []

    def test_a_link_that_was_sent_first_still_opens(self, scandal):
        number = make.start(scandal)
        token = token_of(make.notice_to(number, scandal.canteen_id))

        services.escalate_due(SYSTEM, at=LATER + timedelta(hours=13))

        assert queries.notice_of_link(token).notice.escalations == 1

    def test_only_the_authority_or_one_above_escalates(self, scandal):
        number = make.start(scandal)

        assert services.escalate(scandal.city, number=number, at=LATER) == 0
        for actor, refusal in ((scandal.far, NotFound), (scandal.market, NotAllowed)):
            with pytest.raises(refusal):
                services.escalate(actor, number=number, at=LATER)


def settle_all(scandal, number, at):
    """Let everybody destroy what it has."""
    make.answer(scandal.base, number, at=at, key="z", destroyed="35")
    make.answer(scandal.stall, number, at=at, key="z", destroyed="10")
    make.answer(scandal.wholesaler, number, at=at, key="y", lot_code=scandal.lot.code, destroyed="25")
    make.answer(scandal.wholesaler, number, at=at, key="z", lot_code=scandal.bags, destroyed="9")
    token = token_of(make.notice_to(number, scandal.canteen_id))
    line = queries.notice_of_link(token).lines[0].id
    said = Said(lines=((line, Figures(destroyed=Decimal(5))),), occurred_at=at, by_name="李")
    services.answer_by_link(PUBLIC, token=token, said=said, at=at, client_key="z")


class TestClosing:
    def test_closes_when_the_figures_add_up_with_a_sealed_report(self, scandal):
        alert = make.make_alert(scandal)
        number = make.start(scandal, alert_id=alert)
        at = LATER + timedelta(hours=2)
        with pytest.raises(services.FiguresOpen):
            services.close_recall(scandal.regulator, number=number, at=at)
        settle_all(scandal, number, at)

        report = services.close_recall(scandal.regulator, number=number, at=at)

        recall = Recall.objects.get(number=number)
        content = documents.read_bytes(scandal.regulator, report)
        assert content.startswith(b"%PDF-")
        assert documents.get_document(scandal.regulator, report).digest == recall.report_sha256
        assert bar(number, scandal.regulator).recovered_share == 100
        assert queries.open_recalls_of([scandal.lot.id]) == {}
        assert lots.get_lot(scandal.base, scandal.lot.code).is_held  # until it is released by decision
        with pytest.raises(services.RecallEnded):
            make.answer(scandal.stall, number, at=at, key="late", destroyed="1")
        assert sound() == []

    def test_closes_with_a_reason_and_releases_by_decision(self, scandal):
        number = make.start(scandal)
        with pytest.raises(services.RecallStillOpen):
            services.release_recall(scandal.regulator, number=number, reason="x", at=LATER)

        services.close_recall(scandal.regulator, number=number, reason="复检合格", at=LATER)
        freed = services.release_recall(scandal.regulator, number=number, reason="复检合格", at=LATER)

        assert set(freed) == {scandal.lot.code, scandal.bags}
        assert not lots.get_lot(scandal.base, scandal.lot.code).is_held
        assert sound() == []

    def test_is_public_from_the_decision_on_with_persons_masked(self, scandal):
        Party.objects.filter(pk=scandal.base.party_id).update(kind="individual", name="黄志强")
        number = make.start(scandal)

        open_one = queries.open_recalls_of([lots.find_public(scandal.bags).id])
        found = queries.announcement(number)

        assert [one.number for one in open_one.values()] == [number]
        assert found.facts.producer == "黄*强" or "黄" in found.facts.producer
        assert found.facts.producer != "黄志强"
        assert {lot.code for lot in found.lots} == {scandal.lot.code, scandal.bags}
        assert [one.number for one in queries.list_public().items] == [number]


def test_the_clock_has_a_task():
    from cailan.supervision import tasks

    assert tasks.escalate_due.name == "supervision.escalate_due"
