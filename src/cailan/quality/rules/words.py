"""Mark sentences for the catalogues; whoever shows them translates them."""


def gettext_noop(message: str) -> str:
    return message
