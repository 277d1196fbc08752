"""Supervision as people and machines use it: through pages, links and the REST interface."""

import io
import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from cailan.accounts import services as accounts
from cailan.accounts.models import User
from cailan.kernel.access import PUBLIC, SYSTEM
from cailan.kernel.problems import NotAllowed
from cailan.ledger import services as ledger
from cailan.lots import queries as lots
from cailan.parties.models import Party
from cailan.supervision import queries
from cailan.supervision.models import Answer, Notice, NoticeLine, Recall
from cailan.supervision.tests import factories as make
from cailan.trade.rules.tickets import Kind
from cailan.trade.tests import factories as trade

pytestmark = pytest.mark.django_db


def photo():
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(stream, "PNG")
    return SimpleUploadedFile("destroyed.png", stream.getvalue())


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def scandal(now):
    return make.make_scandal(at=now - timedelta(hours=8))


@pytest.fixture
def recall(scandal, now):
    return make.start(scandal, at=now - timedelta(hours=2))


@pytest.fixture
def sign_in():
    def client_of(actor, role="owner"):
        party = Party.objects.get(pk=actor.acting_party_id)
        user = User.objects.create(username=f"u{party.pk}{role}", password_changed_at=timezone.now())
        accounts.grant(
            SYSTEM, user_id=user.pk, party_id=party.pk, party_name=party.name, party_kind=party.kind,
            region=party.area_id or "", role=role,
        )  # fmt: skip
        client = Client()
        client.force_login(user)
        client.cookies["django_language"] = "en"
        return client

    return client_of


def text_of(response):
    return response.content.decode()


def fields_of(page):
    """Return what a form that was opened is sent with: its hidden and prefilled fields."""
    form = page.context["form"]
    found = {}
    for bound in form:
        value = bound.value()
        if hasattr(value, "strftime"):
            value = value.strftime("%Y-%m-%dT%H:%M")
        found[bound.html_name] = "" if value is None else value
    return {name: value for name, value in found.items() if name != "photo"}


def line_of(number, party):
    return make.notice_to(number, party).lines.order_by("pk")[0]


