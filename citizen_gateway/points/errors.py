"""What can be refused about points, awards and family."""

from citizen_gateway.kernel.errors import Problem


class NoPoints(Problem):
    """The city's pack has no `points.toml`."""

    status = 404
    code = "points_not_offered"
    title = "There are no points in this city"
    detail = "This city does not offer points to volunteers."


class NotEnoughPoints(Problem):
    """The price is more than what may be spent."""

    status = 409
    code = "not_enough_points"
    title = "You do not have enough points"
    detail = "This needs {needed} points; you can spend {available}."
    shown = ("needed", "available")


class SpendingBlocked(Problem):
    """A clawback took more than there was."""

    status = 409
    code = "spending_blocked"
    title = "Points cannot be spent now"
    detail = "{debt} points are owed, since some were taken back. Earn them again first."
    shown = ("debt",)


class NotAVolunteer(Problem):
    """Who takes part has a profile first."""

    status = 409
    code = "not_a_volunteer"
    title = "Please register as a volunteer first"
    detail = "Choose a nickname; then you can take part."


class UnknownVolunteer(Problem):
    """A code that is nobody's."""

    status = 404
    code = "unknown_volunteer"
    title = "There is no such volunteer"
    detail = "No volunteer has the code {code}."


class FamilyOff(Problem):
    """The pack does not let points be sent."""

    status = 403
    code = "family_transfers_off"
    title = "Points cannot be sent in this city"
    detail = "The rules of this city do not allow sending points to relatives."


class NotFamily(Problem):
    """Points go to relatives alone, and both have said that they are."""

    status = 403
    code = "not_family"
    title = "This volunteer is not linked to you"
    detail = "Points can be sent to relatives; both of you must have named the other."


class FamilyFull(Problem):
    """As many relatives as the pack allows."""

    status = 409
    code = "family_full"
    title = "You have named as many relatives as is allowed"
    detail = "You can name {members} relatives; remove one first."


class Yourself(Problem):
    """Something that takes two people."""

    status = 422
    code = "yourself"
    title = "You cannot do this with yourself"
    detail = "This needs another person."


class SentEnough(Problem):
    """More than may be sent in a year."""

    status = 409
    code = "sent_enough_this_year"
    title = "You have sent as many points as is allowed this year"
    detail = "You can send {left} more points this year."
    shown = ("left",)


class AwardTooLarge(Problem):
    """More than the pack lets an award be."""

    status = 422
    code = "award_too_large"
    title = "This award is too large"
    detail = "An award has at most {most} points."


class AwardDecided(Problem):
    """Somebody decided on the award before."""

    status = 409
    code = "award_decided"
    title = "This award is decided already"
    detail = "It is {state}."


class SecondPersonNeeded(Problem):
    """Whoever proposed an award cannot decide on it, and nobody on their own."""

    status = 403
    code = "second_person_needed"
    title = "Somebody else must decide this"
    detail = "An award is decided by a second person, who neither proposed it nor receives it."


class DeclaredFalse(Problem):
    """The report was declared false before."""

    status = 409
    code = "declared_false"
    title = "This report is declared false already"
    detail = "What it had earned is taken back already."


class BadPeriod(Problem):
    """A period that ends before it begins."""

    status = 422
    code = "bad_period"
    title = "This period is not one"
    detail = "It must end after it begins."
