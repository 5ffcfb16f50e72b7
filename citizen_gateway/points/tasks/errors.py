"""What can be refused about tasks."""

from citizen_gateway.kernel.errors import Problem


class TooLong(Problem):
    """A task of more than a day."""

    status = 422
    code = "task_too_long"
    title = "This task is too long"
    detail = "A task lasts at most {hours} hours; post one for each day."


class TooManyPoints(Problem):
    """More points an hour than the pack allows."""

    status = 422
    code = "too_many_points"
    title = "This is more than a task may give"
    detail = "A task gives at most {most} points an hour."


class NotYourTask(Problem):
    """The caller did not post it."""

    status = 403
    code = "not_your_task"
    title = "This task is not yours"
    detail = "Only who posted it, or a city operations center, may do this."


class TaskOver(Problem):
    """A task that has ended or was cancelled."""

    status = 410
    code = "task_over"
    title = "This task is over"
    detail = "It has ended, or was cancelled."


class NotSignedUp(Problem):
    """Somebody without a place in the task."""

    status = 409
    code = "not_signed_up"
    title = "You have no place in this task"
    detail = "Sign up first; whoever waits for a place gets one when somebody withdraws."


class AlreadyThere(Problem):
    """Somebody who is checked in, here or elsewhere, or has been."""

    status = 409
    code = "already_checked_in"
    title = "You are checked in already"
    detail = "Check out of the task you are at first; a task can be attended once."


class NotPresent(Problem):
    """A check-out without a check-in, or a second one."""

    status = 409
    code = "not_checked_in"
    title = "You are not checked in"
    detail = "One checks out once, having checked in."


class TooLateToWithdraw(Problem):
    """Somebody who came cannot say that they did not."""

    status = 409
    code = "too_late_to_withdraw"
    title = "You can no longer withdraw"
    detail = "You have checked in, or the task is decided."


class NotNow(Problem):
    """A check-in or check-out outside the time for it."""

    status = 409
    code = "outside_task_time"
    title = "This is not the time of the task"
    detail = "It is possible from {since} to {until}."
    shown = ("since", "until")


class TooFar(Problem):
    """A check-in or check-out away from the place."""

    status = 409
    code = "too_far_from_task"
    title = "You are not at the place of the task"
    detail = "You are {distance_m} metres away; it must be at most {radius_m}."
    shown = ("distance_m", "radius_m")


class NotDecidable(Problem):
    """Hours that are not there to be approved, or are decided."""

    status = 409
    code = "attendance_not_decidable"
    title = "There is nothing to decide"
    detail = "The volunteer has not checked out, or their hours are decided already."


class TooManyMinutes(Problem):
    """More minutes than were recorded."""

    status = 422
    code = "too_many_minutes"
    title = "These are more minutes than were recorded"
    detail = "{minutes} minutes were recorded between check-in and check-out."
    shown = ("minutes",)
