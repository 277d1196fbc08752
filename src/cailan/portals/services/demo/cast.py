"""Who plays in the demonstration: obviously fictional parties at plausible places, with sound but invented numbers."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from cailan.parties.rules import identity

PASSWORD = "Choysum-2026-demo"  # noqa: S105 (shown on the sign-in page of a demonstration)


@dataclass(frozen=True, slots=True)
class Place:
    """A site of a party: kind, name, code, position (WGS 84)."""

    kind: str
    name: str
    code: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Role:
    """One party of the cast; `login` is the user name of its owner."""

    key: str
    kind: str
    name: str
    name_en: str
    region: str
    owner: str
    login: str
    places: tuple[Place, ...] = ()
    market: str = ""
    id_kind: str = "uscc"


def business_number(role: Role, number: int) -> str:
    """Return an invented registration number with sound check characters."""
    if role.id_kind == "hk_br":
        return f"9900{number:04d}"
    if role.id_kind == "macao_business":
        return f"99{number:03d} (SO)"
    body = f"MA9DEM{number:02d}"
    start = f"91{role.region[:6]}{body}{identity.organisation_check(body)}"
    return start + identity.uscc_check(start)


def owner_number(number: int) -> str:
    """Return an invented resident identity number, born on a day that no register has an owner for."""
    body = f"44010119000101{number:03d}"
    return body + identity.resident_check(body)


CAST = (
    Role(
        "choysum",
        "base",
        "绿芽蔬菜基地（演示）",
        "Green Sprout Vegetable Base (demo)",
        "440118107",
        "林青禾",
        "grower",
        (
            Place("base", "绿芽基地", "B1", 23.4262, 113.8240),
            Place("plot", "七号田", "7", 23.4269, 113.8251),
            Place("plot", "九号田", "9", 23.4255, 113.8229),
        ),
    ),
    Role(
        "orchard",
        "base",
        "甘露果园（演示）",
        "Sweet Dew Orchard (demo)",
        "440117",
        "何甘霖",
        "orchard",
        (Place("base", "甘露果园", "G1", 23.5486, 113.5867),),
    ),
    Role(
        "pond",
        "base",
        "咸淡水鱼塘（演示）",
        "Brackish Pond Farm (demo)",
        "440115",
        "梁水生",
        "pond",
        (
            Place("base", "咸淡水养殖场", "P", 22.7700, 113.5310),
            Place("pond", "三号塘", "P3", 22.7710, 113.5325),
        ),
    ),
    Role(
        "poultry",
        "base",
        "凤鸣家禽场（演示）",
        "Phoenix Call Poultry Farm (demo)",
        "441802",
        "罗凤鸣",
        "poultry",
        (Place("base", "凤鸣场", "H", 23.6811, 113.0549), Place("house", "二号舍", "H2", 23.6820, 113.0560)),
    ),
    Role(
        "piggery",
        "base",
        "丰栏猪场（演示）",
        "Full Pen Pig Farm (demo)",
        "441204",
        "黎丰年",
        "piggery",
        (
            Place("base", "丰栏场", "F", 23.0251, 112.4571),
            Place("house", "育肥一舍", "F1", 23.0258, 112.4585),
        ),
    ),
    Role(
        "mushroom",
        "base",
        "云雾菌菇园（演示）",
        "Cloud Mist Mushroom Garden (demo)",
        "441322",
        "谢云雾",
        "mushroom",
        (Place("base", "云雾园", "M", 23.1722, 114.2881), Place("house", "菇房", "M1", 23.1730, 114.2890)),
    ),
    Role(
        "plant",
        "processor",
        "净鲜加工厂（演示）",
        "Clean & Fresh Plant (demo)",
        "440111",
        "苏净植",
        "plant",
        (Place("plant", "净菜车间", "L1", 23.1570, 113.2730),),
    ),
    Role(
        "centre",
        "distribution_centre",
        "湾区配送中心（演示）",
        "Bay Distribution Centre (demo)",
        "440111",
        "邓达通",
        "centre",
        (Place("centre", "一号月台", "D1", 23.2250, 113.2460),),
    ),
    Role(
        "lab",
        "lab",
        "明鉴检测实验室（演示）",
        "Clear Mirror Laboratory (demo)",
        "440106",
        "顾明鉴",
        "lab",
        (Place("lab", "理化室", "", 23.1250, 113.3610),),
    ),
    Role(
        "wholesale",
        "market",
        "晨光批发市场（演示）",
        "Dawn Wholesale Market (demo)",
        "440103",
        "周晨光",
        "market",
        (Place("market", "晨光市场", "", 23.0960, 113.2160),),
    ),
    Role(
        "qiang",
        "merchant",
        "阿强蔬菜行（演示）",
        "Ah Keung Vegetables (demo)",
        "440103",
        "陈阿强",
        "qiang",
        (Place("stall", "A区12档", "A-12", 23.0964, 113.2167),),
        market="wholesale",
    ),
    Role(
        "street",
        "market",
        "幸福街市（演示）",
        "Happiness Street Market (demo)",
        "440104",
        "马福生",
        "street",
        (Place("market", "幸福街市", "", 23.1290, 113.2670),),
    ),
    Role(
        "chan",
        "merchant",
        "陈姐菜档（演示）",
        "Sister Chan's Stall (demo)",
        "440104",
        "陈有好",
        "stall",
        (Place("stall", "8号档", "8", 23.1292, 113.2674),),
        market="street",
    ),
    Role(
        "lee",
        "merchant",
        "李记鲜肉档（演示）",
        "Lee's Fresh Meat (demo)",
        "440104",
        "李有余",
        "lee",
        (Place("stall", "21号档", "21", 23.1294, 113.2677),),
        market="street",
    ),
    Role(
        "hongkong",
        "circulation",
        "港味食品（演示）",
        "Harbour Taste Foods (demo)",
        "810005",
        "Chan Siu Ming",
        "hongkong",
        (Place("warehouse", "葵涌仓", "K2", 22.3690, 114.1130),),
        id_kind="hk_br",
    ),
    Role(
        "macao",
        "circulation",
        "濠江鲜食（演示）",
        "Ho Kong Fresh (demo)",
        "820001",
        "Leong Hou",
        "macao",
        (Place("warehouse", "内港仓", "N1", 22.1960, 113.5360),),
        id_kind="macao_business",
    ),
)

AGENCIES = (
    (
        "regulator",
        "广州市食品安全监管局（演示）",
        "Guangzhou Food Safety Office (demo)",
        "440100",
        "city",
        "市监管员",
    ),
    (
        "regulator",
        "增城区食品安全监管所（演示）",
        "Zengcheng Food Safety Office (demo)",
        "440118",
        "district",
        "区监管员",
    ),
    (
        "regulator",
        "深圳市食品安全监管局（演示）",
        "Shenzhen Food Safety Office (demo)",
        "440300",
        "shenzhen",
        "深圳监管员",
    ),
)

PARTNERS = {  # who sells to whom
    "choysum": ("plant", "centre"),
    "mushroom": ("plant",),
    "orchard": ("hongkong",),
    "pond": ("centre",),
    "poultry": ("chan", "qiang"),
    "piggery": ("lee",),
    "plant": ("chan", "hongkong", "macao"),
    "centre": ("qiang", "chan", "macao", "hongkong"),
    "qiang": ("chan", "lee"),
    "lee": ("qiang",),
}

ACCOUNTS = (
    (gettext_noop("Grower"), "grower"),
    (gettext_noop("Processing plant"), "plant"),
    (gettext_noop("Distribution centre"), "centre"),
    (gettext_noop("Wholesaler"), "qiang"),
    (gettext_noop("Retail stall"), "stall"),
    (gettext_noop("Market office"), "street"),
    (gettext_noop("Laboratory"), "lab"),
    (gettext_noop("Hong Kong importer"), "hongkong"),
    (gettext_noop("City regulator"), "city"),
    (gettext_noop("District regulator"), "district"),
    (gettext_noop("Platform operator"), "operator"),
)
