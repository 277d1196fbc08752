"""Load substances and their prohibitions."""

from datetime import date

from django.db import transaction

from cailan.products.models import BannedSubstance, Substance
from cailan.products.queries.integrity import listed
from cailan.products.queries.substance_lists import parts, scope_of
from cailan.products.rules.names import key_of


@transaction.atomic
def load_substances() -> tuple[int, int]:
    """Bring substances and prohibitions in step with the lists of this version; return how many of each."""
    lines = listed("substances.csv")
    Substance.objects.bulk_create(
        [_substance(line) for line in lines],
        update_conflicts=True,
        unique_fields=["name_zh"],
        update_fields=["name_en", "cas", "kind", "aliases", "keys"],
    )
    ids = dict(Substance.objects.values_list("name_zh", "pk"))
    bans = [_ban(line, ids[line["substance"]]) for line in listed("banned.csv")]
    # Nothing refers to a prohibition by its row; what is no longer listed ends here.
    BannedSubstance.objects.all().delete()
    BannedSubstance.objects.bulk_create(bans)
    return len(lines), len(bans)


def _substance(line: dict[str, str]) -> Substance:
    aliases = parts(line["aliases"])
    names = (line["name_zh"], line["name_en"], *aliases)
    return Substance(
        name_zh=line["name_zh"],
        name_en=line["name_en"],
        cas=line["cas"],
        kind=line["kind"],
        aliases=aliases,
        keys=sorted({key_of(name) for name in names} | {line["cas"]} - {""}),
    )


def _ban(line: dict[str, str], substance_id: int) -> BannedSubstance:
    return BannedSubstance(
        substance_id=substance_id,
        scope=scope_of(line["scope"]),
        except_use=line["except_use"],
        except_scope=parts(line["except_scope"]),
        valid_from=date.fromisoformat(line["valid_from"]),
        valid_to=date.fromisoformat(line["valid_to"]) if line["valid_to"] else None,
        notice=line["notice"],
        basis=line["basis"],
        is_verified=line["verified"] == "1",
    )
