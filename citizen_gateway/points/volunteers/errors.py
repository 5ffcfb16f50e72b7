"""What can be refused about volunteers, groups and certificates."""

from citizen_gateway.kernel.errors import Problem


class GroupNameTaken(Problem):
    """A group of this name exists."""

    status = 409
    code = "group_name_taken"
    title = "There is a group of this name"
    detail = "{name} exists already; choose another name."


class NothingToCertify(Problem):
    """No approved service in the period."""

    status = 409
    code = "nothing_to_certify"
    title = "There is no service to certify"
    detail = "No approved hours lie in this period."
