"""Read, confirm and answer a notice: signed in, or by the link that was sent.

A holder with books here answers signed in: what it destroys or returns is booked in its stock in the same
transaction. Others' figures are kept as they declare them.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import IO

import orjson
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cailan.documents import services as documents
from cailan.kernel import audit
from cailan.kernel.access import SYSTEM, Actor, Permission
from cailan.kernel.problems import InvalidInput, KeyReused, NotFound
from cailan.supervision.models import Answer, AnswerLine, Notice, NoticeLine, NoticeLink, Recall
from cailan.supervision.queries.accounts import account_of
from cailan.supervision.queries.integrity import ANSWER, NOTICE, SUMS
from cailan.supervision.rules.sealed import digest_of_token, plain
from cailan.supervision.rules.sums import Figures, TooMuch, add
from cailan.supervision.services import booking, sealing
from cailan.supervision.services.problems import MoreThanThereWas, RecallEnded, SignInToAnswer
from cailan.tracing.templatetags.words import unit_word

_NOTE, _NAME, _TO = 500, 100, 200
STEP = Decimal("0.000001")
MAX = Decimal(10) ** 9


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer says; figures by line of the notice."""

    lines: tuple[tuple[int, Figures], ...]
    occurred_at: datetime
    returned_to: str = ""
    note: str = ""
    by_name: str = ""
    photo_id: int | None = None  # a document of the answering party


def mark_read(actor: Actor, *, notice_id: int, at: datetime) -> None:
    """Remember when the receiver first opened a notice."""
    Notice.objects.filter(pk=notice_id, holder_id=actor.party_id, read_at=None).update(read_at=at)


def mark_read_by_link(actor: Actor, *, token: str, at: datetime) -> None:  # noqa: ARG001 (anybody with the link)
    """Remember the same of a link; programs that look ahead at links count as opened too."""
    links = NoticeLink.objects.filter(digest=digest_of_token(token))
    Notice.objects.filter(pk__in=links.values("notice_id"), read_at=None).update(read_at=at)


@transaction.atomic
def confirm_notice(actor: Actor, *, notice_id: int, at: datetime) -> None:
    """Confirm that the notice arrived and is being acted on; again changes nothing."""
    _confirm(actor, notice_of_actor(actor, notice_id), actor.display_name, at)


@transaction.atomic
def confirm_by_link(actor: Actor, *, token: str, by_name: str, at: datetime) -> None:
    """Confirm by the link; a name says who did."""
    _confirm(actor, notice_of_link(token), by_name.strip()[:_NAME], at)


def _confirm(actor: Actor, notice: Notice, name: str, at: datetime) -> None:
    if notice.confirmed_at is not None:
        return
    notice.confirmed_at, notice.confirmed_by = at, name[:_NAME]
    notice.read_at = notice.read_at or at
    notice.save(update_fields=["confirmed_at", "confirmed_by", "read_at"])
    sealing.seal(sealer(actor), sealing.NOTICES[1], [f"{NOTICE}{notice.pk}"], at=at)
    audit.record(actor, "supervision.notice.confirmed", f"notice:{notice.pk}")


@transaction.atomic
def answer_notice(
    actor: Actor,
    *,
    notice_id: int,
    said: Said,
    at: datetime,
    client_key: str,
    photo: IO[bytes] | None = None,
    photo_name: str = "",
) -> int:
    """Answer for one's own party: figures add up, and what is destroyed or returned is booked at once."""
    notice = notice_of_actor(actor, notice_id)
    if known := _known(notice, said, client_key):
        return known
    photo_id = said.photo_id
    if photo is not None:
        photo_id = documents.store(actor, file=photo, name=photo_name, kind="photo", at=at)
    elif photo_id is not None:
        booking.check_own_photo(actor, photo_id)
    if photo_id is not None and notice.recall.authority_id != actor.party_id:
        documents.share(actor, document_id=photo_id, party_ids=[notice.recall.authority_id], at=at)
    answer = _keep(
        actor, notice, said, at, client_key, photo_id=photo_id, name=actor.display_name, is_by_link=False
    )
    answer.events = booking.book(actor, answer, at=at)
    answer.save(update_fields=["events"])
    _seal(actor, answer, at)
    return answer.pk


@transaction.atomic
def answer_by_link(
    actor: Actor,
    *,
    token: str,
    said: Said,
    at: datetime,
    client_key: str,
    photo: IO[bytes] | None = None,
    photo_name: str = "",
) -> int:
    """Answer without an account: the figures are kept as declared, the photo with the authority."""
    notice = notice_of_link(token)
    if notice.is_registered:
        raise SignInToAnswer
    if known := _known(notice, said, client_key):
        return known
    photo_id = None
    if photo is not None:
        photo_id = documents.store(_receiver(notice.recall), file=photo, name=photo_name, kind="photo", at=at)
    answer = _keep(actor, notice, said, at, client_key, photo_id=photo_id, name=said.by_name, is_by_link=True)
    _seal(actor, answer, at)
    return answer.pk


def notice_of_actor(actor: Actor, notice_id: int) -> Notice:
    """Lock and return a notice to the actor's own party."""
    actor.require(Permission.LOT_READ)
    notice = _locked(Notice.objects.filter(pk=notice_id, holder_id=actor.acting_party_id))
    actor.require(Permission.LOT_MOVE)
    return notice


def notice_of_link(token: str) -> Notice:
    """Lock and return the notice behind a link."""
    links = NoticeLink.objects.filter(digest=digest_of_token(token))
    return _locked(Notice.objects.filter(pk__in=links.values("notice_id")))


