"""What machines get about chains."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from ninja import Schema
from pydantic import StringConstraints

Text = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class LotBrief(Schema):
    code: str
    uri: str
    product: str
    product_en: str
    number: str
    maker: str
    made_at: datetime
    uom: str
    is_held: bool


class NodeOut(Schema):
    id: int
    kind: str
    code: str
    uri: str
    product: str
    lot_number: str
    holder_id: int
    holder: str
    holder_kind: str
    site: str
    region: str
    latitude: float | None
    longitude: float | None
    quantity: Decimal | None
    remaining: Decimal | None
    uom: str
    acquired_at: datetime
    is_held: bool
    is_external: bool


class EdgeOut(Schema):
    id: int
    kind: str
    source_id: int | None
    target_id: int | None
    quantity: Decimal | None
    uom: str
    occurred_at: datetime
    proof: str
    document: str
    reason: str
    event_id: str


class BalanceOut(Schema):
    uom: str
    created: Decimal
    transformed_in: Decimal
    adjusted_up: Decimal
    transformed_out: Decimal
    retailed: Decimal
    lost: Decimal
    adjusted_down: Decimal
    in_stock: Decimal
    difference: Decimal
    closes: bool
    has_unstated: bool


class DepthOut(Schema):
    hand_overs: int
    reaches_consumer: bool


class GapOut(Schema):
    node_id: int
    code: str


class TraceOut(Schema):
    lot: LotBrief
    nodes: list[NodeOut]
    edges: list[EdgeOut]
    focus: list[int]
    is_truncated: bool
    balance: BalanceOut
    stages: dict[str, bool]
    depth: DepthOut
    gaps: list[GapOut]
    corrected: list[str]


class HolderOut(Schema):
    holder_id: int
    holder: str
    holder_kind: str
    region: str
    uom: str
    received: Decimal
    in_stock: Decimal
    retailed: Decimal
    lost: Decimal
    passed_on: Decimal
    lots: list[str]
    contact_name: str
    phone: str


class ScopeOut(Schema):
    lot: LotBrief
    holders: list[HolderOut]
    lots: list[LotBrief]
    is_truncated: bool


class AncestorOut(Schema):
    code: str
    product: str
    holder: str
    lot_number: str
    descendants: list[str]


class DestinationOut(Schema):
    kind: str
    holder: str
    region: str
    quantity: Decimal
    uom: str
    documents: list[str]
    products: list[tuple[str, str]]


class DistributionOut(Schema):
    uom: str
    output: Decimal
    rows: list[DestinationOut]
    in_stock: Decimal
    difference: Decimal
    closes: bool
    has_unstated: bool


class WentOut(Schema):
    lot: LotBrief
    distribution: DistributionOut
    is_asked: bool
    is_truncated: bool
