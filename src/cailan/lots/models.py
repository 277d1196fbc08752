"""What it is, who has how much of it, how it moved: the heart."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper


class Lot(models.Model):
    """What it is: a batch, a single item, a class of goods, or a logistic unit such as a pallet."""

    kind = models.CharField(max_length=10, default="batch")  # batch, item, class, logistic
    code = models.CharField(max_length=21, unique=True)  # our trace code
    uri = models.CharField(
        max_length=300, unique=True, db_collation="C"
    )  # canonical Digital Link, or our own URI
    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, null=True, related_name="+")
    product_name = models.CharField(max_length=200, blank=True)  # as the source document calls it
    maker = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=80)
    gtin = models.CharField(max_length=14, null=True)
    uom = models.CharField(max_length=3)
    made_at = models.DateTimeField()
    origin = models.ForeignKey("parties.Site", on_delete=models.PROTECT, null=True, related_name="+")
    region = models.ForeignKey("parties.Region", on_delete=models.PROTECT, null=True, related_name="+")
    attributes = models.JSONField(default=dict)  # ILMD: variety, harvest dates, expiry …
    is_held = models.BooleanField(default=False)
    event_id = models.CharField(max_length=300, db_collation="C")  # the event that made it known
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["maker", "product", "number"],
                condition=Q(kind="batch"),
                name="lot_number_once_per_maker",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["maker", "-id"], name="lot_by_maker"),
            models.Index(fields=["product", "-id"], name="lot_by_product"),
            models.Index(fields=["region", "-id"], name="lot_by_region"),
            models.Index(fields=["product", "number"], name="lot_by_product_number"),
            models.Index(fields=["gtin", "number"], name="lot_by_gtin"),
            models.Index(fields=["event_id"], name="lot_by_event"),
            GinIndex(
                OpClass(Upper("number"), name="gin_trgm_ops"), name="lot_number_trgm"
            ),  # as icontains asks
        ]

    def __str__(self) -> str:
        return self.code


class Holding(models.Model):
    """Who has how much of a lot, where, from which acquisition; or a process that turns lots into lots."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="holdings")
    process = models.CharField(
        max_length=300, blank=True
    )  # transformation id; set exactly when there is no lot
    holder = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey("parties.Site", on_delete=models.PROTECT, null=True, related_name="+")
    container = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="contents")
    quantity = models.DecimalField(
        max_digits=18, decimal_places=6, null=True
    )  # in the lot's unit; null: not stated
    remaining_quantity = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    acquired_at = models.DateTimeField()
    is_in_transit = models.BooleanField(default=False)
    consignee = models.ForeignKey(
        "parties.Party", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )  # whom goods in transit are for; null: whoever shows the paper first
    awaits = models.CharField(
        max_length=20, blank=True
    )  # rules.requests.Awaits: no way on before it is passed
    cleared_at = models.DateTimeField(null=True)
    cleared_event_id = models.CharField(max_length=300, blank=True, db_collation="C")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(remaining_quantity__gte=0), name="holding_never_negative"),
            models.CheckConstraint(
                condition=Q(remaining_quantity__lte=F("quantity")), name="holding_never_more_than_came_in"
            ),
            models.CheckConstraint(
                condition=Q(lot__isnull=False, process="") | (Q(lot__isnull=True) & ~Q(process="")),
                name="holding_is_stock_or_process",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["lot", "holder"], name="holding_by_lot"),
            models.Index(
                fields=["holder", "-acquired_at", "-id"],
                name="holding_in_stock",
                condition=Q(remaining_quantity__gt=0) | Q(remaining_quantity__isnull=True),
            ),
            models.Index(
                fields=["container"], name="holding_in_container", condition=Q(container__isnull=False)
            ),
            models.Index(fields=["process"], name="holding_by_process", condition=~Q(process="")),
            models.Index(
                fields=["consignee", "-id"], name="holding_on_its_way", condition=Q(is_in_transit=True)
            ),
            models.Index(
                fields=["cleared_event_id"], name="holding_by_clearing", condition=~Q(cleared_event_id="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.remaining_quantity} of {self.lot_id} at {self.holder_id}"


class Flow(models.Model):
    """How it moved: from one holding to another, into the system (no source) or out of it (no target)."""

    kind = models.CharField(max_length=10)  # create, transfer, transform, retail, loss, adjust
    source = models.ForeignKey(
        Holding, on_delete=models.PROTECT, null=True, related_name="outflows", db_index=False
    )
    target = models.ForeignKey(
        Holding, on_delete=models.PROTECT, null=True, related_name="inflows", db_index=False
    )
    quantity = models.DecimalField(
        max_digits=18, decimal_places=6, null=True
    )  # in the unit of the lot that moves
    uom = models.CharField(max_length=3)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    proof = models.CharField(max_length=16)  # declared, scanned, device, counter_signed, lab, official
    document = models.CharField(max_length=200, blank=True)  # number or URI of the paper behind it
    reason = models.CharField(max_length=200, blank=True)
    event_id = models.CharField(max_length=300, db_collation="C")
    recorder = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="flow_moves_something"),
            models.CheckConstraint(
                condition=Q(source__isnull=False) | Q(target__isnull=False), name="flow_has_an_end"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["source"], name="flow_by_source", include=["target"]),
            models.Index(fields=["target"], name="flow_by_target", include=["source"]),
            models.Index(fields=["event_id"], name="flow_by_event"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity} {self.uom}"


class Hold(models.Model):
    """A lot may not move: who said so, why, from when, until when; `root` is the lot it spread from."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="holds")
    root = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="spread_holds")
    reason = models.CharField(max_length=300)
    placed_by = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    event_id = models.CharField(max_length=300)
    released_by = models.ForeignKey("parties.Party", on_delete=models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    release_reason = models.CharField(max_length=300, blank=True)
    release_event_id = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["lot"], name="hold_open", condition=Q(released_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"hold on {self.lot_id}"


class Sight(models.Model):
    """A party that was shown a lot which it neither made nor held: its laboratory, whom a recall reaches."""

    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, related_name="sights")
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+", db_index=False)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "lot"], name="sight_once_per_party"),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} shown to {self.party_id}"


class ClientRequest(models.Model):
    """The key a machine or an offline phone gave to a request, and the answer it got."""

    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    digest = models.BinaryField(max_length=32)
    answer = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "key"], name="client_key_once_per_party"),
        ]

    def __str__(self) -> str:
        return self.key
