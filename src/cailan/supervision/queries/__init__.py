"""What supervision shows."""

from cailan.supervision.queries.alerts import (
    AlertFacts,
    Where,
    count_new_alerts,
    get_alert,
    list_alerts,
    on_the_way,
    where_now,
)
from cailan.supervision.queries.calendar import list_workdays
from cailan.supervision.queries.disclosing import may_read_sealed
from cailan.supervision.queries.messages import MessageFacts, list_messages
from cailan.supervision.queries.notices import (
    NoticeFile,
    NoticeRow,
    count_open_notices,
    get_notice,
    list_notices,
    notice_of_link,
)
from cailan.supervision.queries.proposing import Proposal, propose
from cailan.supervision.queries.public import (
    Announcement,
    RecallFacts,
    announcement,
    list_public,
    open_recalls_of,
)
from cailan.supervision.queries.recalls import (
    BoardRow,
    Progress,
    RecallRow,
    board_rows,
    get_recall,
    list_recalls,
    may_manage,
    progress,
    sees_recall,
)

__all__ = [
    "AlertFacts",
    "Announcement",
    "BoardRow",
    "MessageFacts",
    "NoticeFile",
    "NoticeRow",
    "Progress",
    "Proposal",
    "RecallFacts",
    "RecallRow",
    "Where",
    "announcement",
    "board_rows",
    "count_new_alerts",
    "count_open_notices",
    "get_alert",
    "get_notice",
    "get_recall",
    "list_alerts",
    "list_messages",
    "list_notices",
    "list_public",
    "list_recalls",
    "list_workdays",
    "may_manage",
    "may_read_sealed",
    "notice_of_link",
    "on_the_way",
    "open_recalls_of",
    "progress",
    "propose",
    "sees_recall",
    "where_now",
]
