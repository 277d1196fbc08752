"""The pages as people use them."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.utils import timezone

from cailan.parties.tests.factories import make_actor, make_party
from cailan.quality import queries, services
from cailan.quality.tests import factories
from cailan.quality.tests.browsing import client_of, filled, text_of

pytestmark = pytest.mark.django_db


class TestSelfTest:
    @pytest.mark.requirement("S0-2.2-6")
    @pytest.mark.requirement("S0-2.2-7")
    def test_one_screen_and_the_lot_may_leave(self, world, now):
        client = client_of(world["base"])
        code = world["lot"].code
        held_back = client.post("/api/v1/lots/transfer", transfer(world), content_type="application/json")
        page = client.get(f"/lots/{code}/self-test")

        sent = client.post(f"/lots/{code}/self-test", filled(page) | {"line_0": "darker", "kit": "批号 0912"})

        assert held_back.status_code == HTTPStatus.CONFLICT
        assert "waits for its self-test" in held_back.json()["detail"]
        assert "data-offline" in text_of(page)
        assert sent["Location"] == f"/lots/{code}"
        assert queries.state_of([world["lot"].id])[world["lot"].id].self_test == "passed"
        let_go = client.post("/api/v1/lots/transfer", transfer(world), content_type="application/json")
        assert let_go.status_code == HTTPStatus.CREATED

    def test_a_second_tap_is_one_test(self, world):
        client = client_of(world["base"])
        address = f"/lots/{world['lot'].code}/self-test"
        data = filled(client.get(address)) | {"line_0": "darker"}

        client.post(address, data)
        client.post(address, data)

        assert len(queries.results_of([world["lot"].id])[world["lot"].id]) == 1

    def test_a_photo_is_kept_with_it(self, world):
        from tests.access.world import PNG, upload

        client = client_of(world["base"])
        address = f"/lots/{world['lot'].code}/self-test"

        client.post(address, filled(client.get(address)) | {"line_0": "darker", "photo": upload(PNG)})

        [test] = queries.results_of([world["lot"].id])[world["lot"].id]
        assert test.document_id

    def test_the_queue_of_a_phone_is_told(self, world):
        client = client_of(world["base"])
        address = f"/lots/{world['lot'].code}/self-test"
        data = filled(client.get(address))

        refused = client.post(address, data, headers={"accept": "application/json"})
        taken = client.post(address, data | {"line_0": "lighter"}, headers={"accept": "application/json"})

        assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert refused.json()["errors"][0]["where"] == "item_0"
        assert taken.json()["state"] == "accepted"

    @pytest.mark.parametrize(
        ("wrong", "where"),
        [
            ({"method": "enzyme", "inhibition_1": ""}, "inhibition_1"),
            ({"method": "enzyme", "inhibition_1": "much"}, "inhibition_1"),
            ({"method": "card"}, "pad"), ({"method": "magic"}, "method"), ({"line_0": "purple"}, "line_0"),
            ({"method": "instrument", "value_0": "0.01"}, "standard"),
            ({"method": "instrument", "standard": "GB 1", "value_0": "9" * 25}, "value_0"),
            ({"line_0": "darker", "occurred_at": "yesterday"}, "occurred_at"),
            ({"line_0": "darker", "occurred_at": "2099-01-01T00:00"}, "occurred_at"),
            ({"line_0": "darker", "kit": "x\x00"}, "kit"),
            ({"line_0": "darker", "item_1": "", "line_1": "darker"}, "item_1"),
        ],
    )  # fmt: skip
    def test_wrong_input_is_said_at_its_field_and_the_rest_stays(self, world, wrong, where):
        client = client_of(world["base"])
        address = f"/lots/{world['lot'].code}/self-test"

        answer = client.post(address, filled(client.get(address)) | {"kit": "批号 0912"} | wrong)

        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert where in answer.context["form"].errors
        assert "kit" in wrong or 'value="批号 0912"' in text_of(answer)


def transfer(world):
    return {
        "occurred_at": timezone.now().isoformat(),
        "lines": [{"lot": world["lot"].code, "quantity": "10", "uom": "KGM"}],
        "to_party_id": counterparty(world),
    }


def counterparty(world):
    from cailan.parties import services as parties

    return parties.add_counterparty(world["base"], name="增城配送中心", at=timezone.now(), is_customer=True)


class TestLaboratory:
    def test_from_request_to_signed_report_through_the_pages(self, world, at_centre, now):
        centre, lab = client_of(world["centre"]), client_of(world["lab"])
        code = world["lot"].code

        page = centre.get(f"/lots/{code}/request-test")
        sample = centre.post(f"/lots/{code}/request-test", filled(page) | {"lab": world["lab"].party_id})[
            "Location"
        ]
        assert "To be accepted" in text_of(lab.get("/samples"))
        lab.post(sample, {"verb": "accept", "lab_number": "Y-7", "condition": "完好"})
        bench = lab.get(sample)
        live = text_of(
            lab.get(f"{sample}/judge", {"row": "0", "item_0": "氯氰菊酯", "value_0": "1.3", "unit": "mg/kg"})
        )
        for words in ("above the limit", "Hong Kong", "within the limit"):
            assert words in live
        entered = filled(bench, bench.context["forms"]["results"]) | {
            "method": "GB 23200.113",
            "value_0": "0.01",
            "verb": "results",
        }
        assert lab.post(sample, entered)["Location"] == sample
        lab.post(sample, {"verb": "sign"})

        done = text_of(lab.get(sample))
        assert "Signed report" in done
        assert "May go to: Mainland, Hong Kong, Macao" in done
        assert queries.state_of([world["lot"].id])[world["lot"].id].incoming == "passed"

    def test_an_objection_and_its_window_are_shown(self, world, at_centre, now):
        sample = factories.make_sample(world["centre"], world["lot"], world["lab"], at=now)
        services.enter_results(
            world["lab"], sample_id=sample, entries=[factories.strip(is_negative=False)], at=now
        )
        centre = client_of(world["centre"])

        page = text_of(centre.get(f"/samples/{sample}"))
        centre.post(f"/samples/{sample}", {"verb": "object", "reason": "不认可"})

        assert "One may object until" in page
        assert "不认可" in text_of(centre.get(f"/samples/{sample}"))

    def test_after_the_window_the_form_is_gone_and_the_door_refuses(self, world, at_centre, now):
        at = now - timedelta(hours=5)
        sample = factories.make_sample(world["centre"], world["lot"], world["lab"], at=now)
        test = services.enter_results(
            world["lab"], sample_id=sample, entries=[factories.strip(is_negative=False)], at=now
        )
        from cailan.quality.models import Test

        Test.objects.filter(pk=test).update(recorded_at=at)
        centre = client_of(world["centre"])

        page = text_of(centre.get(f"/samples/{sample}"))
        answer = centre.post(
            f"/api/v1/tests/{test}/objection", {"reason": "晚"}, content_type="application/json"
        )

        assert "closed at" in page
        assert "Object to the result" not in page
        assert answer.json()["type"].endswith("objection-too-late")

    def test_signing_what_is_not_ready_says_why(self, world, at_centre, now):
        sample = factories.make_sample(world["centre"], world["lot"], world["lab"], at=now)
        lab = client_of(world["lab"])

        answer = lab.post(f"/samples/{sample}", {"verb": "sign"})

        assert answer.status_code == HTTPStatus.CONFLICT
        assert "Nothing was entered yet" in text_of(answer)

    def test_the_laboratory_states_its_number(self, world):
        client = client_of(make_actor(make_party("lab", "新检测")))

        answer = client.post(
            "/laboratory", {"cma_number": "2026001", "cma_valid_to": "2030-01-01", "scope": ""}
        )

        assert answer["Location"] == "/samples"
        assert "2026001" in str(queries.laboratories(world["operator"], on=timezone.now()))


class TestLimits:
    @pytest.mark.requirement("S0-1-2")
    def test_three_columns_and_the_strictest(self, world):
        page = text_of(client_of(world["lab"]).get("/limits", {"product": "菜心", "substance": "毒死蜱"}))

        for words in ("0.02 mg/kg", "1 mg/kg", "0.1 mg/kg", "to be verified", "GB 2763", "Cap. 132CM"):
            assert words in page

    @pytest.mark.parametrize("query", [{"on": "nonsense"}, {"product": "不存在"}, {"product": "x" * 200}])
    def test_wrong_questions_are_told(self, world, query):
        assert client_of(world["lab"]).get("/limits", query).status_code == HTTPStatus.UNPROCESSABLE_ENTITY

    def test_a_dry_run_then_the_loading(self, world):
        client = client_of(world["operator"])
        table = factories.LIMITS.replace("0.7", "0.6") + "XX,,a,1,mg/kg,s,,2021-01-01\n"
        from django.core.files.uploadedfile import SimpleUploadedFile

        tried = client.post("/limits/import", {"file": SimpleUploadedFile("a.csv", table.encode())})
        client.post("/limits/import", {"text": tried.context["text"], "load": "1"})

        assert (tried.context["report"].changed, tried.context["report"].refused) == (1, 1)
        assert "Write CN, HK, MO or GBA." in text_of(tried)
        assert "0.6 mg/kg" in text_of(client.get("/limits", {"substance": "氯氰菊酯"}))

    @pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b'a,b\n"', "地区\n".encode()])
    def test_no_table_breaks_it(self, world, content):
        from django.core.files.uploadedfile import SimpleUploadedFile

        answer = client_of(world["operator"]).post(
            "/limits/import", {"file": SimpleUploadedFile("a.csv", content)}
        )

        assert answer.status_code in {HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_ENTITY}
