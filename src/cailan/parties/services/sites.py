"""Places: bases with their plots, plants, centres, markets with their stalls."""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cailan.gs1.errors import Gs1Error
from cailan.gs1.keys import parse_gln
from cailan.kernel import audit
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import Conflict, InvalidInput
from cailan.parties.models import Party, Region, Site
from cailan.parties.rules import kinds, uris
from cailan.parties.rules.kinds import SiteKind
from cailan.parties.services.externals import mint_token
from cailan.parties.services.sealing import seal_sites


@transaction.atomic
def add_site(
    actor: Actor,
    *,
    kind: str,
    name: str,
    at: datetime,
    code: str = "",
    region: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    parent_id: int | None = None,
    gln: str = "",
    address: str = "",
) -> int:
    """Add a place to the actor's party; plots lie in one's own base, stalls in a market. Return its id."""
    actor.require(Permission.PARTY_MANAGE)
    party = Party.objects.select_for_update(of=("self",)).get(pk=actor.acting_party_id)
    parent = _parent(party, kind, parent_id)
    region = region or (parent.region_id if parent else None) or party.region_id or ""
    _check_place(region=region, latitude=latitude, longitude=longitude, gln=gln, name=name)
    _refuse_twin(party, parent, kind, name.strip(), code.strip())
    site = Site(
        party=party,
        kind=kind,
        uri=uris.site_uri(settings.CAILAN.id_url, mint_token(), gln or None),
        name=name.strip(),
        code=code.strip(),
        gln=gln or None,
        parent=parent,
        region_id=region or None,
        address=address,
        latitude=latitude,
        longitude=longitude,
    )
    try:
        with transaction.atomic():
            site.save()
    except IntegrityError:
        raise Conflict(_("This GLN belongs to another place already."), where="gln") from None
    audit.record(actor, "parties.site.added", f"site:{site.pk}", kind=kind)
    seal_sites(actor, "parties.site_added", [site.uri], at=at)
    return site.pk


def _parent(party: Party, kind: str, parent_id: int | None) -> Site | None:
    if kind not in set(SiteKind):
        raise InvalidInput(errors=[{"where": "kind", "what": _("Choose the kind of place from the list.")}])
    parent = Site.objects.select_for_update().filter(pk=parent_id).first() if parent_id is not None else None
    # A stall lies in somebody else's market; everything else in a place of one's own.
    is_foreign = parent is not None and parent.party_id != party.pk and parent.kind != SiteKind.MARKET
    if is_foreign or (parent_id is not None and parent is None):
        raise InvalidInput(
            errors=[{"where": "parent_id", "what": _("Choose one of your own places, or a market.")}]
        )
    if refusal := kinds.why_not_place(SiteKind(kind), SiteKind(parent.kind) if parent else None):
        raise InvalidInput(errors=[{"where": "parent_id", "what": _(refusal.message), "code": refusal.code}])
    return parent


def _check_place(
    *, region: str, latitude: float | None, longitude: float | None, gln: str, name: str
) -> None:
    errors = []
    if not name.strip():
        errors.append({"where": "name", "what": _("Give the place a name.")})
    if region and not Region.objects.filter(pk=region).exists():
        errors.append({"where": "region", "what": _("Choose the region from the list.")})
    if (latitude is None) != (longitude is None):
        errors.append({"where": "latitude", "what": _("State both latitude and longitude, or neither.")})
    if latitude is not None and not -90 <= latitude <= 90:  # noqa: PLR2004 (degrees)
        errors.append({"where": "latitude", "what": _("A latitude lies between -90 and 90 degrees.")})
    if longitude is not None and not -180 <= longitude <= 180:  # noqa: PLR2004 (degrees)
        errors.append({"where": "longitude", "what": _("A longitude lies between -180 and 180 degrees.")})
    if gln:
        try:
            parse_gln(gln)
        except Gs1Error:
            errors.append({"where": "gln", "what": _("A GLN has 13 digits, the last one a check digit.")})
    if errors:
        raise InvalidInput(errors=errors)


def _refuse_twin(party: Party, parent: Site | None, kind: str, name: str, code: str) -> None:
    """Refuse the same stall number in one market, and the same place of one party."""
    if parent is not None and code and Site.objects.filter(parent=parent, kind=kind, code=code).exists():
        raise Conflict(_("This number is taken in the place it lies in. Check the number."), where="code")
    if Site.objects.filter(party=party, kind=kind, name=name, code=code, parent=parent).exists():
        raise Conflict(_("This place is in your list already."), where="name")
