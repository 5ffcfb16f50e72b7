"""Failures of the machine, not of a caller: said to the operator in one clear sentence."""


class StartupError(Exception):
    """The gateway cannot start; the text is one sentence that says what is wrong and what would help."""
