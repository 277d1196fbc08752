"""A ticket is what the seller says went out, a purchase what the buyer says came in, a dispute what lies between."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q


class Ticket(models.Model):
    """One delivery of goods with its price: the seller's sales record and the buyer's purchase voucher (销售凭证)."""

    code = models.CharField(max_length=21, unique=True)  # what the QR code holds
    number = models.CharField(max_length=40)  # as the seller counts them
    kind = models.CharField(max_length=10)  # rules.tickets.Kind
    status = models.CharField(max_length=10)  # rules.tickets.Status
    seller = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+", db_index=False)
    seller_site = models.ForeignKey("parties.Site", on_delete=models.PROTECT, null=True, related_name="+")
    buyer = models.ForeignKey(
        "parties.Party", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )  # null: whoever scans first, or nobody known
    buyer_name = models.CharField(max_length=200, blank=True)
    buyer_phone = models.CharField(max_length=30, blank=True)
    buyer_address = models.CharField(max_length=200, blank=True)
    issued_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    issued_by_id = models.BigIntegerField(null=True)
    plate = models.CharField(max_length=20, blank=True)
    payment = models.CharField(max_length=10, default="none")  # rules.tickets.Payment
    goods_fen = models.BigIntegerField(default=0)
    fees_fen = models.BigIntegerField(default=0)
    total_fen = models.BigIntegerField(default=0)
    due_on = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True)
    event_id = models.CharField(max_length=300, blank=True, db_collation="C")  # the event that sent the goods
    changed_at = models.DateTimeField()  # when its status became what it is
    client_key = models.CharField(max_length=80, blank=True)
    request_key = models.CharField(max_length=80, blank=True)  # the buyer's, where it began with his request
    digest = models.CharField(max_length=64, blank=True)  # of what came with the key
    seal_salt = models.UUIDField(
        db_default=RandomUUID()
    )  # of the digests under which people's details are sealed

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seller", "number"], name="ticket_number_once_per_seller"),
            models.UniqueConstraint(
                fields=["seller", "client_key"],
                condition=~Q(client_key=""),
                name="ticket_once_per_key",
            ),
            models.UniqueConstraint(
                fields=["buyer", "request_key"],
                condition=~Q(request_key=""),
                name="ticket_once_per_request_key",
            ),
            models.CheckConstraint(
                condition=Q(total_fen=F("goods_fen") + F("fees_fen")), name="ticket_total_is_goods_and_fees"
            ),
            models.CheckConstraint(
                condition=Q(goods_fen__gte=0, fees_fen__gte=0), name="ticket_not_negative"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["seller", "-issued_at", "-id"], name="ticket_by_seller"),
            models.Index(fields=["buyer", "-issued_at", "-id"], name="ticket_by_buyer"),
            models.Index(fields=["event_id"], name="ticket_by_event"),
            models.Index(
                fields=["seller", "-id"],
                name="ticket_unsettled",
                condition=Q(status__in=("open", "disputed", "requested")),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class TicketLine(models.Model):
    """So much of one lot at one price."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="lines")
    lot = models.ForeignKey("lots.Lot", on_delete=models.PROTECT, related_name="+")
    holding = models.ForeignKey(
        "lots.Holding", on_delete=models.PROTECT, null=True, related_name="+"
    )  # where the goods are, or were, on their way; null where they were handed over at once
    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, null=True, related_name="+")
    product_name = models.CharField(max_length=200)  # as it stood on the voucher
    origin = models.CharField(max_length=200, blank=True)
    spec = models.CharField(max_length=80, blank=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    uom = models.CharField(max_length=3)
    pieces = models.PositiveIntegerField(null=True)
    price_fen = models.BigIntegerField(null=True)  # for one `price_uom`
    price_uom = models.CharField(max_length=3, blank=True)  # JIN (斤) or a coded unit
    amount_fen = models.BigIntegerField(null=True)  # of what the buyer keeps
    accepted_quantity = models.DecimalField(
        max_digits=18, decimal_places=6, null=True
    )  # null: nobody has said

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="ticket_line_moves_something"),
            models.CheckConstraint(
                condition=Q(accepted_quantity__isnull=True)
                | Q(accepted_quantity__gte=0, accepted_quantity__lte=F("quantity")),
                name="ticket_line_accepts_what_it_states",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.uom} {self.product_name}"