def _locked(rows: "QuerySet[Notice]") -> Notice:
    """Lock the notice, so that two answers at once add up one after the other."""
    notice = rows.select_for_update(of=("self",)).first()
    if notice is None:
        raise NotFound
    # Shared by all answers; a closing takes it for itself, so none slips in behind its report.
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM supervision_recall WHERE id = %s FOR SHARE", [notice.recall_id])
    notice.recall.refresh_from_db()
    return notice


def sealer(actor: Actor) -> Actor:
    """Return who seals: the party itself, or the platform for who answers by a link."""
    return actor if actor.party_id is not None else SYSTEM


def _receiver(recall: Recall) -> Actor:
    """Return the authority as it receives what is sent by a link."""
    return Actor(party_id=recall.authority_id, permissions=frozenset({Permission.DOCUMENT_ADD}), means="link")


def _digest(said: Said) -> bytes:
    body = orjson.dumps(asdict(said), default=plain_or_text, option=orjson.OPT_SORT_KEYS)
    return sha256(body).digest()


def plain_or_text(value: object) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)


def _known(notice: Notice, said: Said, client_key: str) -> int | None:
    row = Answer.objects.filter(notice=notice, client_key=client_key).first()
    if row is None:
        return None
    if bytes(row.digest) != _digest(said):
        raise KeyReused(key=client_key)
    return row.pk


def _keep(
    actor: Actor,
    notice: Notice,
    said: Said,
    at: datetime,
    client_key: str,
    *,
    photo_id: int | None,
    name: str,
    is_by_link: bool,
) -> Answer:
    if notice.recall.closed_at is not None:
        raise RecallEnded
    _check(notice, said, client_key, at)
    lines = {line.pk: line for line in NoticeLine.objects.filter(notice=notice).order_by("pk")}
    told = [(lines.get(pk), figures) for pk, figures in said.lines if not figures.is_nothing]
    answer = Answer.objects.create(
        notice=notice,
        client_key=client_key,
        digest=_digest(said),
        occurred_at=said.occurred_at,
        recorded_at=at,
        is_by_link=is_by_link,
        by_name=name[:_NAME],
        returned_to=said.returned_to.strip(),
        note=said.note.strip(),
        photo_id=photo_id,
    )
    for line, figures in told:
        if line is None:
            raise NotFound
        _count(line, figures)
        AnswerLine.objects.create(answer=answer, line=line, **asdict(figures))
    if not told and any(account_of(line).untold for line in lines.values()):
        raise InvalidInput(
            errors=[
                {
                    "where": None,
                    "what": _("Say what became of it: put aside, returned, destroyed or missing."),
                }
            ]
        )
    notice.answered_at = notice.answered_at or at
    notice.read_at = notice.read_at or at
    notice.save(update_fields=["answered_at", "read_at"])
    if notice.confirmed_at is None:  # who answers has got it
        _confirm(actor, notice, name, at)
    return answer


def _check(notice: Notice, said: Said, client_key: str, at: datetime) -> None:
    errors: list[dict[str, object]] = []
    if not client_key.strip():
        errors.append({"where": "client_key", "what": _("Send a key, so that nothing is counted twice.")})
    began = notice.recall.decided_at.replace(second=0, microsecond=0)  # forms speak in minutes
    if not began <= said.occurred_at <= at + timedelta(minutes=5):
        errors.append(
            {"where": "occurred_at", "what": _("Give a time between the start of the recall and now.")}
        )
    for name, text, most in (
        ("note", said.note, _NOTE),
        ("returned_to", said.returned_to, _TO),
        ("by_name", said.by_name, _NAME),
    ):
        if len(text) > most:
            errors.append(
                {
                    "where": name,
                    "what": _("This is too long: keep it below %(most)d characters.") % {"most": most},
                }
            )
    for pk, figures in said.lines:
        for name, value in asdict(figures).items():
            if not value.is_finite() or value < 0 or value > MAX or value != value.quantize(STEP):
                errors.append({"where": f"{name}_{pk}", "what": _("Enter a quantity, zero or more.")})
        if figures.returned and notice.role == Notice.Role.RESPONSIBLE:
            errors.append(
                {
                    "where": f"returned_{pk}",
                    "what": _("Goods come back to you. Put them aside or destroy them."),
                }
            )
    if errors:
        raise InvalidInput(errors=errors)


def _count(line: NoticeLine, figures: Figures) -> None:
    """Add figures to a line; never more than there was."""
    try:
        account = add(account_of(line), figures)
    except TooMuch as error:
        what = _(
            "At most %(most)s %(uom)s can be entered here: the rest is accounted for already. "
            "Enter only what is new since your last answer."
        ) % {"most": plain(error.most), "uom": unit_word(line.uom)}
        where = f"{error.field}_{line.pk}"
        raise MoreThanThereWas(what, errors=[{"where": where, "what": what}]) from error
    for name in SUMS:
        setattr(line, name, getattr(account, name))
    line.save(update_fields=list(SUMS))


def _seal(actor: Actor, answer: Answer, at: datetime) -> None:
    sealing.seal(sealer(actor), sealing.ANSWERED, [f"{ANSWER}{answer.pk}"], at=at)
    audit.record(
        actor,
        "supervision.notice.answered",
        f"notice:{answer.notice_id}",
        answer=answer.pk,
        by_link=answer.is_by_link,
    )
