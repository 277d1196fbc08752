"""`cailan trace CODE`: a chain in the terminal, back and forward. Exit: 0 found, 1 unknown, 2 wrong use."""

import sys
from decimal import Decimal
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from cailan.kernel.access import SYSTEM
from cailan.kernel.problems import NotFound
from cailan.tracing import queries
from cailan.tracing.queries import Trace
from cailan.tracing.rules.tree import Branch, grow, pad, stems
from cailan.tracing.templatetags.chain import proof_word
from cailan.tracing.templatetags.quantities import text as quantity_text
from cailan.tracing.templatetags.words import gap_word, movement_word, stage_word

UNKNOWN = 1
WIDEST = 44


class Command(BaseCommand):
    help = "Print the chain of a trace code, Digital Link or URI: back to all sources, forward to all takers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="trace code, GS1 Digital Link, element string or URI")
        parser.add_argument("--json", action="store_true", help="print JSON for machines")

    def handle(self, *args: object, **options: Any) -> None:
        code = options["code"].encode(errors="replace").decode()[:300]  # a terminal may hand over any bytes
        try:
            trace = queries.trace(SYSTEM, code)
        except NotFound:
            self.stderr.write(
                _("No lot has the code %(code)s here. Check it, or import the document that names it.")
                % {"code": code[:80]}
            )
            sys.exit(UNKNOWN)
        if options["json"]:
            self.stdout.write(
                orjson.dumps(as_json(trace), option=orjson.OPT_INDENT_2, default=_plain).decode()
            )
            return
        for line in lines(trace):
            self.stdout.write(line)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError


def as_json(trace: Trace) -> dict[str, Any]:
    """Return the trace as JSON-ready values."""
    return {
        "lot": trace.lot,
        "back": [_branch_json(branch) for branch in grow(trace.chain, back=True)],
        "forward": [_branch_json(branch) for branch in grow(trace.chain, back=False)],
        "nodes": trace.chain.nodes,
        "edges": trace.chain.edges,
        "focus": trace.chain.focus,
        "balance": trace.balance,
        "closes": trace.balance.closes,
        "stages": {str(stage): has for stage, has in trace.stages.items()},
        "hand_overs": trace.depth.hand_overs,
        "reaches_consumer": trace.depth.reaches_consumer,
        "gaps": trace.gaps,
        "is_truncated": trace.chain.is_truncated,
    }


def _branch_json(branch: Branch) -> dict[str, Any]:
    return {
        "depth": branch.depth,
        "flow": branch.edge.id,
        "holding": branch.node.id if branch.node else None,
        "is_repeated": branch.is_repeated,
    }


def lines(trace: Trace) -> list[str]:
    """Return the lines of the terminal."""
    lot, balance = trace.lot, trace.balance
    made = f"{timezone.localtime(lot.made_at):%Y-%m-%d %H:%M}"
    found = [
        " · ".join(filter(None, (lot.name, lot.number, lot.maker, made))),
        lot.code + (f"   {lot.uri}" if lot.uri else ""),
    ]
    if lot.is_held:
        found.append(_("ON HOLD: it cannot be sold, moved or processed."))
    found += ["", _("Back")]
    found += _tree(trace, back=True) or [_("└─ it begins here")]
    found += ["", _("Forward")]
    found += _tree(trace, back=False) or [_("└─ nobody took it over yet")]
    word = _("closes") if balance.closes else _("does not close")
    text = _("Balance: %(in)s in, %(out)s out, %(stock)s in stock: %(word)s") % {
        "in": _amount(balance.total_in, balance.uom),
        "out": _amount(balance.total_out, balance.uom),
        "stock": _amount(balance.in_stock, balance.uom),
        "word": word,
    }
    stages = ", ".join(f"{stage_word(stage)} {'✓' if has else '–'}" for stage, has in trace.stages.items())
    found += ["", text, _("Stages: %(stages)s") % {"stages": stages}]
    found += [
        _("Gap: %(gap)s") % {"gap": gap_word(code)} for code in dict.fromkeys(gap.code for gap in trace.gaps)
    ]
    if trace.chain.is_truncated:
        found.append(_("The chain goes on beyond what is shown."))
    return found


def _tree(trace: Trace, *, back: bool) -> list[str]:
    return [_line(branch, back=back) for branch in grow(trace.chain, back=back)]


def _line(branch: Branch, *, back: bool) -> str:
    edge, node = branch.edge, branch.node
    stem = "".join(stems(branch))
    if node is None:
        who = movement_word(edge.kind)
    elif node.kind == "process":
        who = f"[{movement_word('transform')}] {node.holder}"
    else:
        who = " · ".join(filter(None, (node.holder, node.product, node.lot_number)))
    arrow = "←" if back else "→"
    amount = _amount(edge.quantity, edge.uom)
    when = f"{timezone.localtime(edge.occurred_at):%Y-%m-%d %H:%M}"
    again = f"  ({_('shown above')})" if branch.is_repeated else ""
    return (
        f"{pad(f'{stem}{arrow} {who}', WIDEST)}  {pad(amount, 12)}  {when}  {proof_word(edge.proof)}{again}"
    )


def _amount(quantity: Decimal | None, uom: str) -> str:
    return quantity_text(quantity, uom) or _("not stated")
