"""What leaves this context: products and categories as frozen facts."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """A product of the library, or one that a party registered; `name` is in the language of the page."""

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


@dataclass(frozen=True, slots=True)
class ProductFile:
    """A product with all the names under which it is found."""

    facts: ProductFacts
    aliases: tuple[str, ...]
    categories: tuple[str, ...]  # names from the root down


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    """A branch of the catalogue (NY/T 3177)."""

    code: str
    parent: str
    name: str
    nyt3177_code: str
    is_basket: bool
    depth: int


@dataclass(frozen=True, slots=True)
class MainProductFacts:
    """A product that a party deals in, since when, and the party's own trade item number for it."""

    product: ProductFacts
    since: str  # YYYY-MM-DD
    gtin: str | None
