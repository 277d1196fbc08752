"""Find what the names in a file mean: products with suggestions, suppliers and customers, own stock."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cailan.exchange.rules.columns import Kind
from cailan.exchange.rules.rows import Record
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import Problem
from cailan.lots import queries as lots
from cailan.lots.rules.requests import AnyRequest, Create, Line, Lose, NewLot, Receive, Retail, Transfer
from cailan.parties import queries as parties
from cailan.parties import services as party_services
from cailan.parties.rules.facts import ExternalSpec
from cailan.products import queries as products
from cailan.products.rules import units
from cailan.products.rules.facts import ProductFacts

MOST_SUGGESTIONS = 200  # searches an import; a file of nonsense shall not become a search engine's test


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that was refused; `column` is a key of the template, "" where no single cell is at fault."""

    row: int
    column: str
    value: str
    what: str


class Resolver:
    """What the names of one file mean for one party, each asked once."""

    def __init__(self, actor: Actor, at: datetime) -> None:
        self.actor = actor
        self.at = at
        self._products: dict[str, ProductFacts | None] = {}
        self._unknown: dict[str, str] = {}
        self._parties: dict[tuple[str, str], int | str] = {}
        self._kinds: dict[int, str] = {}  # of parties, for what goods wait for where they arrive
        sites = parties.sites_of(actor, actor.acting_party_id)
        self._site_id = sites[0].id if len(sites) == 1 else None

    def place(self) -> str:
        """Return the law by which 斤 is read here: CN, HK or MO."""
        region = parties.facts([self.actor.acting_party_id])[self.actor.acting_party_id].region
        return {"81": "HK", "82": "MO"}.get(region[:2], "CN")

    def prepare(self, records: list[Record]) -> None:
        """Ask for all names of a chunk at once."""
        new = {record.product for record in records} - set(self._products)
        found = products.resolve_names(new, party_id=self.actor.acting_party_id) if new else {}
        self._products.update({name: found.get(name) for name in new})
        pairs = {(r.party, r.credit_code) for r in records if r.kind in {Kind.PURCHASE, Kind.SALE}}
        unseen = pairs - set(self._parties)
        self._name({name for name, code in unseen if not code})
        kinds = {(r.party, r.credit_code): r.kind for r in records}
        for name, code in sorted(pair for pair in unseen if pair[1]):
            is_supplier = kinds[name, code] is Kind.PURCHASE
            self._parties[name, code] = self._identify(name, code, is_supplier=is_supplier)
        partners = {found for found in self._parties.values() if isinstance(found, int)} - set(self._kinds)
        self._kinds |= {pk: str(one.kind) for pk, one in parties.facts(partners).items()} if partners else {}

    def _name(self, names: set[str]) -> None:
        """Find partners by name in one's own book; others become known from this document, all at once."""
        known = parties.counterparties_named(self.actor, names) if names else {}
        owner = self.actor.acting_party_id
        uris = {name: party_services.external_uri(owner, name) for name in sorted(names - set(known))}
        made = party_services.ensure_external(
            self.actor, [ExternalSpec(uri, name) for name, uri in uris.items()]
        )
        known |= {name: made[uri] for name, uri in uris.items()}
        self._parties.update({(name, ""): party for name, party in known.items()})

    def _identify(self, name: str, code: str, *, is_supplier: bool) -> int | str:
        """Return the party of a credit code, kept in one's own book where nobody registered it; or why not."""
        if found := parties.find_by_identity(self.actor, "uscc", code):
            return found.id if found.id != self.actor.party_id else _("This is your own credit code.")
        if not name:
            return _("No registered party has this credit code; state the name as well.")
        if not self.actor.may(Permission.PARTY_MANAGE):
            self._name({name})
            return self._parties[name, ""]
        try:
            return party_services.add_counterparty(
                self.actor,
                name=name,
                at=self.at,
                id_scheme="uscc",
                id_number=code,
                is_supplier=is_supplier,
                is_customer=not is_supplier,
            )
        except Problem as problem:
            errors = problem.extra.get("errors") or ()
            return "; ".join(str(error["what"]) for error in errors) or str(problem.detail)

    def request(self, record: Record) -> AnyRequest | RowProblem:
        """Return what a record asks for, or why it cannot."""
        product = self._products[record.product]
        if product is None:
            return RowProblem(record.row, "product", record.product, self._suggest(record.product))
        try:
            quantity = units.convert(record.amount, record.uom, product.uom)
            quantity = quantity if record.uom == product.uom else units.rounded(quantity)
            quantity = units.check(quantity, product.uom)
        except units.UnitError as error:
            asked = f"{record.amount:f} {_(units.UNITS[record.uom].label)}"
            return RowProblem(record.row, "quantity", asked, _(error.message))
        party = self._parties.get((record.party, record.credit_code), 0)
        if isinstance(party, str) and record.kind in {Kind.PURCHASE, Kind.SALE}:
            column = "credit_code" if record.credit_code else "party"
            return RowProblem(record.row, column, record.credit_code or record.party, party)
        if record.kind in {Kind.PURCHASE, Kind.PRODUCTION}:
            number = record.lot or record.record or f"{record.at:%Y%m%d}-{record.row}"
            attributes = {f"cailan:{name}": value for name, value in record.attributes.items()}
            if record.code:
                attributes["cailan:traceCode"] = record.code
            lot = NewLot(number, quantity, product.uom, product.id, product.name_zh, product.gtin, attributes)
            if record.kind is Kind.PRODUCTION:
                return self._beginning(record, lot)
            return Receive(
                occurred_at=record.at,
                site_id=self._site_id,
                document=record.document,
                lot=lot,
                supplier_id=int(party),
                awaits=lots.arrival_wait(self.actor.party_kind),
            )
        return self._outgoing(
            record,
            Line(record.code, quantity, product.uom, None, product.id, record.lot),
            int(party) if not isinstance(party, str) else 0,
        )

    def _beginning(self, record: Record, lot: NewLot) -> AnyRequest | RowProblem:
        request = Create(
            occurred_at=record.at,
            site_id=self._site_id,
            document=record.document,
            lot=lot,
            awaits=lots.harvest_wait(self.actor.party_kind),
        )
        try:
            lots.check_beginning(self.actor, request)
        except Problem as problem:
            return RowProblem(record.row, "time", f"{record.at:%Y-%m-%d %H:%M}", str(problem.detail))
        return request

    def _outgoing(self, record: Record, line: Line, party_id: int) -> AnyRequest:
        if record.kind is Kind.SALE:
            return Transfer(
                occurred_at=record.at,
                site_id=self._site_id,
                document=record.document,
                lines=(line,),
                to_party_id=party_id,
                awaits=lots.arrival_wait(self._kinds.get(party_id, "")),
            )
        if record.kind is Kind.RETAIL:
            return Retail(
                occurred_at=record.at, site_id=self._site_id, document=record.document, lines=(line,)
            )
        reason = record.attributes.get("remark") or _("loss")
        return Lose(
            occurred_at=record.at,
            site_id=self._site_id,
            document=record.document,
            lines=(line,),
            reason=reason,
        )

    def _suggest(self, name: str) -> str:
        """Say that no product has a name, with the nearest ones."""
        if name not in self._unknown:
            near: tuple[ProductFacts, ...] = ()
            if len(self._unknown) < MOST_SUGGESTIONS:
                near = products.search(name, party_id=self.actor.party_id, limit=3)
            names = _(" or ").join(f"“{one.name}”" for one in near)
            self._unknown[name] = (
                _("No product is called “%(name)s”. Did you mean %(names)s?") % {"name": name, "names": names}
                if near
                else _(
                    "No product is called “%(name)s”. Look it up in the catalogue, or register it as your own."
                )
                % {"name": name}
            )
        return self._unknown[name]
