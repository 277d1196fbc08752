"""Alerts, recalls and notices: officials by area, holders by notice, everybody by announcement or link."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from cailan.lots.tests.factories import hand_over, make_lot
from cailan.supervision import services
from cailan.supervision.models import NoticeLine, Return
from cailan.supervision.tests import factories as make

OPERATIONS = """\
GET    /alerts                               403 403 403 200 200 200 403 401
GET    /alerts/{alert}                       403 403 403 200 404 200 403 401
POST   /alerts/{alert}/acknowledgement       403 403 403 204 404 403 403 401
POST   /alerts/{alert}/handling              403 403 403 204 404 403 403 401
GET    /lots/{lot}/recall-proposal           403 403 403 200 404 403 403 401
POST   /recalls                              403 403 403 201 404 403 403 401
GET    /recalls                              403 403 403 200 200 200 403 401
GET    /recalls/{recall}                     403 403 403 200 404 200 403 401
GET    /recalls/{recall}/progress            403 403 403 200 404 200 403 401
GET    /recalls/{recall}/holders             403 403 403 200 404 200 403 401
GET    /recalls/{recall}/messages            403 403 403 200 404 403 403 401
POST   /recalls/{recall}/escalation          403 403 403 200 404 403 403 401
POST   /recalls/{recall}/closing             403 403 403 200 404 403 403 401
POST   /recalls/{recall}/release             403 403 403 409 404 403 403 401
GET    /work-calendar/{year}                 403 403 403 200 200 403 403 401
PUT    /work-calendar/days/{day}             403 403 403 204 204 403 403 401
GET    /notices                              200 200 200 200 200 200 200 401
GET    /notices/{notice}                     200 404 404 404 404 404 200 401
POST   /notices/{notice}/confirmation        204 404 404 404 404 404 204 401
POST   /notices/{notice}/answers             201 404 404 404 404 404 201 401
POST   /notices/{notice}/forwards            201 404 404 404 404 404 201 401
POST   /notices/{notice}/returns             200 404 404 404 404 404 200 401
GET    /recall-links/{token}                 200 200 200 200 200 200 200 200
POST   /recall-links/{token}/confirmation    204 204 204 204 204 204 204 204
POST   /recall-links/{token}/answers         201 201 201 201 201 201 201 201
POST   /recall-links/{token}/forwards        201 201 201 201 201 201 201 201
GET    /announcements                        200 200 200 200 200 200 200 200
GET    /announcements/{recall}               200 200 200 200 200 200 200 200
"""

PAGES = """\
supervision:alerts             403 403 403 200 200 200 S   S
supervision:alert              403 403 403 200 404 200 S   S
supervision:acknowledge        405 405 405 405 405 405 S   S
supervision:handle             405 405 405 405 405 405 S   S
supervision:decide             403 403 403 200 404 403 S   S
supervision:recalls            403 403 403 200 200 200 S   S
supervision:recall             403 403 403 200 404 200 S   S
supervision:progress           403 403 403 200 404 200 S   S
supervision:messages           403 403 403 200 404 403 S   S
supervision:escalate           405 405 405 405 405 405 S   S
supervision:close              405 405 405 405 405 405 S   S
supervision:release            405 405 405 405 405 405 S   S
supervision:calendar           403 403 403 200 200 403 S   S
supervision:notices            200 200 200 200 200 200 S   S
supervision:notice             200 404 404 404 404 404 S   S
supervision:confirm            405 405 405 405 405 405 S   S
supervision:forward            405 405 405 405 405 405 S   S
supervision:returns            405 405 405 405 405 405 S   S
supervision:answer             200 200 200 200 200 200 200 200
supervision:confirm_by_link    405 405 405 405 405 405 405 405
supervision:forward_by_link    405 405 405 405 405 405 405 405
supervision:public_recalls     200 200 200 200 200 200 200 200
supervision:public_recall      200 200 200 200 200 200 200 200
"""

BODIES = {
    "POST /alerts/{alert}/handling": {"note": "seen to"},
    "POST /recalls": {
        "lot": "{lot}", "kind": "withdrawal", "level": "2", "place": "plot 7", "happened_at": "{now}",
        "known_at": "{now}", "responsible_id": "{base}", "reason": "residue", "instruction": "stop selling",
    },
    "POST /recalls/{recall}/closing": {"reason": "nothing left"},
    "POST /recalls/{recall}/release": {"reason": "safe"},
    "PUT /work-calendar/days/{day}": {"is_workday": False, "name": "holiday", "source": "notice"},
    "POST /notices/{notice}/answers": {"occurred_at": "{now}", "lines": [{"line_id": "{notice_line}", "missing": "1"}]},
    "POST /notices/{notice}/forwards": {"name": "a canteen", "phone": "13400134000"},
    "POST /notices/{notice}/returns": {"return_ids": ["{return}"]},
    "POST /recall-links/{token}/confirmation": {"by_name": "Li"},
    "POST /recall-links/{token}/answers": {"occurred_at": "{now}", "lines": []},
    "POST /recall-links/{token}/forwards": {"name": "a canteen", "phone": "13400134000"},
}  # fmt: skip

PARAMETERS = {
    "alert_id": "alert",
    "recall": "recall",
    "notice_id": "notice",
    "token": "token",
}


def extend(world):
    """Let a second lot of the owner fail, be recalled, partly come back, and be passed on to a canteen."""
    at = timezone.now() - timedelta(hours=2)
    owner, partner = world.actors["owner"], world.actors["partner"]
    lot = make_lot(owner, "20", at=at - timedelta(hours=1), number="7-1121")
    hand_over(owner, partner, lot, "5", at=at - timedelta(hours=1))
    scandal = SimpleNamespace(
        lot=lot, base=owner, regulator=world.actors["regulator"], lab_id=world.actors["lab"].party_id
    )
    alert = make.make_alert(scandal, at=at)
    number = make.start(scandal, at=at)
    make.answer(partner, number, at=at + timedelta(minutes=5), key="back", returned="5")
    notice = make.notice_to(number, owner)
    child = services.forward_notice(
        owner,
        notice_id=notice.pk,
        name="学校食堂",
        phone="13500135000",
        quantities={},
        at=at,
        client_key="child",
    )
    world.facts |= {
        "alert": alert, "recall": number, "notice": notice.pk, "token": child.token,
        "notice_line": NoticeLine.objects.get(notice=notice).pk, "return": Return.objects.get().pk,
        "year": 2026, "day": "2026-12-25",
    }  # fmt: skip
