"""Problems a caller can be told of: each class is at once an HTTP status, a stable `code` and its documentation."""

from typing import ClassVar


class Problem(Exception):  # noqa: N818 - the term of RFC 9457
    """A refusal that changed nothing, said to the caller as an RFC 9457 problem.

    A subclass names its `status`, its stable `code` and, in English, a `title` and a `detail` whose `{fields}` are the
    keyword arguments of the raise; both texts are translated by the message catalogues. `headers` names
    the arguments also sent as HTTP headers, `shown` those also sent as members of the problem's `extra`.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str]
    title: ClassVar[str]
    detail: ClassVar[str]
    headers: ClassVar[tuple[str, ...]] = ()
    shown: ClassVar[tuple[str, ...]] = ()

    registry: ClassVar[dict[str, type["Problem"]]] = {}

    def __init__(self, **fields: object) -> None:
        self.fields = fields
        super().__init__(self.detail.format(**fields))

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        if cls.code in Problem.registry:
            raise TypeError(f"two problems share the code {cls.code!r}")
        Problem.registry[cls.code] = cls


class Violation(Problem):
    """The request is well-formed JSON but not of the documented form."""

    status = 422
    code = "invalid_request"
    title = "The request does not have the documented form"
    detail = "{reason} (at {pointer})"


class NotJson(Problem):
    """The body is not JSON at all."""

    status = 400
    code = "not_json"
    title = "The body is not JSON"
    detail = "{reason}"


class BadCursor(Problem):
    """A page cursor that no answer of ours contained."""

    status = 400
    code = "bad_cursor"
    title = "This cursor cannot be read"
    detail = "Use the next_cursor of an earlier answer as it is, or start without one."


class NotFound(Problem):
    """There is no such thing, or none that this caller may see; the two are never told apart."""

    status = 404
    code = "not_found"
    title = "Not found"
    detail = "There is no {what} here that you may see."


class Unauthenticated(Problem):
    """No credential, or one that is unknown, expired or revoked."""

    status = 401
    code = "unauthenticated"
    title = "Please sign in"
    detail = "Send a valid credential as: Authorization: Bearer …"


class Forbidden(Problem):
    """The caller is known and may not do this."""

    status = 403
    code = "forbidden"
    title = "You may not do this"
    detail = "This needs {needed}."
