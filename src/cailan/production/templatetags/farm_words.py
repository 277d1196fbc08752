"""Words of a farm's record, and how a lot grew, for templates of every floor."""

from django import template
from django.utils.translation import gettext

from cailan.production import queries
from cailan.production.rules import kinds
from cailan.production.rules.facts import Growth

register = template.Library()
_TABLES: dict[str, dict[str, str]] = {
    "work": kinds.OPERATION_LABELS,
    "input": kinds.INPUT_LABELS,
    "seed": kinds.SEED_LABELS,
    "method": kinds.METHOD_LABELS,
    "aspect": kinds.ASPECT_LABELS,
    "stage": kinds.STAGE_LABELS,
}


@register.filter
def farm_word(value: str, table: str) -> str:
    """Print a word of one of the tables: "spraying"|farm_word:"work"; one that is not ours stays as it is."""
    label = _TABLES[table].get(value)
    return gettext(label) if label else value


@register.filter
def work_icon(kind: str) -> str:
    return kinds.OPERATION_ICONS.get(kind, "clipboard-list")


@register.filter
def stage_of(kind: str) -> str:
    """Name the part of the production record to which work belongs (土肥水管理, 病虫害防治 …)."""
    return gettext(kinds.STAGE_LABELS[kinds.STAGE_OF.get(kind, kinds.Stage.CARE)])


@register.simple_tag
def growth(lot_id: int) -> Growth | None:
    """Return how a lot grew, if a farm here harvested it: {% growth lot.id as grown %}."""
    return queries.growth_of([lot_id]).get(lot_id)