class TestOfficials:
    def test_two_clicks_from_the_alert_to_people_and_kilos_and_one_to_the_recall(self, scandal, sign_in, now):
        alert = make.make_alert(scandal, at=now - timedelta(hours=1))
        client = sign_in(scandal.regulator)

        home = text_of(client.get("/alerts"))
        first = client.get(re.search(r"/alerts/\d+", home)[0])
        second = client.get(re.search(rf"/lots/{scandal.lot.code}\?view=circulation", text_of(first))[0])

        for word in (
            "毒死蜱",
            "绿源基地",
            "13800138000",
            "13700137000",
            "13600136000",
            "街口小店",
            "Hong Kong",
            "64",
            "20",
            "15",
        ):
            assert word in text_of(first)
        assert "<svg" in text_of(second).partition("c-chain")[2]  # the picture of the whole way
        decide = client.get(f"/supervision/decide/{scandal.lot.code}?alert={alert}")
        answer = client.post(f"/supervision/decide/{scandal.lot.code}?alert={alert}", fields_of(decide))
        assert answer.status_code == 302, answer.context["form"].errors
        board = text_of(client.get(answer["Location"]))
        assert "13500135000" in board
        assert lots.get_lot(scandal.base, scandal.bags).is_held
        assert queries.get_alert(scandal.regulator, alert).state == "handled"

    def test_who_may_not_open_the_board_is_led_to_the_announcement(self, scandal, sign_in, now):
        alert = make.make_alert(scandal, at=now - timedelta(hours=1))
        number = make.start(scandal, at=now, alert_id=alert)
        lab = sign_in(make.make_actor(Party.objects.get(pk=scandal.lab_id)))

        page = text_of(lab.get(f"/alerts/{alert}"))

        assert f"/supervision/recalls/{number}" not in page
        assert lab.get(f"/recalls/{number}").status_code == 200
        assert f'"/recalls/{number}"' in page

    @pytest.mark.requirement("S1-4.4-4")
    def test_the_announcement_is_public_at_once(self, scandal, recall):
        listed = text_of(Client(headers={"accept-language": "en"}).get("/recalls"))
        page = text_of(Client(headers={"accept-language": "en"}).get(f"/recalls/{recall}"))

        assert recall in listed
        for word in ("毒死蜱超标", "原购买摊位", "7-1120", "绿源基地", "Level two"):
            assert word in page
        assert "13800138000" not in page

    def test_a_refused_decision_keeps_what_was_typed(self, scandal, sign_in):
        client = sign_in(scandal.regulator)
        address = f"/supervision/decide/{scandal.lot.code}"
        sent = fields_of(client.get(address)) | {"place": "某地\x00", "known_at": "31.12.", "reason": "因为"}

        answer = client.post(address, sent)

        assert answer.status_code == 422
        assert {"place", "known_at"} <= set(answer.context["form"].errors)
        assert "因为" in text_of(answer)
        assert not Recall.objects.exists()

    def test_the_moving_part_is_light(self, scandal, recall, sign_in, django_assert_max_num_queries):
        client = sign_in(scandal.regulator)
        client.get("/alerts")
        with django_assert_max_num_queries(14):
            page = client.get(f"/supervision/recalls/{recall}/progress")
        text = text_of(page)
        assert 'hx-trigger="every 2s"' in text
        assert len(text) < 6_000

        make.answer(scandal.stall, recall, at=timezone.now(), key="a", destroyed="10")

        moved = text_of(client.get(f"/supervision/recalls/{recall}/progress"))
        width = re.compile(r'id="rc-recovered-KGM" width="([\d.]+)"')
        assert (width.search(text)[1], float(width.search(moved)[1])) == ("0.0", pytest.approx(11.9, abs=0.1))

    @pytest.mark.parametrize("address", ["/alerts", "/supervision/recalls", "/supervision/recalls/{}"])
    def test_lists_stay_within_their_queries(
        self, scandal, recall, sign_in, now, address, django_assert_max_num_queries
    ):
        for number in range(4):
            make.make_alert(scandal, report_id=number, at=now)
        client = sign_in(scandal.regulator)
        with django_assert_max_num_queries(24):
            assert client.get(address.format(recall)).status_code == 200

    def test_messages_are_shown_for_what_they_are(self, scandal, recall, sign_in):
        make.deliver()

        text = text_of(sign_in(scandal.regulator).get(f"/supervision/recalls/{recall}/messages"))

        assert "simulator" in text
        assert "/r/" in text

    def test_closes_with_a_reason_only_and_the_report_opens(self, scandal, recall, sign_in):
        client = sign_in(scandal.regulator)

        refused = client.post(f"/supervision/recalls/{recall}/close", {"reason": ""})
        closed = client.post(f"/supervision/recalls/{recall}/close", {"reason": "货值小，余货已封存"})

        assert refused.status_code == 409
        assert closed.status_code == 302
        report = Recall.objects.get().report_id
        document = client.get(f"/documents/{report}")
        assert b"".join(document)[:5] == b"%PDF-"
        released = client.post(f"/supervision/recalls/{recall}/release", {"reason": "检验合格"})
        assert released.status_code == 302
        assert not lots.get_lot(scandal.base, scandal.lot.code).is_held
        for address in ("", "/messages"):
            assert client.get(f"/supervision/recalls/{recall}{address}").status_code == 200

    def test_an_alert_is_settled_with_a_note(self, scandal, sign_in, now):
        alert = make.make_alert(scandal, at=now)
        client = sign_in(scandal.regulator)

        empty = client.post(f"/alerts/{alert}/handle", {"note": " "})
        client.post(f"/alerts/{alert}/acknowledge")
        client.post(f"/alerts/{alert}/handle", {"note": "已核实"})

        assert empty.status_code == 422
        assert "已核实" in text_of(client.get(f"/alerts/{alert}"))

    def test_a_market_sees_its_own_stalls_only(self, scandal, recall, sign_in):
        text = text_of(sign_in(scandal.market).get(f"/supervision/recalls/{recall}"))

        assert "老陈菜档" in text
        assert "13600136000" not in text
        assert "Ask the silent again" not in text

    def test_the_calendar_is_edited(self, scandal, sign_in):
        client = sign_in(scandal.regulator)
        day = {
            "day": "2027-02-04",
            "is_workday": "0",
            "name": "春节调休",
            "source": "通知",
            "is_verified": "on",
        }

        assert client.post("/supervision/calendar", day).status_code == 302
        assert "春节调休" in text_of(client.get("/supervision/calendar?year=2027"))
        assert client.post("/supervision/calendar", day | {"day": "2027-02-31"}).status_code == 422
        assert client.get("/supervision/calendar?year=9999").status_code == 200


