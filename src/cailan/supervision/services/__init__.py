"""The verbs of supervision."""

from cailan.supervision.services.alerts import News, acknowledge, handle_alert, raise_alert
from cailan.supervision.services.answering import (
    Said,
    answer_by_link,
    answer_notice,
    confirm_by_link,
    confirm_notice,
    mark_read,
    mark_read_by_link,
)
from cailan.supervision.services.booking import accept_returns
from cailan.supervision.services.calendar import load_workdays, set_workday
from cailan.supervision.services.closing import close_recall, release_recall
from cailan.supervision.services.deciding import start_recall
from cailan.supervision.services.escalating import escalate, escalate_due
from cailan.supervision.services.forwarding import Forwarded, forward_by_link, forward_notice
from cailan.supervision.services.problems import (
    AlertSettled,
    FiguresOpen,
    MoreThanThereWas,
    RecallEnded,
    RecallStillOpen,
    SignInToAnswer,
)
from cailan.supervision.services.sealing import register_mirrors
from cailan.supervision.services.sending import deliver_queued

__all__ = [
    "AlertSettled",
    "FiguresOpen",
    "Forwarded",
    "MoreThanThereWas",
    "News",
    "RecallEnded",
    "RecallStillOpen",
    "Said",
    "SignInToAnswer",
    "accept_returns",
    "acknowledge",
    "answer_by_link",
    "answer_notice",
    "close_recall",
    "confirm_by_link",
    "confirm_notice",
    "deliver_queued",
    "escalate",
    "escalate_due",
    "forward_by_link",
    "forward_notice",
    "handle_alert",
    "load_workdays",
    "mark_read",
    "mark_read_by_link",
    "raise_alert",
    "register_mirrors",
    "release_recall",
    "set_workday",
    "start_recall",
]
