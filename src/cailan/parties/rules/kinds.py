"""Name the kinds of parties and sites, and say which party may register with which document."""

from dataclasses import dataclass
from enum import StrEnum

from cailan.parties.rules.identity import Identity, IdKind, gettext_noop


class PartyKind(StrEnum):
    """What a party is in the chain."""

    BASE = "base"  # 种植、养殖生产基地
    PROCESSOR = "processor"  # 产品加工企业, slaughterhouses included
    DISTRIBUTION_CENTRE = "distribution_centre"  # 配送中心
    CIRCULATION = "circulation"  # 流通企业: wholesalers, retailers, caterers
    MARKET = "market"  # 市场开办方
    MERCHANT = "merchant"  # 商户、档口
    LAB = "lab"  # 第三方检测机构
    REGULATOR = "regulator"  # 监管部门
    OPERATOR = "operator"  # 平台运营方
    TECHNICAL = "technical"  # 平台技术方
    CARRIER = "carrier"  # 物流机构
    INDIVIDUAL = "individual"  # 自然人、农户
    EXTERNAL = "external"  # known only from documents of others


class SiteKind(StrEnum):
    """What a place is."""

    BASE = "base"
    PLOT = "plot"  # 地块
    POND = "pond"  # 塘口
    HOUSE = "house"  # 畜禽舍
    PLANT = "plant"  # 加工厂、屠宰场
    WAREHOUSE = "warehouse"
    CENTRE = "centre"  # 配送中心、分中心
    MARKET = "market"
    STALL = "stall"
    LAB = "lab"
    PORT = "port"  # 口岸
    OFFICE = "office"


PARTY_LABELS: dict[PartyKind, str] = {
    PartyKind.BASE: gettext_noop("Production base"),
    PartyKind.PROCESSOR: gettext_noop("Processor"),
    PartyKind.DISTRIBUTION_CENTRE: gettext_noop("Distribution centre"),
    PartyKind.CIRCULATION: gettext_noop("Circulation company"),
    PartyKind.MARKET: gettext_noop("Market operator"),
    PartyKind.MERCHANT: gettext_noop("Merchant"),
    PartyKind.LAB: gettext_noop("Laboratory"),
    PartyKind.REGULATOR: gettext_noop("Regulator"),
    PartyKind.OPERATOR: gettext_noop("Platform operator"),
    PartyKind.TECHNICAL: gettext_noop("Platform technical party"),
    PartyKind.CARRIER: gettext_noop("Carrier"),
    PartyKind.INDIVIDUAL: gettext_noop("Natural person"),
    PartyKind.EXTERNAL: gettext_noop("Known from documents only"),
}
SITE_LABELS: dict[SiteKind, str] = {
    SiteKind.BASE: gettext_noop("Base"),
    SiteKind.PLOT: gettext_noop("Plot"),
    SiteKind.POND: gettext_noop("Pond"),
    SiteKind.HOUSE: gettext_noop("Animal house"),
    SiteKind.PLANT: gettext_noop("Plant"),
    SiteKind.WAREHOUSE: gettext_noop("Warehouse"),
    SiteKind.CENTRE: gettext_noop("Centre"),
    SiteKind.MARKET: gettext_noop("Market"),
    SiteKind.STALL: gettext_noop("Stall"),
    SiteKind.LAB: gettext_noop("Laboratory site"),
    SiteKind.PORT: gettext_noop("Port of entry"),
    SiteKind.OFFICE: gettext_noop("Office"),
}

# Parties that may hold stock of food, against those that only look at it, carry it or run the place.
HOLDERS = frozenset(
    {
        PartyKind.BASE,
        PartyKind.PROCESSOR,
        PartyKind.DISTRIBUTION_CENTRE,
        PartyKind.CIRCULATION,
        PartyKind.MERCHANT,
        PartyKind.INDIVIDUAL,
        PartyKind.EXTERNAL,
    }
)
PRODUCERS = frozenset({PartyKind.BASE, PartyKind.PROCESSOR, PartyKind.INDIVIDUAL})
SELLERS = frozenset({PartyKind.DISTRIBUTION_CENTRE, PartyKind.CIRCULATION, PartyKind.MERCHANT})
OVERSEERS = frozenset({PartyKind.REGULATOR, PartyKind.MARKET, PartyKind.OPERATOR})