class TestHolders:
    def test_confirms_and_answers_with_a_photo(self, scandal, recall, sign_in):
        client = sign_in(scandal.stall)
        notice = make.notice_to(recall, scandal.stall)
        assert recall in text_of(client.get("/notices"))
        page = client.get(f"/notices/{notice.pk}")
        client.post(f"/notices/{notice.pk}/confirm")
        sent = fields_of(page) | {f"destroyed_{line_of(recall, scandal.stall).pk}": "20", "photo": photo()}

        refused = client.post(f"/notices/{notice.pk}", sent)
        sent |= {f"destroyed_{line_of(recall, scandal.stall).pk}": "4", "photo": photo()}
        taken = client.post(f"/notices/{notice.pk}", sent)

        assert refused.status_code == 422
        assert "At most 10" in text_of(refused)
        assert 'value="20"' in text_of(refused)
        assert taken.status_code == 302
        notice.refresh_from_db()
        assert notice.confirmed_at is not None
        assert Answer.objects.get().photo_id is not None
        assert lots.stock(scandal.stall, text=scandal.lot.code).items[0].remaining == 6

    def test_an_offline_phone_sends_the_same_answer_twice(self, scandal, recall, sign_in):
        client = sign_in(scandal.stall)
        notice = make.notice_to(recall, scandal.stall)
        sent = fields_of(client.get(f"/notices/{notice.pk}"))
        sent[f"destroyed_{line_of(recall, scandal.stall).pk}"] = "4"
        sent["occurred_at"] = timezone.localtime(timezone.now() - timedelta(hours=1)).strftime(
            "%Y-%m-%dT%H:%M"
        )

        first, again = (
            client.post(f"/notices/{notice.pk}", sent, headers={"accept": "application/json"})
            for _ in range(2)
        )
        sent |= {"client_key": "other", f"destroyed_{line_of(recall, scandal.stall).pk}": "40"}
        refused = client.post(f"/notices/{notice.pk}", sent, headers={"accept": "application/json"})

        assert first.json() == again.json()
        assert first.json()["state"] == "accepted"
        assert Answer.objects.count() == 1
        assert refused["Content-Type"] == "application/problem+json"
        assert refused.json()["errors"][0]["where"].startswith("destroyed_")

    def test_the_responsible_party_takes_returned_goods_in(self, scandal, recall, sign_in):
        make.answer(scandal.stall, recall, at=timezone.now(), key="a", returned="10")
        client = sign_in(scandal.base)
        notice = make.notice_to(recall, scandal.base)
        page = text_of(client.get(f"/notices/{notice.pk}"))
        [number] = re.findall(r'name="return" value="(\d+)"', page)

        client.post(f"/notices/{notice.pk}/returns", {"return": [number, "x", "9" * 30]})

        assert NoticeLine.objects.get(notice=notice).received == 10

    def test_passes_it_on_and_gets_the_link_to_send(self, scandal, recall, sign_in):
        client = sign_in(scandal.stall)
        notice = make.notice_to(recall, scandal.stall)
        line = line_of(recall, scandal.stall)
        wrong = {"client_key": "f", "name": "面馆", "phone": "call me", f"quantity_{line.pk}": "two"}

        refused = client.post(f"/notices/{notice.pk}/forward", wrong)
        client.post(
            f"/notices/{notice.pk}/forward", wrong | {"phone": "13400134000", f"quantity_{line.pk}": "2"}
        )
        page = text_of(client.get(f"/notices/{notice.pk}"))

        assert refused.status_code == 422
        assert {"phone"} <= set(refused.context["forward_form"].errors) | {"phone"}
        link = re.search(r"/r/[A-Za-z0-9_-]{22}", page)[0]
        assert "面馆" in page
        assert Client().get(link).status_code == 200
        assert link not in text_of(client.get(f"/notices/{notice.pk}"))  # shown once


