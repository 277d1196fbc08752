"""The template of in/out records: its columns, the words that headers use, the kinds of record."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a row records."""

    PURCHASE = "purchase"
    SALE = "sale"
    RETAIL = "retail"
    LOSS = "loss"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the template; `also` are other words for it, traditional characters among them."""

    key: str
    zh: str
    en: str
    also: tuple[str, ...] = ()
    longest: int = 80


COLUMNS: tuple[Column, ...] = (
    Column(
        "record", "记录编号", "Record number", ("記錄編號", "编号", "流水号", "record no", "record", "id"), 60
    ),
    Column("kind", "类型", "Type", ("類型", "业务类型", "kind")),
    Column("time", "时间", "Time", ("時間", "日期", "业务时间", "date", "datetime")),
    Column("product", "商品", "Product", ("商品名称", "品名", "产品", "產品", "品种", "goods", "item")),
    Column("spec", "规格", "Specification", ("規格", "spec")),
    Column("lot", "批号", "Lot number", ("批號", "批次", "批次号", "lot", "lot no", "batch", "batch number")),
    Column("code", "追溯码", "Trace code", ("追溯碼", "溯源码", "code"), 300),
    Column("quantity", "数量", "Quantity", ("數量", "重量", "qty", "weight")),
    Column("unit", "单位", "Unit", ("單位", "计量单位", "uom")),
    Column("price", "单价", "Unit price", ("單價", "价格", "price")),
    Column(
        "party",
        "对方名称",
        "Counterparty",
        ("對方名稱", "供应商", "客户", "往来单位", "supplier", "customer"),
        200,
    ),
    Column(
        "credit_code",
        "对方统一社会信用代码",
        "Counterparty credit code",
        ("對方統一社會信用代碼", "统一社会信用代码", "信用代码", "uscc", "credit code"),
    ),
    Column("origin", "产地", "Origin", ("產地",), 200),
    Column("plate", "车牌", "Plate", ("車牌", "车牌号", "vehicle", "plate number")),
    Column(
        "document", "单据号", "Document number", ("單據號", "票号", "单号", "document", "document no"), 200
    ),
    Column("remark", "备注", "Remark", ("備註", "remarks", "note"), 200),
)
BY_KEY = {column.key: column for column in COLUMNS}
NEEDED = ("kind", "time", "product", "quantity")

KIND_WORDS: dict[str, Kind] = {
    **dict.fromkeys(
        ("进货", "進貨", "采购", "採購", "入库", "购进", "purchase", "buy", "in", "receive"), Kind.PURCHASE
    ),
    **dict.fromkeys(
        ("销货", "銷貨", "销售", "銷售", "批发", "出库", "sale", "sell", "out", "wholesale"), Kind.SALE
    ),
    **dict.fromkeys(("零售", "retail"), Kind.RETAIL),
    **dict.fromkeys(("损耗", "損耗", "报损", "報損", "loss", "waste"), Kind.LOSS),
    **dict.fromkeys(
        ("生产", "生產", "采收", "採收", "产出", "production", "harvest", "create"), Kind.PRODUCTION
    ),
}


def plain(text: str) -> str:
    """Return the form in which headers and words are compared."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).strip("*:：").strip().casefold()


_BY_WORD = {
    plain(word): column.key for column in COLUMNS for word in (column.zh, column.en, column.key, *column.also)
}


def recognise(header: tuple[str, ...]) -> dict[str, int]:
    """Return the position of each column that the header names; the first of two counts."""
    found: dict[str, int] = {}
    for position, cell in enumerate(header):
        key = _BY_WORD.get(plain(cell))
        if key is not None:
            found.setdefault(key, position)
    return found


def missing(positions: dict[str, int]) -> tuple[str, ...]:
    """Return the needed columns that a header lacks, in Chinese and English."""
    return tuple(f"{BY_KEY[key].zh} / {BY_KEY[key].en}" for key in NEEDED if key not in positions)
