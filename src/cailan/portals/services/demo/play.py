"""Set the stage and play: register, approve, then a week of trade with its real troubles."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import override

from cailan.accounts import queries as accounts
from cailan.accounts import services as account_services
from cailan.kernel.access import Actor
from cailan.ledger import services as ledger
from cailan.parties import services as parties
from cailan.portals.services.demo.cast import (
    ACCOUNTS,
    AGENCIES,
    CAST,
    PARTNERS,
    PASSWORD,
    Role,
    business_number,
    owner_number,
)
from cailan.portals.services.demo.steps import SHANGHAI
from cailan.portals.services.demo.week import Week


def load_demo(actor: Actor, *, at: datetime) -> bool:
    """Play the demonstration once, wholly or not at all; return False where it stands already."""
    if account_services.account_exists(actor, username="operator"):
        return False
    at = last_noon(at)
    with transaction.atomic(), override("zh-hans"):
        actors, places = _stage(actor, at)
        _introduce(actors, at)
        Week(actors, places, at).play()
    while ledger.sequence_once():
        pass
    _announce()
    return True


def last_noon(at: datetime) -> datetime:
    """Return the last noon in Shanghai: the stalls are open, the night's trade is booked, whatever the clock says."""
    noon = at.astimezone(SHANGHAI).replace(hour=12, minute=0, second=0, microsecond=0)
    return noon if noon <= at else noon - timedelta(days=1)


def _stage(actor: Actor, at: datetime) -> tuple[dict[str, Actor], dict[str, list[int]]]:
    actors: dict[str, Actor] = {}
    places: dict[str, list[int]] = {}
    actors["operator"] = _agency(
        actor,
        "operator",
        "菜篮平台运营中心（演示）",
        "Cailan Operations (demo)",
        "",
        "operator",
        "平台管理员",
        at,
    )
    for kind, name, name_en, area, login, person in AGENCIES:
        actors[login] = _agency(actor, kind, name, name_en, area, login, person, at)
    for number, role in enumerate(CAST, start=11):
        party_id = parties.register(
            actor,
            kind=role.kind,
            name=role.name,
            name_en=role.name_en,
            id_scheme=role.id_kind,
            id_number=business_number(role, number),
            region=role.region,
            legal_person=role.owner,
            legal_id_number=owner_number(number) if role.id_kind == "uscc" else "",
            contact_name=role.owner,
            phone=f"1380000{number:04d}" if role.id_kind == "uscc" else f"0000{number:04d}",
            username=role.login,
            password=PASSWORD,
            market_id=actors[role.market].party_id if role.market else None,
            at=at,
        )
        parties.approve(actors["operator"], party_id=party_id, at=at)
        actors[role.key] = _sign_in(role.login, at)
        places[role.key] = _settle(actors[role.key], role, places, at)
    return actors, places


def _introduce(actors: dict[str, Actor], at: datetime) -> None:
    """Let those who trade with each other keep each other in their books."""
    cast = {role.key: (role, business_number(role, number)) for number, role in enumerate(CAST, start=11)}
    for supplier, customers in PARTNERS.items():
        for customer in customers:
            for owner, other, place in (
                (supplier, customer, "is_customer"),
                (customer, supplier, "is_supplier"),
            ):
                role, number = cast[other]
                parties.add_counterparty(
                    actors[owner],
                    name=role.name,
                    id_scheme=role.id_kind,
                    id_number=number,
                    is_supplier=place == "is_supplier",
                    is_customer=place == "is_customer",
                    at=at,
                )


def _settle(actor: Actor, role: Role, places: dict[str, list[int]], at: datetime) -> list[int]:
    """Give a party its places: plots and houses within its base, stalls within their market."""
    mine: list[int] = []
    for place in role.places:
        parent = places[role.market][0] if role.market else mine[0] if mine else None
        mine.append(
            parties.add_site(
                actor,
                kind=place.kind,
                name=place.name,
                code=place.code,
                region=role.region,
                latitude=place.latitude,
                longitude=place.longitude,
                parent_id=parent,
                at=at,
            )
        )
    return mine


def _agency(
    actor: Actor, kind: str, name: str, name_en: str, area: str, login: str, person: str, at: datetime
) -> Actor:
    party_id = parties.create_agency(actor, kind=kind, name=name, name_en=name_en, area=area, at=at)
    user_id = account_services.open_account(
        actor, username=login, display_name=person, password=PASSWORD, at=at, must_change=False
    )
    account_services.grant(
        actor, user_id=user_id, party_id=party_id, party_name=name, party_kind=kind, region=area, role="owner"
    )
    return _sign_in(login, at)


def _sign_in(login: str, at: datetime) -> Actor:
    user = account_services.sign_in(username=login, password=PASSWORD, at=at)
    return accounts.build_actor(user, None)


def _announce() -> None:
    """Write the accounts where the sign-in page and `cailan up` show them."""
    lines = [f"{label}\t{login}\t{PASSWORD}" for label, login in ACCOUNTS]
    path = Path(settings.CAILAN.home) / "demo-accounts.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
