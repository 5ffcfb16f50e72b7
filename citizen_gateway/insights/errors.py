"""What can be refused about figures."""

from citizen_gateway.kernel.errors import Problem


class UnknownPeriod(Problem):
    """A period that is none."""

    status = 422
    code = "unknown_period"
    title = "This period is not known"
    detail = (
        "{period} is no period. Use a day (2026-11-22), a week (2026-W47), a month (2026-11), a quarter (2026-Q4), "
        "a year (2026), or from and to together."
    )


class PeriodReversed(Problem):
    """The first day comes after the last."""

    status = 422
    code = "period_reversed"
    title = "The period ends before it begins"
    detail = "{first} comes after {last}."


class PeriodTooWide(Problem):
    """More days than are counted at once."""

    status = 422
    code = "period_too_wide"
    title = "The period is too wide"
    detail = "From {first} to {last} are {days} days; at most {most} are counted at once."


class UnknownArea(Problem):
    """No such area in this city."""

    status = 422
    code = "unknown_area"
    title = "This area is not known"
    detail = "There is no area {area} in this city."


class AreaNeeded(Problem):
    """Areas so fine are told apart only within another one."""

    status = 422
    code = "area_needed"
    title = "Please name an area"
    detail = "Figures by {level} are given within one area: name it as area."


class UnknownCenter(Problem):
    """No center of that code."""

    status = 422
    code = "unknown_center"
    title = "This center is not known"
    detail = "There is no center {center}: name the code of a district, a zone or a street, or city."


class ForeignFigures(Problem):
    """Figures of another department or area."""

    status = 403
    code = "foreign_figures"
    title = "These figures are not yours to see"
    detail = "You see the figures of: {yours}. Name one of them as department or area."
    shown = ("departments", "areas")


class AlreadyExcluded(Problem):
    """The ticket is left out of the figures already."""

    status = 409
    code = "already_excluded"
    title = "This ticket is excluded already"
    detail = "The ticket is left out of the figures already."


class NotExcluded(Problem):
    """The ticket counts; there is nothing to undo."""

    status = 409
    code = "not_excluded"
    title = "This ticket is not excluded"
    detail = "The ticket is not left out of the figures."


class ReasonMissing(Problem):
    """An exclusion without a reason."""

    status = 422
    code = "exclusion_reason_missing"
    title = "An exclusion needs a reason"
    detail = "Say why the ticket is left out of the figures, or counts again."


class FormatUnavailable(Problem):
    """The server lacks what writes this format."""

    status = 501
    code = "format_unavailable"
    title = "This format is not available here"
    detail = "The server lacks what writes {format}: it needs citizen-gateway[{extra}]."


class ExportTooLarge(Problem):
    """More tickets than one answer holds."""

    status = 422
    code = "export_too_large"
    title = "Too many tickets for one export"
    detail = "An export holds at most {most} tickets; name a shorter period, or export on the server."


class PlaceUnclear(Problem):
    """A place that is neither a whole point nor an area."""

    status = 422
    code = "place_unclear"
    title = "The place is not clear"
    detail = "Name a point by lat, lon and datum together, or an area, or neither."
