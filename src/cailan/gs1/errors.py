"""The one refusal this library knows."""


class Gs1Error(ValueError):
    """Say what is wrong with a GS1 text, by code, sentence, place and facts.

    `code` is stable and meant for translation; `position` counts characters from 0 in the text that was read,
    None where no single place is at fault; `facts` holds the values named in the sentence.
    """

    def __init__(self, code: str, message: str, position: int | None = None, **facts: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.position = position
        self.facts = facts

    def at(self, offset: int, prefix: str = "") -> "Gs1Error":
        """Return the same refusal seen from a longer text that holds this one at `offset`."""
        return Gs1Error(self.code, prefix + self.message, offset + (self.position or 0), **self.facts)
