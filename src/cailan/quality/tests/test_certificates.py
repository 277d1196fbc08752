"""The promise certificate and the labels, as they are issued, printed and scanned."""

from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from http import HTTPStatus

import pytest
import zxingcpp
from django.test import Client
from django.utils import timezone

from cailan.kernel.access import SYSTEM
from cailan.labels import queries as labels
from cailan.ledger import services as ledger
from cailan.lots import queries as lots
from cailan.parties.models import Party
from cailan.quality import queries, services
from cailan.quality.queries import papers
from cailan.quality.services import problems
from cailan.quality.tests import factories
from cailan.quality.tests.browsing import client_of, filled, text_of
from cailan.quality.tests.factories import lot_with, pack

pytestmark = pytest.mark.django_db


def issue(actor, lot, **fields):
    wanted = {
        "lot": lot.code, "bases": ["control"], "quantity": Decimal(20), "uom": "KGM", "signature": actor.party_name,
        "origin": "广东省增城区",
        "at": timezone.now(),
    }  # fmt: skip
    return services.issue_certificate(actor, **(wanted | fields))


@contextmanager
def refused(reason):
    with pytest.raises(problems.NotPromised) as problem:
        yield
    assert problem.value.extra["reason"] == reason


class TestIssuing:
    def test_carries_all_fields_in_the_form_of_the_day(self, world):
        issue(world["base"], world["lot"])

        found = queries.certificate_of(world["lot"].id)
        assert (found.pattern, found.form, found.bases) == ("producer", "2026", ("control",))
        assert (found.product, found.quantity, found.uom, found.issuer) == ("菜心", 20, "KGM", "绿源种植基地")
        assert found.contact == "138****8000"

    def test_an_older_day_takes_the_older_form(self, base, limits):
        at = datetime(2025, 12, 1, 1, 0, tzinfo=UTC)
        lot = lot_with(base, at)

        issue(base, lot, bases=["own-word"], at=at)

        assert queries.certificate_of(lot.id).form == "2021"

    def test_a_basis_by_test_needs_the_test_of_what_was_used(self, world):
        lot = lot_with(world["base"], world["at"], ("氯氰菊酯", "吡虫啉"))
        with refused("no-self-test"):
            issue(world["base"], lot, bases=["self-test"])
        factories.make_self_test(world["base"], lot, item="氯氰菊酯", at=timezone.now())

        with pytest.raises(problems.NotPromised, match="吡虫啉"):
            issue(world["base"], lot, bases=["self-test"])

        factories.make_self_test(world["base"], lot, item="吡虫啉", at=timezone.now())
        assert issue(world["base"], lot, bases=["self-test"])

    def test_a_test_under_another_name_covers_the_substance(self, world):
        lot = lot_with(world["base"], world["at"], ("一遍净",))
        factories.make_self_test(world["base"], lot, item="吡虫啉", at=timezone.now())

        assert issue(world["base"], lot, bases=["self-test"])

    def test_banned_substances_get_none(self, world):
        lot = lot_with(world["base"], world["at"], ("克百威",))

        with pytest.raises(problems.NotPromised, match="克百威"):
            issue(world["base"], lot)

    def test_neither_do_held_or_failed_goods(self, world):
        factories.make_self_test(world["base"], world["lot"], passes=False, at=timezone.now())

        with refused("lot-held"):
            issue(world["base"], world["lot"])

    def test_one_stands_at_a_time_and_a_void_one_is_replaced(self, world):
        first = issue(world["base"], world["lot"])
        with pytest.raises(problems.AlreadyPromised):
            issue(world["base"], world["lot"])

        services.void_certificate(world["base"], certificate_id=first, reason="数量写错", at=timezone.now())
        second = issue(world["base"], world["lot"], replaces_id=first)

        kept = queries.certificates_of(world["base"], world["lot"].id)
        assert [(one.id, one.is_void) for one in kept] == [(second, False), (first, True)]
        with pytest.raises(problems.AlreadyVoid):
            services.void_certificate(world["base"], certificate_id=first, reason="又", at=timezone.now())

    def test_the_same_key_is_one_certificate(self, world):
        assert issue(world["base"], world["lot"], client_key="k") == issue(
            world["base"], world["lot"], client_key="k"
        )

    def test_who_packs_goods_of_others_needs_their_certificates(self, at_centre, now):
        base, centre, lot = at_centre["base"], at_centre["centre"], at_centre["lot"]
        factories.make_report(centre, lot, at_centre["lab"], at=now)
        bags = lots.get_lot(centre, pack(centre, lot, "20", at=now))
        with refused("no-source"):
            issue(centre, bags)
        source = issue(base, lot, quantity=Decimal(100))

        with refused("sources-too-small"):
            issue(centre, bags, source_ids=[source], quantity=Decimal(120))
        issue(centre, bags, source_ids=[source])

        found = queries.certificate_of(bags.id)
        assert (found.pattern, found.sources) == ("purchaser", (source,))

    def test_the_audit_finds_what_was_changed(self, world):
        from cailan.quality.models import Certificate

        issue(world["base"], world["lot"])
        ledger.sequence_once()
        assert not ledger.audit(SYSTEM).alterations
        Certificate.objects.update(contact="10086", quantity=Decimal(9999))

        assert {one.where for one in ledger.audit(SYSTEM).alterations} == {"contact", "quantity"}


