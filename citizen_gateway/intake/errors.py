"""What can be refused about a report."""

from citizen_gateway.kernel.errors import Problem


class EmptyText(Problem):
    """A report that says nothing."""

    status = 422
    code = "empty_text"
    title = "The report says nothing"
    detail = "Please say in a few words what is wrong."


class OutsideCity(Problem):
    """A position outside this city."""

    status = 422
    code = "outside_city"
    title = "This place is not in the city"
    detail = "The position {lat}, {lon} ({datum}) lies outside {city}."
    shown = ("lat", "lon", "datum")


class CoordinatesSwapped(Problem):
    """A position that lies in the city once latitude and longitude change places."""

    status = 422
    code = "coordinates_swapped"
    title = "Latitude and longitude seem to be swapped"
    detail = "The position {lat}, {lon} lies outside {city}; swapped, it would lie inside."
    shown = ("lat", "lon")


class OnBehalfOnlyByClients(Problem):
    """A person reporting in another person's name."""

    status = 403
    code = "on_behalf_not_allowed"
    title = "You can only report for yourself"
    detail = "Only a partner's client may report on behalf of somebody."


class ReferencesOnlyByClients(Problem):
    """A person giving a report the number of another system."""

    status = 403
    code = "external_ref_not_allowed"
    title = "Numbers of other systems are for partners"
    detail = "Only a partner's client may give a report its own number."


class ReferenceTaken(Problem):
    """A partner's number that names another report of its own, or a report that has another one."""

    status = 409
    code = "external_ref_taken"
    title = "This number is taken"
    detail = "{reference} names another report of yours, or this report has another number of yours."
    shown = ("reference",)


class OutsidePatrol(Problem):
    """A grid worker reporting from an area that is not theirs, or without saying where."""

    status = 403
    code = "outside_patrol_area"
    title = "This place is not in your area"
    detail = "Report on patrol from your own area, and say where it is."


class NotSuggested(Problem):
    """Nothing says that these two tickets may be about one event."""

    status = 404
    code = "not_suggested"
    title = "This was not suggested"
    detail = "Nothing suggests that {number} and {like} are about one event. A center can merge them all the same."


class AlreadyJudged(Problem):
    """Somebody said before whether these tickets are about one event."""

    status = 409
    code = "already_judged"
    title = "This is judged already"
    detail = "Somebody said already whether these tickets are about one event."


class JoinedNothing(Problem):
    """A report that did not join this ticket."""

    status = 422
    code = "did_not_join"
    title = "This report did not join the ticket"
    detail = "The ticket was opened for this report, or answers it not at all."
