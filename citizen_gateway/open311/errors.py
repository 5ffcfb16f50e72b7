"""Refusals as GeoReport v2 has them: a list of code and description, in the format that was asked for."""

from citizen_gateway.platform.i18n import message


class Refusal(Exception):  # noqa: N818 - the standard calls them errors; here they are answers
    """A request that was refused and changed nothing; `code` is the HTTP status too."""

    code = 400

    def __init__(self, text: str, **fields: object) -> None:
        super().__init__(text)
        self.text = text
        self.fields = fields


class KeyRefused(Refusal):
    """A missing or invalid `api_key`, or one that does not open this."""

    code = 403


class Unknown(Refusal):
    """No such jurisdiction, service, request, token, format or address."""

    code = 404


NO_KEY = message("The api_key is missing or not valid here.")
OTHER_ENDPOINT = message("Keys of the sandbox are for the test endpoint, all others for the production endpoint.")
NO_SCOPE = message("This api_key does not open that: {why}")
NO_JURISDICTION = message("The jurisdiction_id {id} is not served here.")
NO_SERVICE = message("There is no service with the service_code {code}.")
NO_REQUEST = message("There is no service request {id} here that you may see.")
NO_TOKEN = message("There is no token {token}.")
NO_FORMAT = message("This address is served as .xml and .json.")
NO_ADDRESS = message("There is nothing at this address.")
MISSING = message("{name} is missing.")
NO_PLACE = message("A place is missing: give lat and long, or address_string, or address_id.")
BAD_VALUE = message("{name} cannot be read: {value}")
BAD_ATTRIBUTE = message("The service {code} has no attribute {name}.")
BAD_CHOICE = message("{name} has no choice {value}.")
ONE_CHOICE = message("{name} takes one value.")
TOO_MANY = message("{name} names more than {most}.")
TOO_LONG = message("{name} is longer than {most} signs.")
SPAN = message("start_date and end_date lie more than {days} days apart, or in the wrong order.")
FORM_ONLY = message("Send a form: application/x-www-form-urlencoded or multipart/form-data.")
ALREADY_OTHER = message("The update_id {id} was used for another request.")
