"""Look at a recall the way its officials and receivers do."""

from cailan.kernel.access import SYSTEM
from cailan.ledger import services as ledger
from cailan.supervision import queries
from cailan.supervision.tests.factories import LATER


def bar(number, actor):
    recall = queries.get_recall(actor, number)
    [found] = queries.progress(actor, recall, at=LATER).bars
    return found


def sound():
    """Everything sealed is as it was sealed."""
    report = ledger.audit(SYSTEM)
    return [(one.subject, one.where) for one in report.alterations]


def token_of(notice):
    """Read the link in the message, as its receiver does."""
    [text] = {
        one.text
        for one in queries.list_messages(SYSTEM, notice.recall.number, limit=500).items
        if one.notice_id == notice.pk and one.channel == "sms"
    }
    return text.rpartition("/r/")[2]
