"""Refuse what has not happened yet and what cannot be meant, before anything is reckoned with its day."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from cailan.kernel.problems import InvalidInput

LOOKS_AHEAD = timedelta(minutes=5)  # clocks of phones differ
LOOKS_BACK = timedelta(days=3650)


def check_moment(moment: datetime, *, at: datetime, where: str = "occurred_at") -> None:
    """Refuse a time in the future or more than ten years ago; what waited on a phone without network passes."""
    if moment > at + LOOKS_AHEAD:
        what = _("This lies in the future. Check the date and time.")
    elif moment < at - LOOKS_BACK:
        what = _("This is too long ago to be right. Check the date.")
    else:
        return
    raise InvalidInput(what, errors=[{"where": where, "what": what}])
