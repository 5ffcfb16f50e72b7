"""What can be refused at the desk."""

from citizen_gateway.kernel.errors import Problem


class ForeignArea(Problem):
    """An area that the caller's rights do not reach."""

    status = 403
    code = "foreign_area"
    title = "This area is not yours"
    detail = "Your rights do not reach the area {area}."


class FilterNameTaken(Problem):
    """A second filter under one name."""

    status = 409
    code = "filter_name_taken"
    title = "You have a filter of this name"
    detail = "Delete the filter {name} first, or choose another name."


class TooManyFilters(Problem):
    """More filters than anybody finds again."""

    status = 409
    code = "too_many_filters"
    title = "You have too many filters"
    detail = "Delete one first; at most {most} can be kept."


class NothingToSearch(Problem):
    """A search without anything to look for."""

    status = 422
    code = "nothing_to_search"
    title = "There is nothing to look for"
    detail = "Give words, a phone number, or a ticket whose reporter's tickets you look for."


class PurposeMissing(Problem):
    """A look at personal data without a reason."""

    status = 422
    code = "purpose_missing"
    title = "A purpose is needed"
    detail = "Say what for; it is written down together with who looked."
