"""What can be refused about rewards, codes and merchants."""

from citizen_gateway.kernel.errors import Problem


class NotOpenYet(Problem):
    """A release that begins later."""

    status = 409
    code = "reward_not_open_yet"
    title = "This reward cannot be redeemed yet"
    detail = "It opens at {opens_at}."
    shown = ("opens_at",)


class ReleaseOver(Problem):
    """A release that has ended."""

    status = 410
    code = "reward_over"
    title = "This reward can no longer be redeemed"
    detail = "It ended at {closes_at}."


class SoldOut(Problem):
    """No piece is left."""

    status = 409
    code = "sold_out"
    title = "This reward is sold out"
    detail = "No piece is left; your points are untouched."


class LimitReached(Problem):
    """As many pieces as one person may have."""

    status = 409
    code = "redemption_limit_reached"
    title = "You have redeemed this as often as is allowed"
    detail = "One person may redeem it {per_person} times."


class CodeMistyped(Problem):
    """A code whose check sign is wrong."""

    status = 422
    code = "code_mistyped"
    title = "This code is mistyped"
    detail = "Please compare it with the one on the citizen's screen, sign by sign."


class CodeUnknown(Problem):
    """A code that we did not make."""

    status = 404
    code = "code_unknown"
    title = "There is no such code"
    detail = "No redemption has this code."


class AnotherMerchantsCode(Problem):
    """A code for goods of another shop."""

    status = 403
    code = "another_merchants_code"
    title = "This code is for another shop"
    detail = "Only the shop that offers the reward can take its code."


class CodeUsed(Problem):
    """A code that was settled."""

    status = 409
    code = "code_used"
    title = "This code is used already"
    detail = "It was used at {ended_at}."


class CodeCancelled(Problem):
    """A code whose owner took it back."""

    status = 409
    code = "code_cancelled"
    title = "This code was cancelled"
    detail = "The citizen cancelled the redemption."


class CodeExpired(Problem):
    """A code whose time is over."""

    status = 410
    code = "code_expired"
    title = "This code has expired"
    detail = "It was valid until {valid_until}; the points go back to the citizen."


class RedemptionEnded(Problem):
    """A redemption that is settled, cancelled or expired cannot be cancelled."""

    status = 409
    code = "redemption_ended"
    title = "This redemption cannot be cancelled"
    detail = "It is {state}."


class NotYourMerchant(Problem):
    """The caller does not speak for the shop."""

    status = 403
    code = "not_your_merchant"
    title = "This shop is not yours"
    detail = "Only those named in the shop's record, or a city operations center, may do this."


class MerchantNameTaken(Problem):
    """A shop of this name exists."""

    status = 409
    code = "merchant_name_taken"
    title = "There is a shop of this name"
    detail = "{name} exists already; choose another name."
