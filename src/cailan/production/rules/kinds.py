"""Words of the field: kinds of work, of inputs, of seed sources, of harvest, and the stage each belongs to."""

from enum import StrEnum


def gettext_noop(message: str) -> str:
    """Mark a word for the catalogues; whoever shows it translates it."""
    return message


class OperationKind(StrEnum):
    """Work on a crop (农事操作)."""

    SOWING = "sowing"
    TILLING = "tilling"
    FERTILISING = "fertilising"
    IRRIGATING = "irrigating"
    SPRAYING = "spraying"
    WEEDING = "weeding"
    PEST_OBSERVATION = "pest_observation"
    PRUNING = "pruning"
    OTHER = "other"


class Stage(StrEnum):
    """The parts of a production record (NY/T 1761 and 农产品质量安全法 art. 27)."""

    PLANTING = "planting"
    SOIL_AND_WATER = "soil_and_water"  # 土肥水管理
    PEST_CONTROL = "pest_control"  # 病虫害防治
    CARE = "care"


class InputKind(StrEnum):
    """What is bought to be used on a crop (投入品)."""

    PESTICIDE = "pesticide"
    FERTILISER = "fertiliser"
    GROWTH_REGULATOR = "growth_regulator"
    OTHER = "other"


class SeedSource(StrEnum):
    """Where seed or seedlings come from (种子来源)."""

    BOUGHT_SEED = "bought_seed"
    BOUGHT_SEEDLINGS = "bought_seedlings"
    OWN_SEEDLINGS = "own_seedlings"
    OWN_SEED = "own_seed"


class HarvestMethod(StrEnum):
    """How it is harvested (采收方式)."""

    BY_HAND = "by_hand"
    BY_KNIFE = "by_knife"
    BY_MACHINE = "by_machine"


class Aspect(StrEnum):
    """What surrounds a crop (产地环境)."""

    SOIL = "soil"
    WATER = "water"
    AIR = "air"


OPERATION_LABELS: dict[str, str] = {
    OperationKind.SOWING: gettext_noop("Sowing or planting"),
    OperationKind.TILLING: gettext_noop("Soil preparation"),
    OperationKind.FERTILISING: gettext_noop("Fertilising"),
    OperationKind.IRRIGATING: gettext_noop("Irrigating"),
    OperationKind.SPRAYING: gettext_noop("Spraying"),
    OperationKind.WEEDING: gettext_noop("Weeding"),
    OperationKind.PEST_OBSERVATION: gettext_noop("Pest observation"),
    OperationKind.PRUNING: gettext_noop("Pruning and thinning"),
    OperationKind.OTHER: gettext_noop("Other work"),
}
OPERATION_ICONS: dict[str, str] = {
    OperationKind.SOWING: "seedling",
    OperationKind.TILLING: "tractor",
    OperationKind.FERTILISING: "leaf",
    OperationKind.IRRIGATING: "droplet",
    OperationKind.SPRAYING: "flask",
    OperationKind.WEEDING: "plant-2",
    OperationKind.PEST_OBSERVATION: "bug",
    OperationKind.PRUNING: "list-check",
    OperationKind.OTHER: "clipboard-list",
}
STAGE_OF: dict[str, Stage] = {
    OperationKind.SOWING: Stage.PLANTING,
    OperationKind.TILLING: Stage.SOIL_AND_WATER,
    OperationKind.FERTILISING: Stage.SOIL_AND_WATER,
    OperationKind.IRRIGATING: Stage.SOIL_AND_WATER,
    OperationKind.SPRAYING: Stage.PEST_CONTROL,
    OperationKind.WEEDING: Stage.PEST_CONTROL,
    OperationKind.PEST_OBSERVATION: Stage.PEST_CONTROL,
    OperationKind.PRUNING: Stage.CARE,
    OperationKind.OTHER: Stage.CARE,
}
STAGE_LABELS: dict[str, str] = {
    Stage.PLANTING: gettext_noop("Planting"),
    Stage.SOIL_AND_WATER: gettext_noop("Soil, fertiliser and water"),
    Stage.PEST_CONTROL: gettext_noop("Pests and diseases"),
    Stage.CARE: gettext_noop("Care of the crop"),
}
INPUT_LABELS: dict[str, str] = {
    InputKind.PESTICIDE: gettext_noop("Pesticide"),
    InputKind.FERTILISER: gettext_noop("Fertiliser"),
    InputKind.GROWTH_REGULATOR: gettext_noop("Growth regulator"),
    InputKind.OTHER: gettext_noop("Other input"),
}
SEED_LABELS: dict[str, str] = {
    SeedSource.BOUGHT_SEED: gettext_noop("Bought seed"),
    SeedSource.BOUGHT_SEEDLINGS: gettext_noop("Bought seedlings"),
    SeedSource.OWN_SEEDLINGS: gettext_noop("Own seedlings"),
    SeedSource.OWN_SEED: gettext_noop("Own seed"),
}
METHOD_LABELS: dict[str, str] = {
    HarvestMethod.BY_HAND: gettext_noop("Picked by hand"),
    HarvestMethod.BY_KNIFE: gettext_noop("Cut with a knife"),
    HarvestMethod.BY_MACHINE: gettext_noop("By machine"),
}
ASPECT_LABELS: dict[str, str] = {
    Aspect.SOIL: gettext_noop("Soil"),
    Aspect.WATER: gettext_noop("Irrigation water"),
    Aspect.AIR: gettext_noop("Air"),
}

# Work that is nothing without what was put on the crop.
NEEDS_INPUT = frozenset({OperationKind.FERTILISING, OperationKind.SPRAYING})
USUAL_INPUTS: dict[str, frozenset[str]] = {
    OperationKind.SPRAYING: frozenset({InputKind.PESTICIDE, InputKind.GROWTH_REGULATOR}),
    OperationKind.FERTILISING: frozenset({InputKind.FERTILISER}),
}
# What the law registers (农药管理条例, art. 7), with an interval on its label.
REGISTERED = frozenset({InputKind.PESTICIDE, InputKind.GROWTH_REGULATOR})
BOUGHT = frozenset({SeedSource.BOUGHT_SEED, SeedSource.BOUGHT_SEEDLINGS})
# An order may spare the coating of seed (products.BannedSubstance.except_use).
SEED_COATING = "seed_coating"
