"""What can be refused about webhooks."""

from citizen_gateway.kernel.errors import Problem


class BadWebhookUrl(Problem):
    """An address to which no event may be sent."""

    status = 422
    code = "bad_webhook_url"
    title = "Events cannot be sent to this address"
    detail = "{reason}"


class TooManyWebhooks(Problem):
    """A client has as many endpoints as one may have."""

    status = 409
    code = "too_many_webhooks"
    title = "You have as many webhooks as one client may have"
    detail = "A client may have {most} webhooks. Delete one first."


class TooManySecrets(Problem):
    """An endpoint signs with as many secrets as a header should hold."""

    status = 409
    code = "too_many_webhook_secrets"
    title = "This webhook has as many secrets as it may have"
    detail = "A webhook may have {most} secrets at once. Wait until an old one has ended."
