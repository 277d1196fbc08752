"""Supervision for machines: alerts and recalls for officials, notices for holders, announcements for everybody."""

from ninja import Router

from cailan.supervision.api import links, notices, officials, public

router = Router()
for _part in (officials, notices, links, public):
    router.add_router("", _part.router)