class TestLink:
    @pytest.fixture
    def link(self, scandal, recall):
        rows = queries.list_messages(SYSTEM, recall, limit=500).items
        [text] = [one.text for one in rows if one.name == "学校食堂公司" and one.channel == "sms"]
        return "/r/" + text.rpartition("/r/")[2]

    def test_opens_confirms_and_answers_without_an_account(self, scandal, recall, link):
        client = Client(headers={"accept-language": "en"})
        page = client.get(link)
        line = line_of(recall, scandal.canteen_id)
        assert "学校食堂公司" in text_of(page)
        assert page["Cache-Control"] == "private, no-store"
        assert "htmx" not in text_of(page)

        assert client.post(f"{link}/confirm", {"by_name": ""}).status_code == 422
        client.post(f"{link}/confirm", {"by_name": "李"})
        sent = fields_of(page) | {"by_name": "李", f"destroyed_{line.pk}": "5", "photo": photo()}
        answer = client.post(link, sent)

        assert answer.status_code == 302, answer.context["form"].errors
        line.refresh_from_db()
        assert line.destroyed == 5
        assert Answer.objects.get().photo_id is not None
        assert not ledger.audit(SYSTEM).alterations

    @pytest.mark.parametrize("value", ["-3", "x" * 40, "1e99", "５００", "4\x00"])
    def test_wrong_figures_stand_at_their_field(self, scandal, recall, link, value):
        client = Client(headers={"accept-language": "en"})
        line = line_of(recall, scandal.canteen_id)
        sent = fields_of(client.get(link)) | {"by_name": "李", f"destroyed_{line.pk}": value}

        answer = client.post(link, sent)

        assert answer.status_code == 422
        assert f"destroyed_{line.pk}" in answer.context["form"].errors
        assert not Answer.objects.exists()

    def test_guessing_is_slowed_down(self, recall):
        client = Client()
        states = [client.get(f"/r/{'A' * 22}").status_code for _ in range(62)]

        assert states[0] == 404
        assert states[-1] == 429

    def test_a_machine_answers_too(self, scandal, recall, link):
        client = Client()
        address = f"/api/v1/recall-links/{link[3:]}"
        file = client.get(address).json()
        body = {
            "occurred_at": timezone.now().isoformat(),
            "lines": [{"line_id": file["lines"][0]["line_id"], "missing": "1.5"}],
        }

        made = client.post(
            f"{address}/answers", json.dumps(body), content_type="application/json",
            headers={"idempotency-key": "m"},
        )  # fmt: skip

        assert made.status_code == 201
        assert line_of(recall, scandal.canteen_id).missing == Decimal("1.5")


def test_whom_a_ticket_names_is_told_by_its_phone(now):
    stall = trade.make_stall()
    lot = make.make_lot(stall, "50", at=now - timedelta(hours=5))
    retail = trade.order(
        trade.line(lot, "3"), kind=Kind.RETAIL, buyer_name="陈小姐", buyer_phone="13212345678",
        at=now - timedelta(hours=4), payment="cash",
    )  # fmt: skip
    trade.issue_ticket(stall, order=retail, at=now - timedelta(hours=4))
    regulator = make.make_actor(make.make_party("regulator", area="440118"))
    scandal = type("Small", (), {"lot": lot, "base": stall, "regulator": regulator})()

    number = make.start(scandal, at=now)

    told = Notice.objects.get(recall__number=number, tier=1)
    assert (told.name, told.phone, told.lines.get().quantity) == ("陈小姐", "13212345678", 3)
    assert told.parent == make.notice_to(number, stall)
    recall = queries.get_recall(regulator, number)
    [bar] = queries.progress(regulator, recall, at=now).bars
    assert (bar.start, bar.outside, bar.sold) == (47, 3, 3)


def test_nobody_without_the_link_reads_a_notice(recall):
    assert queries.list_public().items[0].number == recall
    with pytest.raises(NotAllowed):
        queries.get_notice(PUBLIC, Notice.objects.first().pk)
