"""What can be refused about a person's data."""

from citizen_gateway.kernel.errors import Problem


class LinkCodeUnknown(Problem):
    """A code that nobody made, that was used, or whose ten minutes are over."""

    status = 404
    code = "link_code_unknown"
    title = "This code does not work"
    detail = "The code is mistyped, used already, or older than ten minutes. Ask for a new one in the other channel."


class LinkedToItself(Problem):
    """A code typed into the account that made it."""

    status = 409
    code = "linked_to_itself"
    title = "This is the account the code was made in"
    detail = "Type the code in the other channel, the one you want to add."
