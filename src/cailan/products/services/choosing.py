"""What a party deals in: chosen from the library, or registered as its own (主营品种)."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cailan.gs1.errors import Gs1Error
from cailan.gs1.keys import normalise_gtin
from cailan.kernel import audit
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import Conflict, InvalidInput, NotFound
from cailan.ledger import services as ledger
from cailan.ledger.rules import Entry
from cailan.products.models import Category, MainProduct, Product, ProductName
from cailan.products.queries.catalogue import library_of
from cailan.products.queries.integrity import LIST, PRODUCT, rebuild_lists, rebuild_products
from cailan.products.rules.names import names_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
MOST = 500


@transaction.atomic
def choose_main_products(actor: Actor, *, slugs: Sequence[str], at: datetime) -> int:
    """Make these products, and no others, the list of what the actor's party deals in; return how many."""
    actor.require(Permission.PARTY_MANAGE)
    party_id = actor.acting_party_id
    wanted = dict(
        Product.objects.filter(library_of(party_id), slug__in=slugs[:MOST]).values_list("slug", "pk")
    )
    if unknown := sorted(set(slugs) - set(wanted)):
        what = _("There is no such product in the library: %(slugs)s") % {"slugs": ", ".join(unknown[:5])}
        raise InvalidInput(errors=[{"where": "slugs", "what": what}])
    held = MainProduct.objects.filter(party_id=party_id)
    held.exclude(product_id__in=wanted.values()).delete()
    since = at.astimezone(SHANGHAI).date()
    MainProduct.objects.bulk_create(
        [MainProduct(party_id=party_id, product_id=pk, since=since) for pk in wanted.values()],
        ignore_conflicts=True,
    )
    audit.record(actor, "products.main_products.chosen", f"party:{party_id}", slugs=sorted(wanted))
    _seal_list(actor, "products.chosen", at)
    return len(wanted)


@transaction.atomic
def name_own_gtin(actor: Actor, *, slug: str, gtin: str, at: datetime) -> None:
    """Give the party's own trade item number to a product it deals in."""
    actor.require(Permission.PARTY_MANAGE)
    number = _gtin(gtin)
    chosen = MainProduct.objects.filter(party_id=actor.acting_party_id, product__slug=slug)
    if not chosen.update(gtin=number):
        raise NotFound
    audit.record(actor, "products.gtin.named", f"product:{slug}", gtin=number)
    _seal_list(actor, "products.gtin_named", at)


@transaction.atomic
def register_product(
    actor: Actor,
    *,
    name_zh: str,
    category: str,
    uom: str,
    at: datetime,
    gtin: str = "",
    name_zh_hant: str = "",
    name_en: str = "",
    aliases: Sequence[str] = (),
    shelf_life_days: int | None = None,
) -> int:
    """Register a product of the actor's own, which it deals in from now on; return its id."""
    actor.require(Permission.PARTY_MANAGE)
    party_id = actor.acting_party_id
    if not name_zh.strip():
        raise InvalidInput(errors=[{"where": "name_zh", "what": _("Give the product a name.")}])
    if not Category.objects.filter(pk=category).exists():
        raise InvalidInput(errors=[{"where": "category", "what": _("Choose the category from the list.")}])
    product = Product(
        slug=f"own-{party_id}-{secrets.token_hex(6)}",
        category_id=category,
        name_zh=name_zh.strip(),
        name_zh_hant=name_zh_hant.strip() or name_zh.strip(),
        name_en=name_en.strip() or name_zh.strip(),
        pinyin=name_zh.strip(),
        uom=uom,
        gtin=_gtin(gtin) if gtin else None,
        shelf_life_days=shelf_life_days,
        owner_id=party_id,
    )
    try:
        with transaction.atomic():
            product.save()
    except IntegrityError:
        raise Conflict(_("This GTIN belongs to another product already."), where="gtin") from None
    names = names_of(official=(product.name_zh, product.name_zh_hant), en=name_en, aliases=aliases)
    ProductName.objects.bulk_create(
        [ProductName(product=product, key=key, name=name, kind=kind) for key, (name, kind) in names.items()]
    )
    MainProduct.objects.create(
        party_id=party_id, product=product, since=at.astimezone(SHANGHAI).date(), gtin=product.gtin
    )
    audit.record(actor, "products.product.registered", f"product:{product.slug}")
    subject = f"{PRODUCT}{product.slug}"
    ledger.append(actor, [Entry("products.registered", subject, rebuild_products([subject])[subject])], at=at)
    _seal_list(actor, "products.chosen", at)
    return product.pk


def _seal_list(actor: Actor, kind: str, at: datetime) -> None:
    """Seal the whole list of what the party deals in, as it stands now."""
    subject = f"{LIST}{actor.acting_party_id}"
    ledger.append(actor, [Entry(kind, subject, rebuild_lists([subject])[subject])], at=at)


def _gtin(text: str) -> str:
    """Return a GTIN in 14 digits, or refuse it (GS1 General Specifications 7.9)."""
    try:
        return normalise_gtin(text.strip())
    except Gs1Error:
        what = _("A GTIN has 8, 12, 13 or 14 digits, the last one a check digit.")
        raise InvalidInput(errors=[{"where": "gtin", "what": what}]) from None
