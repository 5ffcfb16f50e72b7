"""What statements and refusals say of points, to be shown in the reader's language."""

from citizen_gateway.platform.i18n import message

FIRST_REPORT = message("First report of a real problem")
JOINING = message("Report of a known problem")
RATING = message("Rating of a result")
VERIFICATION = message("Verification on the spot")
NO_LONGER_JOINED = message("The report is about something else")
EXPIRED = message("Expired")
GIFT = message("Points for a relative")
AWARD = message("Award")
FALSE_REPORT = message("The report proved false")
LINKED = message("Two accounts became one")

STATES = [message(state) for state in ("proposed", "approved", "refused", "settled", "cancelled", "expired")]
"""What an award or a redemption can be, as words in a refusal."""
