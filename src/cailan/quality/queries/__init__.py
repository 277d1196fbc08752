"""Show limits, tests, reports, certificates, and how lots stand."""

from cailan.quality.queries.certificates import (
    certificate_of,
    certificates_of,
    find_certificate,
    ingredients_of,
    origin_of,
    pattern_for,
    source_certificates,
)
from cailan.quality.queries.disclosing import may_read_sealed
from cailan.quality.queries.labelling import (
    NoBasketLabel,
    NoCertificate,
    NotPrinted,
    basket_content,
    certificate_content,
    certificate_paper,
)
from cailan.quality.queries.limits import judge, limits_for, places_of, side_by_side, sources_in_force
from cailan.quality.queries.publishing import concerning, get_report, public_results
from cailan.quality.queries.samples import (
    LaboratoryFacts,
    SampleFile,
    count_work,
    get_sample,
    laboratories,
    own_laboratory,
    worklist,
)
from cailan.quality.queries.states import basket_of, results_of, standing_of, state_of

__all__ = [
    "LaboratoryFacts",
    "NoBasketLabel",
    "NoCertificate",
    "NotPrinted",
    "SampleFile",
    "basket_content",
    "basket_of",
    "certificate_content",
    "certificate_of",
    "certificate_paper",
    "certificates_of",
    "concerning",
    "count_work",
    "find_certificate",
    "get_report",
    "get_sample",
    "ingredients_of",
    "judge",
    "laboratories",
    "limits_for",
    "may_read_sealed",
    "origin_of",
    "own_laboratory",
    "pattern_for",
    "places_of",
    "public_results",
    "results_of",
    "side_by_side",
    "source_certificates",
    "sources_in_force",
    "standing_of",
    "state_of",
    "worklist",
]