class TicketFee(models.Model):
    """What is paid beside the goods: loading, packing, freight (额外费用)."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="fees")
    name = models.CharField(max_length=40)
    amount_fen = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="ticket_fee_is_something"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.amount_fen}"


class TicketCounter(models.Model):
    """The last number of a seller's tickets; its lock puts the tickets of one seller in a row."""

    seller = models.OneToOneField(
        "parties.Party", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    day = models.DateField(null=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.day} {self.last}"


class Purchase(models.Model):
    """What came in: from a ticket that was confirmed, or written down by hand with its vouchers (进货查验记录)."""

    buyer = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+", db_index=False)
    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, null=True, related_name="purchase")
    supplier = models.ForeignKey("parties.Party", on_delete=models.PROTECT, null=True, related_name="+")
    supplier_name = models.CharField(max_length=200, blank=True)
    supplier_phone = models.CharField(max_length=30, blank=True)
    purchased_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by_id = models.BigIntegerField(null=True)
    site = models.ForeignKey("parties.Site", on_delete=models.PROTECT, null=True, related_name="+")
    plate = models.CharField(max_length=20, blank=True)
    document_ids = ArrayField(models.BigIntegerField(), default=list)  # photos of the vouchers
    payment = models.CharField(max_length=10, default="none")  # rules.tickets.Payment
    total_fen = models.BigIntegerField(null=True)  # null: no price was named
    due_on = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True)
    event_id = models.CharField(max_length=300, blank=True, db_collation="C")
    client_key = models.CharField(max_length=80, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    seal_salt = models.UUIDField(db_default=RandomUUID())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["buyer", "client_key"], condition=~Q(client_key=""), name="purchase_once_per_key"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["buyer", "-purchased_at", "-id"], name="purchase_by_buyer"),
        ]

    def __str__(self) -> str:
        return f"purchase {self.pk}"


class PurchaseLine(models.Model):
    """So much of one lot came in."""

    purchase = models.ForeignKey(Purchase, on_delete=models.PROTECT, related_name="lines")
    ticket_line = models.ForeignKey(
        TicketLine, on_delete=models.PROTECT, null=True, related_name="purchase_lines"
    )
    lot = models.ForeignKey("lots.Lot", on_delete=models.PROTECT, related_name="+")
    holding = models.ForeignKey("lots.Holding", on_delete=models.PROTECT, null=True, related_name="+")
    product_name = models.CharField(max_length=200)
    batch_number = models.CharField(max_length=80, blank=True)
    origin_region = models.ForeignKey("parties.Region", on_delete=models.PROTECT, null=True, related_name="+")
    origin_text = models.CharField(max_length=200, blank=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    uom = models.CharField(max_length=3)
    pieces = models.PositiveIntegerField(null=True)
    price_fen = models.BigIntegerField(null=True)
    price_uom = models.CharField(max_length=3, blank=True)
    amount_fen = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="purchase_line_is_something"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.uom} {self.product_name}"


class Dispute(models.Model):
    """Two sides say different quantities of one line; what lies between stays on its way until it is settled."""

    line = models.ForeignKey(TicketLine, on_delete=models.PROTECT, related_name="disputes")
    opened_by = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    stated_quantity = models.DecimalField(max_digits=18, decimal_places=6)  # what came, by the buyer
    open_quantity = models.DecimalField(
        max_digits=18, decimal_places=6
    )  # what lies between, in the line's unit
    reason = models.CharField(max_length=20)  # rules.tickets.DisputeReason
    note = models.CharField(max_length=200, blank=True)
    document_ids = ArrayField(models.BigIntegerField(), default=list)  # photos
    outcome = models.CharField(max_length=12, blank=True)  # rules.tickets.Settlement; "" while it is open
    settled_by = models.ForeignKey("parties.Party", on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_note = models.CharField(max_length=200, blank=True)
    event_id = models.CharField(max_length=300, blank=True, db_collation="C")
    seal_salt = models.UUIDField(db_default=RandomUUID())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["line"], condition=Q(outcome=""), name="dispute_one_open_per_line"
            ),
            models.CheckConstraint(
                condition=Q(stated_quantity__gte=0, open_quantity__gt=0), name="dispute_is_about_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.open_quantity} of {self.line_id}"


class MarketMode(models.Model):
    """Whether the stalls of a market sell by ticket or to consumers (批发、零售市场经营类型)."""

    market = models.OneToOneField(
        "parties.Party", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    mode = models.CharField(max_length=10)  # rules.tickets.Mode
    set_at = models.DateTimeField()
    set_by_id = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.market_id} {self.mode}"
