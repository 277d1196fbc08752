"""Parties for machines."""

from typing import Annotated

from django.utils import timezone
from ninja import Path, Query, Router, Status

from cailan.kernel.access import ActorRequest
from cailan.kernel.paging import Page
from cailan.kernel.problems import NotFound
from cailan.parties import queries, services
from cailan.parties.rules.facts import CounterpartyFacts, PartyFacts, PartyFile, RegionFacts, SiteFacts
from cailan.parties.schemas import (
    AgencyIn,
    CounterpartiesOut,
    CounterpartyIn,
    IdOut,
    MemberIn,
    NumberIn,
    PartiesOut,
    PartyFileOut,
    PartyOut,
    RefusalIn,
    RegionOut,
    RegisteredOut,
    RegistrationIn,
    SiteIn,
    SiteOut,
)

router = Router(tags=["parties"])
PartyId = Annotated[int, Path(ge=1, lt=2**63)]
Kind = Annotated[str, Query(max_length=30)]
Text = Annotated[str, Query(max_length=100)]
RegionCode = Annotated[str, Query(max_length=12, pattern=r"^[0-9A-Z]*$")]
Cursor = Annotated[str, Query(max_length=400)]
Limit = Annotated[int, Query(ge=1, le=500)]


@router.post("/registrations", response={201: RegisteredOut}, auth=None)
def register(request: ActorRequest, body: RegistrationIn) -> Status[RegisteredOut]:
    """Register an organisation or person; an officer decides. Open to everybody."""
    now = timezone.now()
    services.count_try(request.actor, at=now)
    party_id = services.register(request.actor, **body.dict(), at=now)
    return Status(201, RegisteredOut(id=party_id, status="pending"))


@router.get("/registrations", response=list[PartyOut])
def list_registrations(request: ActorRequest) -> tuple[PartyFacts, ...]:
    """List one's own registrations that nobody has approved yet."""
    return queries.list_registrations(request.actor)


@router.get("/parties", response=PartiesOut)
def list_parties(
    request: ActorRequest,
    kind: Kind = "",
    status: Kind = "",
    region: RegionCode = "",
    text: Text = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Page[PartyFacts]:
    """List the parties one sees, newest first: those in one's area, market or book."""
    return queries.list_parties(
        request.actor, kind=kind, status=status, region=region, text=text, cursor=cursor, limit=limit
    )


@router.post("/parties/by-number", response=PartyOut)
def find_party(request: ActorRequest, body: NumberIn) -> PartyFacts:
    """Find a subject by its registration number."""
    found = queries.find_by_identity(request.actor, body.id_scheme, body.id_number)
    if found is None:
        raise NotFound
    return found


@router.get("/parties/{party_id}", response=PartyFileOut)
def get_party(request: ActorRequest, party_id: PartyId) -> PartyFile:
    """Show one party."""
    return queries.get_file(request.actor, party_id)


@router.post("/parties/{party_id}/approval", response=PartyFileOut)
def approve(request: ActorRequest, party_id: PartyId) -> PartyFile:
    """Approve a registration: the party may sign and take part."""
    services.approve(request.actor, party_id=party_id, at=timezone.now())
    return queries.get_file(request.actor, party_id)


@router.post("/parties/{party_id}/refusal", response={204: None})
def refuse(request: ActorRequest, party_id: PartyId, body: RefusalIn) -> Status[None]:
    """Refuse a registration with a reason."""
    services.refuse(request.actor, party_id=party_id, reason=body.reason, at=timezone.now())
    return Status(204, None)


@router.get("/parties/{party_id}/sites", response=list[SiteOut])
def list_sites(request: ActorRequest, party_id: PartyId) -> tuple[SiteFacts, ...]:
    """List the places of a party."""
    return queries.sites_of(request.actor, party_id)


@router.post("/sites", response={201: SiteOut})
def add_site(request: ActorRequest, body: SiteIn) -> Status[SiteFacts]:
    """Add a place to one's own party."""
    site_id = services.add_site(request.actor, **body.dict(), at=timezone.now())
    return Status(201, queries.get_site(request.actor, site_id))


@router.get("/market-sites", response=list[SiteOut])
def list_markets(request: ActorRequest) -> tuple[SiteFacts, ...]:
    """List the markets in which a stall may lie."""
    return queries.market_sites(request.actor)


@router.post("/agencies", response={201: IdOut})
def create_agency(request: ActorRequest, body: AgencyIn) -> Status[IdOut]:
    """Create an authority with its area; the platform operator only."""
    return Status(201, IdOut(id=services.create_agency(request.actor, **body.dict(), at=timezone.now())))


@router.post("/organisation/members", response={201: IdOut})
def add_member(request: ActorRequest, body: MemberIn) -> Status[IdOut]:
    """Open an account for a person of one's own party."""
    return Status(201, IdOut(id=services.add_member(request.actor, **body.dict(), at=timezone.now())))


@router.get("/counterparties", response=CounterpartiesOut)
def list_counterparties(
    request: ActorRequest, text: Text = "", kind: Kind = "", cursor: Cursor = "", limit: Limit = 50
) -> Page[CounterpartyFacts]:
    """List one's own suppliers and customers, newest first."""
    return queries.counterparties(request.actor, text=text, kind=kind, cursor=cursor, limit=limit)


@router.post("/counterparties", response={201: IdOut})
def add_counterparty(request: ActorRequest, body: CounterpartyIn) -> Status[IdOut]:
    """Keep a supplier or customer; the answer is the id of the party behind it."""
    return Status(201, IdOut(id=services.add_counterparty(request.actor, **body.dict(), at=timezone.now())))


@router.get("/regions", response=list[RegionOut], auth=None)
def list_regions(
    request: ActorRequest, parent: RegionCode = "CN", text: Text = ""
) -> tuple[RegionFacts, ...]:
    """List the regions below one, or find regions by a part of their name. Open to everybody."""
    return queries.search_regions(text) if text else queries.list_regions(parent)
