"""Every door of a context asks who knocks; the few that need not are listed here with their reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "cailan"

MAKES_THE_ACTOR = "Nobody is known yet: the answer is the Actor."
AT_START = "Called when the program starts, or by the machine: no person acts."
PUBLIC = "Public knowledge: whoever holds the code, the key or the page may ask."
FOR_ROWS_SEEN = "Completes rows or identifiers that the caller has been allowed to see."
DRAWS = "Draws what the caller hands over; reads no record."
FOR_THE_AUDIT = "Compares the whole store with its seals; shows nothing to anybody but the operator."

WITHOUT_ACTOR = {
    "accounts.services.sign_in": MAKES_THE_ACTOR,
    "accounts.queries.build_actor": MAKES_THE_ACTOR,
    "accounts.queries.actor_for_key": MAKES_THE_ACTOR,
    "accounts.queries.actor_named": MAKES_THE_ACTOR,
    "accounts.queries.actor_of": MAKES_THE_ACTOR,
    "accounts.queries.idle_seconds": MAKES_THE_ACTOR,
    "accounts.queries.is_privileged": MAKES_THE_ACTOR,
    "accounts.services.witness_keys": AT_START,
    "documents.queries.add_overseer": AT_START,
    "ledger.services.mirror": AT_START,
    "ledger.services.sequence_once": AT_START,
    "ledger.services.take_sequencer_lock": AT_START,
    "ledger.services.watch": AT_START,
    "ledger.queries.disclose": AT_START,
    "ledger.queries.name_signers": AT_START,
    "parties.services.load_regions": AT_START,
    "products.services.load_catalogue": AT_START,
    "quality.services.load_starter": AT_START,
    "products.services.load_substances": AT_START,
    "supervision.services.load_workdays": AT_START,
    "supervision.services.register_mirrors": AT_START,
    "ledger.queries.latest_checkpoint": PUBLIC,
    "ledger.queries.log_key": PUBLIC,
    "ledger.queries.tile_bytes": PUBLIC,
    "ledger.queries.proof": PUBLIC,
    "lots.queries.find_public": PUBLIC,
    "lots.queries.key_of": PUBLIC,
    "parties.queries.list_regions": PUBLIC,
    "parties.queries.search_regions": PUBLIC,
    "parties.queries.region_name": PUBLIC,
    "parties.queries.region_path": PUBLIC,
    "parties.queries.public_names": PUBLIC,
    "parties.queries.choose_step_by_step": PUBLIC,
    "parties.queries.approved_markets": PUBLIC,
    "products.queries.search": PUBLIC,
    "products.queries.by_gtin": PUBLIC,
    "products.queries.resolve_names": PUBLIC,
    "products.queries.list_categories": PUBLIC,
    "production.queries.growth_of": FOR_ROWS_SEEN,
    "production.queries.public_photo": PUBLIC,
    "products.queries.banned": PUBLIC,
    "products.queries.banned_by_day": PUBLIC,
    "products.queries.search_substances": PUBLIC,
    "products.queries.substance_facts": PUBLIC,
    "products.queries.substance_named": PUBLIC,
    "products.queries.substances_named": PUBLIC,
    "tracing.queries.trace_public": PUBLIC,
    "trade.queries.shared_statement": PUBLIC,
    "trade.queries.ticket_public": PUBLIC,
    "trade.queries.day_bounds": PUBLIC,
    "trade.queries.month_bounds": PUBLIC,
    "consumers.queries.scan": PUBLIC,
    "quality.queries.certificate_of": PUBLIC,
    "quality.queries.find_certificate": PUBLIC,
    "quality.queries.limits_for": PUBLIC,
    "quality.queries.public_results": PUBLIC,
    "quality.queries.results_of": PUBLIC,
    "consumers.queries.scan_ticket": PUBLIC,
    "consumers.queries.ticket_code": PUBLIC,
    "consumers.queries.address_of": DRAWS,
    "supervision.queries.announcement": PUBLIC,
    "supervision.queries.list_public": PUBLIC,
    "supervision.queries.notice_of_link": PUBLIC,
    "supervision.queries.open_recalls_of": PUBLIC,
    "exchange.queries.column_label": PUBLIC,
    "exchange.services.template_file": PUBLIC,
    "labels.queries.pdf": DRAWS,
    "labels.queries.label_pdf": DRAWS,
    "labels.queries.zpl": DRAWS,
    "labels.queries.qr_svg": DRAWS,
    "labels.queries.qr_png": DRAWS,
    "documents.queries.facts": FOR_ROWS_SEEN,
    "epcis.queries.known_ids": FOR_ROWS_SEEN,
    "epcis.queries.bodies": FOR_ROWS_SEEN,
    "epcis.queries.owners": FOR_ROWS_SEEN,
    "epcis.queries.corrected": FOR_ROWS_SEEN,
    "epcis.queries.biz_steps": FOR_ROWS_SEEN,
    "epcis.queries.events_about": FOR_ROWS_SEEN,
    "epcis.queries.facts": FOR_ROWS_SEEN,
    "epcis.queries.as_document": FOR_ROWS_SEEN,
    "ledger.queries.proof_bundle": FOR_ROWS_SEEN,
    "ledger.queries.signer_names": FOR_ROWS_SEEN,
    "lots.queries.holds_on": FOR_ROWS_SEEN,
    "lots.queries.remaining_everywhere": FOR_ROWS_SEEN,
    "lots.queries.facts_of": FOR_ROWS_SEEN,
    "lots.queries.holding_facts_of": FOR_ROWS_SEEN,
    "lots.queries.add_check": AT_START,
    "lots.queries.arrival_wait": FOR_ROWS_SEEN,
    "lots.queries.harvest_wait": FOR_ROWS_SEEN,
    "lots.queries.known_uris": FOR_ROWS_SEEN,
    "lots.queries.moving": FOR_ROWS_SEEN,
    "lots.queries.starts_of": FOR_ROWS_SEEN,
    "lots.queries.walk": FOR_ROWS_SEEN,
    "parties.services.external_uri": FOR_ROWS_SEEN,
    "parties.queries.site_facts": FOR_ROWS_SEEN,
    "parties.queries.site_by_uri": FOR_ROWS_SEEN,
    "parties.queries.facts": FOR_ROWS_SEEN,
    "parties.queries.member_subject": FOR_ROWS_SEEN,
    "parties.queries.contacts": FOR_ROWS_SEEN,
    "parties.queries.party_by_uri": FOR_ROWS_SEEN,
    "parties.queries.party_by_gln": FOR_ROWS_SEEN,
    "products.queries.facts": FOR_ROWS_SEEN,
    "quality.queries.basket_of": FOR_ROWS_SEEN,
    "quality.queries.ingredients_of": FOR_ROWS_SEEN,
    "quality.queries.origin_of": FOR_ROWS_SEEN,
    "quality.queries.places_of": FOR_ROWS_SEEN,
    "quality.queries.standing_of": FOR_ROWS_SEEN,
    "quality.queries.state_of": FOR_ROWS_SEEN,
    "tracing.queries.add_panel": AT_START,
    "tracing.queries.add_actions": AT_START,
    "tracing.queries.told_by": FOR_ROWS_SEEN,
    "tracing.queries.describe": FOR_ROWS_SEEN,
    "tracing.queries.summary": FOR_ROWS_SEEN,
    "tracing.queries.part": FOR_ROWS_SEEN,
    "tracing.queries.holders": FOR_ROWS_SEEN,
    "tracing.queries.open_hold": FOR_ROWS_SEEN,
    "trade.queries.statement_data": FOR_ROWS_SEEN,
    "trade.queries.tickets_of_lots": FOR_ROWS_SEEN,
    "trade.queries.statement_text": FOR_ROWS_SEEN,
    "trade.queries.evidence_data": FOR_ROWS_SEEN,
    "supervision.queries.where_now": FOR_ROWS_SEEN,
    "epcis.queries.find": FOR_ROWS_SEEN,
    "epcis.queries.keys_about": FOR_ROWS_SEEN,
    "accounts.queries.api_keys_by_prefix": FOR_THE_AUDIT,
    "accounts.queries.descriptions": FOR_THE_AUDIT,
    "accounts.queries.roles_in": FOR_THE_AUDIT,
    "epcis.queries.misindexed": FOR_THE_AUDIT,
    "lots.queries.rebuild_movements": FOR_THE_AUDIT,
    "lots.queries.clearing_payload": FOR_THE_AUDIT,
    "lots.queries.rebuild_clearings": FOR_THE_AUDIT,
    "lots.queries.hold_payload": FOR_THE_AUDIT,
    "lots.queries.rebuild_holds": FOR_THE_AUDIT,
    "lots.queries.rebuild_releases": FOR_THE_AUDIT,
    "lots.queries.misstated": FOR_THE_AUDIT,
    "lots.queries.unbalanced": FOR_THE_AUDIT,
}


def doors() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield the functions that other contexts may call: of a package those it names in `__all__`."""
    for context in sorted(PACKAGE.iterdir()):
        for door in ("services", "queries"):
            package = context / door
            files = [*package.glob("*.py")] or [*context.glob(f"{door}.py")]
            trees = {path.name: ast.parse(path.read_text(encoding="utf-8")) for path in files}
            names = named_in_all(trees["__init__.py"]) if package.is_dir() else None
            for node in (node for tree in trees.values() for node in tree.body):
                is_public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
                if is_public and (names is None or node.name in names):
                    yield f"{context.name}.{door}.{node.name}", node


def named_in_all(tree: ast.Module) -> set[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    raise AssertionError("the `__init__` of services and queries names its doors in __all__")


def test_every_door_asks_who_knocks():
    unasked = set()
    for name, function in doors():
        parameters = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        if (not parameters or parameters[0].arg != "actor") and name not in WITHOUT_ACTOR:
            unasked.add(name)

    assert not sorted(unasked), "the first parameter is `actor`, or WITHOUT_ACTOR says why not"


def test_every_exception_is_still_needed():
    without = {
        name for name, function in doors() if "actor" not in {each.arg for each in function.args.args[:1]}
    }

    assert sorted(WITHOUT_ACTOR.keys() - without) == []
