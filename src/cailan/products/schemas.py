"""The typed edge of products."""

from decimal import Decimal
from typing import Annotated

from ninja import Schema
from pydantic import Field

Name = Annotated[str, Field(max_length=80)]
Slug = Annotated[str, Field(max_length=60, pattern=r"^[a-z0-9-]+$")]


class ProductOut(Schema):
    id: int
    slug: str
    category: str
    category_name: str
    name: str
    name_zh: str
    name_zh_hant: str
    name_en: str
    name_yue: str
    pinyin: str
    uom: str
    gtin: str | None
    nyt3177_code: str
    gbt7635_code: str
    hs_code: str
    storage_min_celsius: Decimal | None
    storage_max_celsius: Decimal | None
    shelf_life_days: int | None
    owner_id: int | None


class ProductFileOut(Schema):
    facts: ProductOut
    aliases: list[str]
    categories: list[str]


class ProductsOut(Schema):
    items: list[ProductOut]
    next: str


class CategoryOut(Schema):
    code: str
    parent: str
    name: str
    nyt3177_code: str
    is_basket: bool
    depth: int


class MainProductOut(Schema):
    product: ProductOut
    since: str
    gtin: str | None


class MainProductsIn(Schema):
    """The whole list of what a party deals in."""

    slugs: Annotated[list[Slug], Field(max_length=500)]


class GtinIn(Schema):
    gtin: Annotated[str, Field(max_length=14)]


class ProductIn(Schema):
    """A product of one's own."""

    name_zh: Name
    category: Annotated[str, Field(max_length=40)]
    uom: Annotated[str, Field(min_length=2, max_length=3, pattern=r"^[A-Z0-9]+$")]
    gtin: Annotated[str, Field(max_length=14)] = ""
    name_zh_hant: Name = ""
    name_en: Annotated[str, Field(max_length=120)] = ""
    aliases: Annotated[list[Name], Field(max_length=20)] = []
    shelf_life_days: Annotated[int, Field(ge=1, le=36_500)] | None = None
