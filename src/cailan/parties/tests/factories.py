"""Approved parties, their people and places, and sound numbers, for everybody's tests."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from cailan.accounts import rules as account_rules
from cailan.kernel.access import SYSTEM, Actor, Permission
from cailan.ledger import services as ledger
from cailan.parties.models import Party, Region, Site
from cailan.parties.rules import identity

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
_numbers = count(1)


def next_number() -> int:
    return next(_numbers)


def uscc_number(
    number: int | None = None, *, registrar: str = "9", category: str = "1", region: str = "440118"
) -> str:
    """Return a sound unified social credit code."""
    body = f"{number or next_number():08d}"
    organisation = body + identity.organisation_check(body)
    return (start := f"{registrar}{category}{region}{organisation}") + identity.uscc_check(start)


def resident_number(number: int | None = None, *, born: str = "19800101", region: str = "440118") -> str:
    """Return a sound resident identity number."""
    body = f"{region}{born}{(number or next_number()) % 1000:03d}"
    return body + identity.resident_check(body)


_TREE = {
    "CN": ("", "country", "中国", "China"),
    "440000": ("CN", "province", "广东省", "Guangdong"),
    "440100": ("440000", "city", "广州市", "Guangzhou"),
    "440300": ("440000", "city", "深圳市", "Shenzhen"),
    "440305": ("440300", "district", "南山区", "Nanshan"),
    "440117": ("440100", "district", "从化区", "Conghua"),
    "440118": ("440100", "district", "增城区", "Zengcheng"),
    "440118102": ("440118", "town", "石滩镇", "Shitan"),
    "440118107": ("440118", "town", "仙村镇", "Xiancun"),
    "810000": ("CN", "province", "香港特别行政区", "Hong Kong"),
    "820000": ("CN", "province", "澳门特别行政区", "Macao"),
}


def make_region(code: str) -> str:
    """Make a region with all above it, unless it is there."""
    parent, level, zh, en = _TREE.get(code, ("CN", "district", code, code))
    if code != "CN" and not Region.objects.filter(pk=code).exists():
        make_region(parent)
    Region.objects.get_or_create(
        code=code,
        defaults={
            "parent_id": parent or None,
            "level": level,
            "name_zh": zh,
            "name_zh_hant": zh,
            "name_en": en,
        },
    )
    return code


def make_party(kind: str = "base", name: str = "", region: str = "440118", **fields: Any) -> Party:
    """Return an approved party with its signing key; `area` makes a regulator's area."""
    number = next_number()
    for code in (region, fields.get("area"), fields.get("area_id")):
        if code:
            make_region(code)
    if "area" in fields:
        fields["area_id"] = fields.pop("area")
    values: dict[str, Any] = {
        "status": "approved",
        "uri": f"https://id.cailan.example/party/test-{number}",
        "approved_at": AT,
        **fields,
    }
    party = Party.objects.create(
        kind=kind, name=name or f"{kind} {number}", region_id=region or None, **values
    )
    if party.status == "approved":
        ledger.make_key(SYSTEM, party_id=party.pk, at=AT)
    return party


def make_actor(party: Party, role: str = "owner", **fields: Any) -> Actor:
    """Return an Actor of the party in a role, as signing in would build it."""
    values: dict[str, Any] = {
        "display_name": f"{role} of {party.name}",
        "party_id": party.pk,
        "party_name": party.name,
        "party_kind": party.kind,
        "role": role,
        "region": party.area_id or "",
        "permissions": frozenset(map(Permission, account_rules.permissions_for(party.kind, role))),
        "means": "password",
        "parties": ((party.pk, party.name),),
        **fields,
    }
    return Actor(**values)


def make_site(party: Party, kind: str = "base", name: str = "", **fields: Any) -> Site:
    """Return a place of the party."""
    number = next_number()
    values: dict[str, Any] = {
        "uri": f"https://id.cailan.example/site/test-{number}",
        "region_id": party.region_id,
        **fields,
    }
    return Site.objects.create(party=party, kind=kind, name=name or f"{kind} {number}", **values)
