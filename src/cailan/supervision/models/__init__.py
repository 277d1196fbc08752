"""Alerts, recalls, notices and what was answered to them."""

from cailan.supervision.models.alerts import Alert, AlertReach
from cailan.supervision.models.calendar import WorkDay
from cailan.supervision.models.notices import (
    Answer,
    AnswerLine,
    Message,
    Notice,
    NoticeLine,
    NoticeLink,
    Return,
)
from cailan.supervision.models.recalls import Recall, RecallLot, RecallReach, RecallStock

__all__ = [
    "Alert",
    "AlertReach",
    "Answer",
    "AnswerLine",
    "Message",
    "Notice",
    "NoticeLine",
    "NoticeLink",
    "Recall",
    "RecallLot",
    "RecallReach",
    "RecallStock",
    "Return",
    "WorkDay",
]