PRODUCTION_SITES = frozenset({SiteKind.BASE, SiteKind.PLOT, SiteKind.POND, SiteKind.HOUSE})
# A site of these kinds lies inside another: the key cannot stand without a parent of the value.
PARENT_SITE: dict[SiteKind, SiteKind] = {
    SiteKind.PLOT: SiteKind.BASE,
    SiteKind.POND: SiteKind.BASE,
    SiteKind.HOUSE: SiteKind.BASE,
    SiteKind.STALL: SiteKind.MARKET,
}

ORGANISATION_DOCUMENTS = frozenset({IdKind.USCC, IdKind.HK_BR, IdKind.MACAO_BUSINESS, IdKind.MACAO_TAX})
PERSON_DOCUMENTS = frozenset(
    {
        IdKind.RESIDENT_ID,
        IdKind.RESIDENCE_PERMIT,
        IdKind.PERMANENT_RESIDENCE,
        IdKind.HOME_RETURN_PERMIT,
        IdKind.TAIWAN_PERMIT,
        IdKind.HKID,
        IdKind.MACAO_ID,
    }
)
_OF_THEIR_OWN: dict[PartyKind, frozenset[IdKind]] = {
    PartyKind.MERCHANT: ORGANISATION_DOCUMENTS | PERSON_DOCUMENTS,
    PartyKind.INDIVIDUAL: PERSON_DOCUMENTS,
    PartyKind.EXTERNAL: frozenset(IdKind),
    PartyKind.REGULATOR: frozenset({IdKind.USCC}),
}
# Departments of Hong Kong and Macao have no registration number; of an external party often only the name is
# known.
WITHOUT_DOCUMENT = frozenset({PartyKind.REGULATOR, PartyKind.EXTERNAL})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not: a code for programs, a sentence for people, and the documents that would do."""

    code: str
    message: str
    expected: tuple[IdKind, ...] = ()


def documents_for(kind: PartyKind) -> frozenset[IdKind]:
    """Return the kinds of identity numbers with which this kind of party may register."""
    return _OF_THEIR_OWN.get(kind, ORGANISATION_DOCUMENTS)


def why_not_register(kind: PartyKind, identity: Identity | None) -> Refusal | None:
    """Return why a party of this kind cannot register with this number, or None when it can."""
    accepted = documents_for(kind)
    expected = tuple(sorted(accepted))
    if identity is None:
        if kind in WITHOUT_DOCUMENT:
            return None
        return Refusal("number-missing", gettext_noop("State a registration or identity number."), expected)
    if identity.kind not in accepted:
        return Refusal("wrong-document", _why_wrong(identity.kind, kind), expected)
    if identity.kind is IdKind.USCC:
        return _why_not_with_uscc(kind, identity)
    return None


def _why_wrong(document: IdKind, kind: PartyKind) -> str:
    if document is IdKind.LICENCE_15:
        return gettext_noop("15-digit licence numbers ended in 2018. Give the unified social credit code.")
    if document is IdKind.HK_CR:
        return gettext_noop("In Hong Kong give the business registration number, not the company number.")
    if document in PERSON_DOCUMENTS:
        return gettext_noop(
            "An organisation registers with the number of its licence, not with a person's document."
        )
    if kind is PartyKind.INDIVIDUAL:
        return gettext_noop(
            "A natural person registers with an identity document. With a licence, register as a company."
        )
    return gettext_noop("A public authority registers with its unified social credit code.")


def _why_not_with_uscc(kind: PartyKind, identity: Identity) -> Refusal | None:
    if kind is PartyKind.REGULATOR and identity.registrar != "1":
        return Refusal(
            "not-an-authority",
            gettext_noop(
                "A public authority's code begins with 1. This one belongs to another kind of body."
            ),
        )
    # Accreditation asks of a laboratory that it bears legal liability as an organisation.
    if kind is PartyKind.LAB and identity.registrar == "9" and identity.category == "2":
        return Refusal(
            "not-a-legal-person",
            gettext_noop(
                "An individual business (code 92…) cannot be a laboratory: it must bear liability on its own."
            ),
        )
    return None


def why_not_place(kind: SiteKind, parent: SiteKind | None) -> Refusal | None:
    """Return why a site of this kind cannot lie directly in that one, or None when it can."""
    needed = PARENT_SITE.get(kind)
    if needed is None or parent is needed:
        return None
    if needed is SiteKind.MARKET:
        return Refusal("needs-a-market", gettext_noop("A stall lies in a market. Choose the market first."))
    return Refusal(
        "needs-a-base", gettext_noop("A plot, pond or house lies in a base. Choose the base first.")
    )
