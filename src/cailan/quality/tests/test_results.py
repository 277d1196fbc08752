"""The public list of results, and what concerns one party."""

import re
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from django.utils import timezone

from cailan.parties.models import Party
from cailan.parties.tests.factories import make_actor, make_party
from cailan.quality import services
from cailan.quality.tests import factories
from cailan.quality.tests.browsing import client_of, text_of
from cailan.quality.tests.factories import send

pytestmark = pytest.mark.django_db


class TestResults:
    @pytest.fixture
    def failed(self, world, at_centre, now):
        factories.make_report(world["centre"], world["lot"], world["lab"], at=now - timedelta(minutes=50))
        send(world["centre"], world["stall"], world["lot"], "30", at=now - timedelta(minutes=40))
        sample = services.take_sample(
            world["regulator"], lot=world["lot"].code, holder_id=world["stall"].party_id,
            lab_id=world["lab"].party_id, at=now,
        )  # fmt: skip
        factories.accept(world["lab"], sample, at=now)
        return factories.report_on(world["lab"], sample, value="0.37", at=now)

    @pytest.mark.requirement("S1-4.4-2")
    def test_anybody_reads_failures_and_how_they_were_handled(self, world, failed, now):
        services.record_handling(world["regulator"], report_id=failed, text="已下架并销毁", at=now)
        client = Client()
        client.cookies["django_language"] = "en"

        page = text_of(client.get("/results"))

        for words in (
            "老陈菜档",
            "江南批发市场",
            "粤测检测",
            "0.37 mg/kg",
            "已下架并销毁",
            "On hold at every holder",
            "Failed",
        ):
            assert words in page
        assert "林检" not in page

    @pytest.mark.requirement("S1-4.4-2")
    def test_by_market_product_and_date(self, world, failed):
        client = Client()
        market = world["market"].party_id
        today = timezone.localdate()

        def found(**query):
            return len(client.get("/results", query).context["page"].items)

        assert found(market=market) == 1
        assert found(product="菜心", since=today, until=today) == 2
        assert found(product="榴莲") == found(since=today + timedelta(days=1)) == 0
        assert found(verdict="failed") == 1

    @pytest.mark.requirement("S1-4.3-3")
    def test_a_merchant_sees_what_concerns_the_stall_and_opens_the_report(self, world, failed):
        client = client_of(world["stall"])

        page = text_of(client.get("/results/mine"))
        report = client.get(f"/reports/{failed}")
        document = re.search(r"/documents/(\d+)", text_of(report))[0]

        assert page.count("菜心") >= 2
        assert b"".join(client.get(document)).startswith(b"%PDF")

    def test_others_see_nothing_there(self, world, failed):
        stranger = client_of(make_actor(make_party("merchant", region="440305")))

        assert "No result concerns you" in text_of(stranger.get("/results/mine"))
        assert "signed paper" not in text_of(stranger.get(f"/reports/{failed}"))

    def test_an_entrusted_one_is_not_public(self, world, at_centre, now):
        report = factories.make_report(world["base"], world["lot"], world["lab"], at=now)

        assert Client().get(f"/reports/{report}").status_code == HTTPStatus.NOT_FOUND
        assert client_of(world["base"]).get(f"/reports/{report}").status_code == HTTPStatus.OK

    def test_persons_stay_unnamed(self, world, now, failed):
        Party.objects.filter(pk=world["stall"].party_id).update(kind="individual", name="黄志强")

        page = text_of(Client().get("/results"))

        assert "黄*" in page
        assert "黄志强" not in page

    def test_stays_within_its_queries(self, world, failed, django_assert_max_num_queries):
        with django_assert_max_num_queries(6):
            Client().get("/results")

    def test_so_do_the_others(self, world, failed, django_assert_max_num_queries):
        stall, lab = client_of(world["stall"]), client_of(world["lab"])
        for client, address, most in (
            (stall, "/results/mine", 12), (stall, f"/reports/{failed}", 18), (lab, "/samples", 14),
            (lab, "/limits", 16),
        ):  # fmt: skip
            with django_assert_max_num_queries(most):
                assert client.get(address).status_code == HTTPStatus.OK

    def test_the_handling_form_publishes(self, world, failed):
        client = client_of(world["regulator"])

        client.post(f"/reports/{failed}", {"verb": "handle", "text": "责令下架"})

        assert "责令下架" in text_of(Client().get("/results"))
        assert (
            client_of(world["stall"]).post(f"/reports/{failed}", {"verb": "handle", "text": "x"}).status_code
            == 403
        )


class TestAbsurdities:
    @pytest.mark.parametrize(
        "query", ["since=0001-01-01", "until=9999-12-31", "product=%25", "market_id=9223372036854775807"]
    )
    def test_no_question_breaks_the_list(self, world, query):
        assert Client().get(f"/api/v1/results?{query}").status_code == HTTPStatus.OK
        assert Client().get(f"/results?{query}").status_code == HTTPStatus.OK

    @pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00"])
    def test_no_moment_breaks_an_entry(self, world, moment):
        item = {"item": "毒死蜱", "method": "GB 1", "value": "0.01"}
        body = {"items": [item], "tested_at": moment}

        answer = client_of(world["base"]).post(
            f"/api/v1/lots/{world['lot'].code}/self-tests", body, content_type="application/json"
        )

        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY

    def test_the_same_key_gives_the_first_answer(self, world):
        client = client_of(world["base"])
        body = {"items": [{"item": "毒死蜱", "method": "GB 1", "value": "0.01"}]}

        answers = [
            client.post(
                f"/api/v1/lots/{world['lot'].code}/self-tests",
                body,
                content_type="application/json",
                headers={"idempotency-key": "k-1"},
            ).json()
            for _ in range(2)
        ]

        assert answers[0] == answers[1]
