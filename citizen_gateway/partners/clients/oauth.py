"""`POST /oauth2/token`: OAuth 2 client credentials (RFC 6749 §4.4), with the error bodies of its §5.2."""

from urllib.parse import parse_qs, unquote_plus

import msgspec
from litestar import Controller, Response, post

from citizen_gateway.accounts import keys
from citizen_gateway.accounts.admission import admit
from citizen_gateway.accounts.guards import basic_credentials
from citizen_gateway.accounts.model import TOKEN_LIFE, TOKEN_PREFIX
from citizen_gateway.accounts.service import Doorkeeper
from citizen_gateway.kernel.errors import Problem, Unauthenticated
from citizen_gateway.platform.actor import Actor, ActorKind, Scope
from citizen_gateway.platform.db import Pool, Transaction, begin
from citizen_gateway.platform.http import AnyRequest, Work

TOKEN_PATH = "/oauth2/token"  # noqa: S105 - an address
_FORM = "application/x-www-form-urlencoded"
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_KNOWN = ("grant_type", "scope", "client_id", "client_secret")


class TokenAnswer(msgspec.Struct, frozen=True):
    """An access token (RFC 6749 §5.1)."""

    access_token: str
    token_type: str
    expires_in: int
    scope: str


class TokenError(msgspec.Struct, frozen=True):
    """A refusal (RFC 6749 §5.2)."""

    error: str
    error_description: str


class Refused(Exception):  # noqa: N818 - what OAuth 2 calls an error response
    """A request for a token that is refused, by the word of RFC 6749."""

    def __init__(self, error: str, description: str, *, by_header: bool = False) -> None:
        super().__init__(description)
        self.answer = TokenError(error, description)
        self.status = 401 if error == "invalid_client" else 400
        self.challenge = {"WWW-Authenticate": 'Basic realm="citizen-gateway"'} if by_header else {}


class TokenController(Controller):
    """Access tokens; described among the security schemes of the API, where OpenAPI has its place for them."""

    path = TOKEN_PATH
    include_in_schema = False

    @post(operation_id="issueToken", status_code=200)
    async def issue(self, *, request: AnyRequest, work: Work) -> Response[TokenAnswer | TokenError]:
        """Give a client a token of fifteen minutes for its id and one of its keys."""
        try:
            answer = await _issue(request, work)
        except Refused as refused:
            return Response(refused.answer, status_code=refused.status, headers=_NO_STORE | refused.challenge)
        return Response(answer, headers=_NO_STORE)


async def _issue(request: AnyRequest, work: Work) -> TokenAnswer:
    form = await _form(request)
    client_id, secret, by_header = _credentials(request, form)
    if form.get("grant_type") is None:
        raise Refused("invalid_request", "grant_type is missing")
    if form["grant_type"] != "client_credentials":
        raise Refused("unsupported_grant_type", "only client_credentials is known here")
    actor = await _recognise(work, client_id, secret, by_header=by_header)
    scopes = _scopes(form.get("scope"), actor)
    async with begin(work.part(Pool), work.clock(), actor) as tx:
        token = await _token(tx, actor, scopes)
    return TokenAnswer(token, "Bearer", int(TOKEN_LIFE.total_seconds()), " ".join(sorted(scopes)))


async def _token(tx: Transaction, actor: Actor, scopes: frozenset[Scope]) -> str:
    if actor.id is None:
        raise Refused("invalid_client", "there is no such client")
    return await keys.issue_token(tx, actor.id, scopes)


async def _form(request: AnyRequest) -> dict[str, str]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise Refused("invalid_request", f"the body is {_FORM}")
    try:
        fields = parse_qs((await request.body()).decode("ascii"), keep_blank_values=True, max_num_fields=20)
    except ValueError as error:
        raise Refused("invalid_request", "the body cannot be read") from error
    if repeated := [name for name in _KNOWN if len(fields.get(name, ())) > 1]:
        raise Refused("invalid_request", f"{repeated[0]} is said twice")
    return {name: values[0] for name, values in fields.items() if values[0]}  # an empty one counts as left out


def _credentials(request: AnyRequest, form: dict[str, str]) -> tuple[str, str, bool]:
    """Return id, secret and whether they came in the header; both at once are refused (§2.3)."""
    header = request.headers.get("authorization")
    if header is None:
        if "client_id" not in form or "client_secret" not in form:
            raise Refused("invalid_client", "client_id and client_secret are needed")
        return form["client_id"], form["client_secret"], False
    if "client_secret" in form:
        raise Refused("invalid_request", "the client says who it is in the header or in the body, not in both")
    try:
        name, secret = basic_credentials(header)
    except Unauthenticated as error:
        why = "the header is Basic, with client_id and client_secret"
        raise Refused("invalid_client", why, by_header=True) from error
    return unquote_plus(name), unquote_plus(secret), True


async def _recognise(work: Work, client_id: str, secret: str, *, by_header: bool) -> Actor:
    try:
        actor = await work.part(Doorkeeper).recognise(secret, work.clock())
        if not secret.startswith(TOKEN_PREFIX) and actor.kind is ActorKind.CLIENT and str(actor.id) == client_id:
            await admit(work, actor)
            return actor
    except Problem as problem:
        if problem.status == 429:
            raise
        raise Refused("invalid_client", str(problem), by_header=by_header) from problem
    raise Refused("invalid_client", "client_id and client_secret do not belong together", by_header=by_header)


def _scopes(wanted: str | None, actor: Actor) -> frozenset[Scope]:
    if wanted is None:
        return actor.scopes
    names = frozenset(wanted.split(" "))
    if not names <= {scope.value for scope in actor.scopes}:
        raise Refused("invalid_scope", "the client has not all of these scopes")
    return frozenset(Scope(name) for name in names)
