"""Words, tones and icons of alerts, recalls and notices."""

import re
from typing import Any

from django import template
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

register = template.Library()

MEASURES: dict[str, Any] = {"recall": _("Recall"), "withdrawal": _("Withdrawal")}
LEVELS: dict[str, Any] = {"1": _("Level one"), "2": _("Level two"), "3": _("Level three")}
LEVEL_MEANINGS: dict[str, Any] = {
    "1": _("serious harm to health or death is possible, or has happened"),
    "2": _("general harm to health"),
    "3": _("false or deficient label, and the like"),
}
ALERT_KINDS: dict[str, Any] = {
    "report-failed": _("A report failed"),
    "harvest-refused": _("A harvest was refused"),
    "harvest-contradicted": _("A late record contradicts a harvest"),
    "recall-silent": _("A recall meets silence"),
}
ALERT_ICONS = {
    "report-failed": "flask",
    "harvest-refused": "plant-2",
    "harvest-contradicted": "plant-2",
    "recall-silent": "bell",
}
ALERT_STATES: dict[str, tuple[Any, str]] = {
    "new": (pgettext_lazy("alert", "New"), "blocked"),
    "acknowledged": (pgettext_lazy("alert", "Taken on"), "attention"),
    "handled": (pgettext_lazy("alert", "Handled"), "good"),
}
NOTICE_STATES: dict[str, tuple[Any, str]] = {
    "sent": (pgettext_lazy("notice", "Sent"), "unknown"),
    "read": (pgettext_lazy("notice", "Read"), "info"),
    "confirmed": (pgettext_lazy("notice", "Confirmed"), "info"),
    "answered": (pgettext_lazy("notice", "Answered"), "good"),
    "silent": (pgettext_lazy("notice", "Silent"), "blocked"),
}
ROLES: dict[str, Any] = {
    "holder": _("has or had it"),
    "consignee": _("it is on its way there"),
    "responsible": _("responsible party"),
    "buyer": _("buyer outside the books"),
}
CHANNELS: dict[str, Any] = {
    "app": pgettext_lazy("channel", "In Cailan"),
    "sms": pgettext_lazy("channel", "SMS"),
    "wechat": pgettext_lazy("channel", "WeChat"),
}
MESSAGE_STATES: dict[str, tuple[Any, str]] = {
    "queued": (pgettext_lazy("message", "Queued"), "unknown"),
    "delivered": (pgettext_lazy("message", "Delivered"), "good"),
    "failed": (pgettext_lazy("message", "Failed"), "blocked"),
}
MESSAGE_DETAILS: dict[str, Any] = {
    "in-app": _("stands in the receiver's list"),
    "simulated": _("to the local outbox only: nothing left this machine"),
    "no-number": _("no phone number is known"),
    "bad-number": _("the phone number cannot be right"),
}
PLACES: dict[str, Any] = {
    "CN": _("the Mainland"),
    "HK": _("Hong Kong"),
    "MO": _("Macao"),
}
WHYS: dict[str, Any] = {
    "made-it": _("made this lot"),
    "made-input": _("made what it was made from"),
    "held-it": _("had it in between"),
    "grave": _("Something forbidden or grave was found: level one is proposed."),
    "label": _("Only the label is wrong: level three is proposed."),
    "over-limit": _("A limit was exceeded: level two is proposed."),
}
WHATS: dict[str, Any] = {
    "made": _("Made"),
    "left": _("Left at the start"),
    "sold": _("Sold to consumers"),
}


@register.filter
def measure_word(kind: str) -> str:
    """Print a measure: recall or withdrawal."""
    return str(MEASURES.get(str(kind), kind))


@register.filter
def level_word(level: str) -> str:
    """Print a level."""
    return str(LEVELS.get(str(level), level))


@register.filter
def level_meaning(level: str) -> str:
    """Print what a level stands for in law."""
    return str(LEVEL_MEANINGS.get(str(level), ""))


@register.filter
def level_tone(level: str) -> str:
    """Return the tone of a level."""
    return {"1": "blocked", "2": "attention"}.get(str(level), "info")


@register.filter
def alert_kind_word(kind: str) -> str:
    """Print a kind of alert."""
    return str(ALERT_KINDS.get(kind, kind))


@register.filter
def alert_icon(kind: str) -> str:
    """Return the icon of a kind of alert."""
    return ALERT_ICONS.get(kind, "bell")


@register.filter
def alert_state_word(state: str) -> str:
    """Print an alert's state."""
    return str(ALERT_STATES[state][0]) if state in ALERT_STATES else state


@register.filter
def alert_state_tone(state: str) -> str:
    """Return the tone of an alert's state."""
    return ALERT_STATES[state][1] if state in ALERT_STATES else "unknown"


@register.filter
def notice_state_word(state: str) -> str:
    """Print how far a notice is."""
    return str(NOTICE_STATES[state][0]) if state in NOTICE_STATES else state


@register.filter
def notice_state_tone(state: str) -> str:
    """Return the tone of a notice's state."""
    return NOTICE_STATES[state][1] if state in NOTICE_STATES else "unknown"


@register.filter
def notice_role_word(role: str) -> str:
    """Print why somebody got a notice."""
    return str(ROLES.get(role, role))


@register.filter
def channel_word(channel: str) -> str:
    """Print a channel."""
    return str(CHANNELS.get(channel, channel))


@register.filter
def message_state_word(state: str) -> str:
    """Print a message's state."""
    return str(MESSAGE_STATES[state][0]) if state in MESSAGE_STATES else state


@register.filter
def message_state_tone(state: str) -> str:
    """Return the tone of a message's state."""
    return MESSAGE_STATES[state][1] if state in MESSAGE_STATES else "unknown"


@register.filter
def message_detail_word(detail: str) -> str:
    """Print what a gateway said."""
    return str(MESSAGE_DETAILS.get(detail, detail))


@register.filter
def place_word(place: str) -> str:
    """Print a place whose limits refuse the goods."""
    return str(PLACES.get(place, place))


@register.filter
def why_word(why: str) -> str:
    """Print a reason of a proposal."""
    return str(WHYS.get(why, why))


@register.filter
def what_word(what: str) -> str:
    """Print what a quantity of an announcement is."""
    return str(WHATS.get(what, what))


@register.filter
def finding_words(text: str) -> str:
    """Print what was found for people; a laboratory's findings say item‖found‖limit, as official notices do."""
    said = []
    for one in text.split("；"):
        item, found, limit = [*one.split("‖"), "", ""][:3]
        if not limit:
            return text
        limit = re.sub(r"\b(CN|HK|MO)\b", lambda place: place_word(place[0]), limit)
        said.append(
            gettext("%(item)s: %(found)s found, limit %(limit)s")
            % {"item": item, "found": found, "limit": limit}
        )
    return gettext("; ").join(said)