class TestPage:
    @pytest.mark.requirement("S0-2.3.2-3")
    def test_one_code_opens_certificate_and_chain_and_prints_as_one_label(self, world):
        client = client_of(world["base"])
        code = world["lot"].code
        page = client.get(f"/lots/{code}/certificate")

        issued = client.post(f"/lots/{code}/certificate", filled(page) | {"origin": "广东省增城区"})
        shown = text_of(Client().get(f"/certificates/{code}"))
        label = client.get(f"/lots/{code}/label-certificate.pdf")
        zebra = client.get(f"/lots/{code}/label-certificate.zpl")

        assert issued["Location"] == f"/certificates/{code}"
        for words in (
            "承诺达标合格证",
            "未使用禁用农药",
            "绿源种植基地",
            "菜心",
            "100",
            f"/t/{code}",
            code[:4],
        ):
            assert words in shown
        assert label.content.startswith(b"%PDF")
        assert zebra.content.startswith(b"^XA")
        content = papers.certificate_label(queries.certificate_of(world["lot"].id), code)
        assert content.qr_text.endswith(f"/t/{code}")
        assert ("产品名称", "菜心") in content.lines
        assert len([name for name, _value in content.lines if name]) == 7

    def test_the_whole_paper(self, world):
        issue(world["base"], world["lot"])

        answer = client_of(world["base"]).get(f"/lots/{world['lot'].code}/label-paper.pdf")

        assert answer.content.startswith(b"%PDF")

    def test_the_public_reads_no_phone_and_no_persons_name(self, world):
        issue(world["base"], world["lot"], signature="黄志强")
        Party.objects.filter(pk=world["base"].party_id).update(kind="individual")

        page = text_of(Client().get(f"/certificates/{world['lot'].code}"))

        assert "13800138000" not in page
        assert "黄志强" not in page

    def test_what_is_refused_stays_filled_in(self, world):
        client = client_of(world["base"])
        address = f"/lots/{world['lot'].code}/certificate"
        page = client.get(address)

        answer = client.post(address, filled(page) | {"bases": ["self-test"], "origin": "仙村镇"})

        assert answer.status_code == HTTPStatus.CONFLICT
        assert "bases" in answer.context["form"].errors
        assert 'value="仙村镇"' in text_of(answer)

    @pytest.mark.parametrize(
        "wrong",
        [{"quantity": "-5"}, {"quantity": "many"}, {"uom": "XXX"}, {"signature": " "}, {"bases": ["magic"]}],
    )
    def test_wrong_input(self, world, wrong):
        client = client_of(world["base"])
        address = f"/lots/{world['lot'].code}/certificate"

        answer = client.post(address, filled(client.get(address)) | {"origin": "增城"} | wrong)

        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert set(wrong) <= set(answer.context["form"].errors)

    def test_without_one_the_page_says_so(self, world):
        assert Client().get(f"/certificates/{world['lot'].code}").status_code == HTTPStatus.NOT_FOUND


class TestBasketLabel:
    @pytest.mark.requirement("S0-2.2-9")
    def test_only_for_goods_that_passed_and_a_later_failure_warns(self, at_centre, now):
        centre, lot = client_of(at_centre["centre"]), at_centre["lot"]
        too_early = centre.get(f"/lots/{lot.code}/label-basket.pdf")
        factories.make_report(at_centre["centre"], lot, at_centre["lab"], at=now)

        passed = centre.get(f"/lots/{lot.code}/label-basket.pdf")
        printed = centre.get(f"/lots/{lot.code}/label-basket.zpl")
        sample = services.take_sample(
            at_centre["regulator"], lot=lot.code, holder_id=at_centre["centre"].party_id,
            lab_id=at_centre["lab"].party_id, at=now,
        )  # fmt: skip
        factories.accept(at_centre["lab"], sample, at=now)
        factories.report_on(at_centre["lab"], sample, value="0.37", at=now)

        assert too_early.status_code == HTTPStatus.CONFLICT
        assert passed.content.startswith(b"%PDF")
        assert printed.content.startswith(b"^XA")
        assert centre.get(f"/lots/{lot.code}/label-basket.pdf").status_code == HTTPStatus.CONFLICT
        scan = Client()
        scan.cookies["django_language"] = "en"
        assert "On hold: do not sell, do not eat" in text_of(scan.get(f"/t/{lot.code}"))

    def test_the_code_on_it_leads_to_the_chain(self, at_centre, now):
        import io

        from PIL import Image

        lot = at_centre["lot"]
        factories.make_report(at_centre["centre"], lot, at_centre["lab"], at=now)

        content = queries.basket_content(at_centre["centre"], lot)

        picture = Image.open(io.BytesIO(labels.qr_png(content.qr_text, 300)))
        assert zxingcpp.read_barcode(picture).text.endswith(f"/t/{lot.code}")
        assert content.marks == ("检测合格",)

    def test_the_page_offers_what_may_be_printed(self, at_centre, now):
        centre, lot = client_of(at_centre["centre"]), at_centre["lot"]

        before = text_of(centre.get(f"/lots/{lot.code}/labels"))
        factories.make_report(at_centre["centre"], lot, at_centre["lab"], at=now)
        after = text_of(centre.get(f"/lots/{lot.code}/labels"))

        assert "No report yet" in before
        assert "label-basket.pdf" in after
