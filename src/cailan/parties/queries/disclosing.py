"""The seals of parties, and who may read what was sealed."""

from collections.abc import Collection

from cailan.accounts import queries as accounts
from cailan.kernel.access import Actor
from cailan.ledger import queries as ledger
from cailan.parties.models import Counterparty, Party, Site
from cailan.parties.queries.integrity import API_KEY, ENTRY, MEMBER, entry_subject, member_subject
from cailan.parties.queries.reading import oversees
from cailan.parties.rules.facts import SiteFacts


def seals_of(
    actor: Actor, uri: str, *, sites: Collection[SiteFacts] = (), user_ids: Collection[int] = ()
) -> dict[str, ledger.NamedSeal]:
    """Return the newest seals of a party, of these places by URI, and of roles by `member_subject`."""
    people = [member_subject(uri, user_id) for user_id in user_ids]
    return ledger.latest_seals(actor, [uri, *(site.uri for site in sites), *people])


def seals_of_entries(actor: Actor, party_ids: Collection[int]) -> dict[int, ledger.NamedSeal]:
    """Return the newest seals of entries in the actor's own book, by the other party's id."""
    if not party_ids:
        return {}
    uri = Party.objects.values_list("uri", flat=True).get(pk=actor.acting_party_id)
    entries = Counterparty.objects.filter(owner_id=actor.acting_party_id, party_id__in=party_ids)
    subjects = {entry_subject(uri, pk): party_id for pk, party_id in entries.values_list("pk", "party_id")}
    return {subjects[name]: seal for name, seal in ledger.latest_seals(actor, list(subjects)).items()}


def may_read_sealed(actor: Actor, subject: str) -> bool:
    """Say whether a seal's content is the actor's own, or of a party or place that the actor oversees."""
    if actor.sees_everything:
        return True
    if actor.party_id is None:
        return False
    party_id = _subject_party(subject)
    if party_id is None:
        return False
    # A book and a machine's keys are their owner's own affair.
    is_private = ENTRY in subject or subject.startswith(API_KEY)
    return party_id == actor.party_id or (not is_private and oversees(actor, party_id))


def _subject_party(subject: str) -> int | None:
    """Return the party that a sealed subject is of: itself, its person, its entry, its key or its place."""
    if subject.startswith(API_KEY):
        return next((k.party_id for k in accounts.api_keys_by_prefix([subject.removeprefix(API_KEY)])), None)
    uri = subject.rpartition(MEMBER)[0] or subject.rpartition(ENTRY)[0] or subject
    found = Party.objects.filter(uri=uri).values_list("pk", flat=True).first()
    return found or Site.objects.filter(uri=uri).values_list("party_id", flat=True).first()
