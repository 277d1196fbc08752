"""Products for machines."""

from typing import Annotated

from django.utils import timezone
from ninja import Path, Query, Router, Status

from cailan.kernel.access import ActorRequest
from cailan.kernel.paging import Page
from cailan.products import queries, services
from cailan.products.rules.facts import CategoryFacts, MainProductFacts, ProductFacts, ProductFile
from cailan.products.schemas import (
    CategoryOut,
    GtinIn,
    MainProductOut,
    MainProductsIn,
    ProductFileOut,
    ProductIn,
    ProductOut,
    ProductsOut,
)

router = Router(tags=["products"])
SlugPath = Annotated[str, Path(max_length=60, pattern=r"^[a-z0-9-]+$")]
Text = Annotated[str, Query(max_length=100)]
Cursor = Annotated[str, Query(max_length=400)]
Limit = Annotated[int, Query(ge=1, le=500)]


@router.get("/products", response=ProductsOut)
def list_products(
    request: ActorRequest,
    category: Annotated[str, Query(max_length=40)] = "",
    text: Text = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Page[ProductFacts]:
    """List the catalogue by pinyin: all categories in one list, or a branch of it."""
    return queries.list_products(request.actor, category=category, text=text, cursor=cursor, limit=limit)


@router.get("/products/search", response=list[ProductOut])
def search(
    request: ActorRequest, text: Text = "", limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> list[ProductFacts]:
    """Search while typing; what one's party deals in comes first."""
    # A tuple of two would be taken for a status and an answer.
    return list(queries.search(text, party_id=request.actor.party_id, limit=limit))


@router.get("/products/{slug}", response=ProductFileOut)
def get_product(request: ActorRequest, slug: SlugPath) -> ProductFile:
    """Show one product with all its names."""
    return queries.get_product(request.actor, slug)


@router.post("/products", response={201: ProductOut})
def register_product(request: ActorRequest, body: ProductIn) -> Status[ProductFacts]:
    """Register a product of one's own."""
    product_id = services.register_product(request.actor, **body.dict(), at=timezone.now())
    return Status(201, queries.facts([product_id])[product_id])


@router.get("/categories", response=list[CategoryOut])
def list_categories(request: ActorRequest) -> tuple[CategoryFacts, ...]:
    """List the branches of the catalogue, each parent before its children."""
    return queries.list_categories()


@router.get("/main-products", response=list[MainProductOut])
def main_products(request: ActorRequest) -> tuple[MainProductFacts, ...]:
    """List what one's party deals in."""
    return queries.main_products(request.actor)


@router.put("/main-products", response=list[MainProductOut])
def choose_main_products(request: ActorRequest, body: MainProductsIn) -> tuple[MainProductFacts, ...]:
    """Make these, and no others, the list of what one's party deals in."""
    services.choose_main_products(request.actor, slugs=body.slugs, at=timezone.now())
    return queries.main_products(request.actor)


@router.put("/main-products/{slug}/gtin", response={204: None})
def name_own_gtin(request: ActorRequest, slug: SlugPath, body: GtinIn) -> Status[None]:
    """Give one's own trade item number to a product one deals in."""
    services.name_own_gtin(request.actor, slug=slug, gtin=body.gtin, at=timezone.now())
    return Status(204, None)
