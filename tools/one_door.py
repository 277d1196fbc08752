"""Import-linter contract: a context is entered by its doors only."""

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class OneDoor(Contract):
    """Every import of a context's inner room from outside is an error."""

    type_name = "one_door"

    contexts = fields.ListField(subfield=fields.StringField())
    doors = fields.ListField(subfield=fields.StringField())
    free_importers = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 (the base class's signature)
        free = tuple(self.free_importers or ())  # type: ignore[arg-type]
        trespasses = [
            f"{importer} -> {room}"
            for context in self.contexts  # type: ignore[attr-defined]
            for room, importer in self._knocks(graph, context)
            if not importer.startswith(free)
        ]
        return ContractCheck(kept=not trespasses, metadata={"trespasses": sorted(trespasses)})

    def _knocks(self, graph: ImportGraph, context: str) -> Any:
        rooms = {context, *graph.find_descendants(context)}
        for room in rooms:
            if any(f"{room}.".startswith(f"{context}.{door}.") for door in self.doors):  # type: ignore[attr-defined]
                continue
            for importer in graph.find_modules_that_directly_import(room) - rooms:
                yield room, importer

    def render_broken_contract(self, check: ContractCheck) -> None:
        for trespass in check.metadata["trespasses"]:
            output.print_error(f"- {trespass}")
