"""Reasons not to start, each one sentence that says what to do."""

_MEANINGS = (
    ("No space left on device", "The disk that holds {place} is full: free some space and start again."),
    ("Disk quota exceeded", "The disk quota for {place} is used up: free some space and start again."),
    ("Read-only file system", "{place} lies on a read-only disk: set CAILAN_HOME to another folder."),
    ("Permission denied", "The account {account} may not write in {place}: correct its owner."),
    ("Address already in use", "The database port {port} is taken: free it and start again."),
    ("could not create shared memory segment", "There is too little memory for the database: see {log}."),
    ("invalid locale name", "This system has no C.UTF-8 locale, which the database needs: install it."),
)


class LaunchProblem(Exception):
    """A reason not to start; its text is shown to the user as it is, without a traceback."""


def explain(output: str, *, place: str, account: str, port: int, log: str) -> LaunchProblem:
    """Turn what a PostgreSQL program printed before it gave up into one sentence."""
    for sign, meaning in _MEANINGS:
        if sign in output:
            return LaunchProblem(meaning.format(place=place, account=account, port=port, log=log))
    loud = [line for line in output.splitlines() if "FATAL" in line or "error:" in line]
    said = (loud or output.splitlines() or ["it said nothing"])[-1].strip()
    return LaunchProblem(f"The database did not start: {said} (more in {log})")
