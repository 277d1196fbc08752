"""Look up what a request names (places, takers, products, regions, units), and fill in what follows from it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from cailan.gs1.errors import Gs1Error
from cailan.gs1.keys import normalise_gtin
from cailan.kernel.access import Actor
from cailan.kernel.problems import InvalidInput, NotFound
from cailan.lots.rules.requests import (
    AnyRequest,
    Awaits,
    Create,
    Dispatch,
    NewLot,
    Receive,
    Transfer,
    Transform,
)
from cailan.parties import queries as parties
from cailan.parties.rules.facts import SiteFacts
from cailan.parties.rules.kinds import PartyKind
from cailan.products import queries as products
from cailan.products.rules import units

Errors = list[dict[str, Any]]
Check = Callable[[Actor, Create], None]
_checks: list[Check] = []


def add_check(check: Check) -> None:
    """Let an upper floor refuse, by its Problem, a lot that may not begin yet (from an app's `ready`)."""
    _checks.append(check)


def check_beginning(actor: Actor, request: Create) -> None:
    """Ask every floor whether a lot may begin; every door by which one begins asks this."""
    for check in _checks:
        check(actor, request)


def complete(actor: Actor, request: AnyRequest) -> AnyRequest:
    """Return the request with its region filled in; raise InvalidInput naming each reference that leads nowhere."""
    errors: Errors = []
    site = _own_site(actor, request.site_id, errors)
    match request:
        case Create():
            _check_new(actor, request.lot, "lot", errors)
            region = _region(actor, request.region, site, errors)
            awaits = harvest_wait(actor.party_kind) or request.awaits
            request = replace(request, region=region, awaits=awaits)
            if not errors:
                check_beginning(actor, request)
        case Receive():
            _check_new(actor, request.lot, "lot", errors)
            _known(actor, request.supplier_id, "supplier_id", errors)
            if request.region:
                _region(actor, request.region, None, errors)
            request = replace(request, awaits=arrival_wait(actor.party_kind))
        case Transfer():
            taker = _known(actor, request.to_party_id, "to_party_id", errors)
            if not errors:
                _site_of(actor, request.to_party_id, request.to_site_id, errors)
            if request.to_party_id != actor.party_id:
                request = replace(request, awaits=arrival_wait(taker))
        case Dispatch(to_party_id=int(taker_id)):
            _known(actor, taker_id, "to_party_id", errors)
        case Transform():
            for index, new in enumerate(request.outputs):
                _check_new(actor, new, f"outputs.{index}", errors)
    if errors:
        raise InvalidInput(errors=errors)
    return request


def harvest_wait(maker_kind: str) -> str:
    """Return what goods wait for where they begin: a base tests all that leaves it (逢出必检)."""
    return str(Awaits.SELF_TEST) if maker_kind == PartyKind.BASE else ""


def arrival_wait(taker_kind: str) -> str:
    """Return what goods wait for where they arrive: a distribution centre tests all that comes in (逢进必检)."""
    return str(Awaits.INCOMING_TEST) if taker_kind == PartyKind.DISTRIBUTION_CENTRE else ""


def _own_site(actor: Actor, site_id: int | None, errors: Errors) -> SiteFacts | None:
    if site_id is None:
        return None
    found = {site.id: site for site in parties.sites_of(actor, actor.acting_party_id)}.get(site_id)
    if found is None:
        errors.append({"where": "site_id", "what": _("This is none of your places. Choose one of yours.")})
    return found


def _site_of(actor: Actor, party_id: int, site_id: int | None, errors: Errors) -> None:
    if site_id is not None and site_id not in {site.id for site in parties.sites_of(actor, party_id)}:
        errors.append({"where": "to_site_id", "what": _("This place does not belong to the taker.")})


def _known(actor: Actor, party_id: int, where: str, errors: Errors) -> str:
    """Return the kind of a party that the actor knows."""
    try:
        return str(parties.get_party(actor, party_id).kind)
    except NotFound:
        what = _("You do not know this party yet. Add it to your suppliers and customers first.")
        errors.append({"where": where, "what": what})
        return ""


def _region(actor: Actor, code: str | None, site: SiteFacts | None, errors: Errors) -> str | None:
    """Return the region stated, else the place's, else the party's own."""
    if code:
        if not parties.region_path(code):
            errors.append({"where": "region", "what": _("No region has this code (GB/T 2260).")})
        return code
    if site is not None and site.region:
        return site.region
    own = parties.facts([actor.acting_party_id]).get(actor.acting_party_id)
    return (own.region or None) if own else None


def _check_new(actor: Actor, new: NewLot, where: str, errors: Errors) -> None:
    if new.product_id is not None:
        found = products.facts([new.product_id]).get(new.product_id)
        if found is None or found.owner_id not in {None, actor.party_id}:
            errors.append({"where": f"{where}.product_id", "what": _("No such product in your library.")})
    elif not new.product_name.strip():
        errors.append(
            {"where": f"{where}.product_id", "what": _("Choose a product, or say what it is called.")}
        )
    if not new.number.strip():
        errors.append({"where": f"{where}.number", "what": _("Give the lot a number.")})
    if new.gtin is not None:
        try:
            normalise_gtin(new.gtin)
        except Gs1Error as error:
            errors.append({"where": f"{where}.gtin", "what": str(error)})
    try:
        units.check(new.quantity, new.uom)
    except units.UnitError as error:
        field = "uom" if error.code == "unknown-unit" else "quantity"
        errors.append({"where": f"{where}.{field}", "what": _(error.message)})
