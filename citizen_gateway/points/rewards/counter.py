"""`/counter`: a page at which a shop settles codes, typed or scanned, without software of its own.

It has no script and keeps nothing: the browser asks for the shop's key and sends it along (HTTP Basic, RFC 7617, any
name, the key as password). A scanner that types does the rest, as the field has the focus and its Enter sends the form.
"""

import uuid
from html import escape
from urllib.parse import parse_qs, urlsplit

import msgspec
from litestar import Controller, Response, get, post

from citizen_gateway.accounts.guards import basic_credentials, recognise
from citizen_gateway.kernel.errors import Forbidden, Problem, Unauthenticated, Violation
from citizen_gateway.platform.actor import Actor
from citizen_gateway.platform.http import AnyRequest, UnitOfWork, Work
from citizen_gateway.platform.i18n import message, preferred_locale, translate
from citizen_gateway.platform.problems import in_words
from citizen_gateway.points.rewards.redemptions import settle
from citizen_gateway.points.rewards.schema import ConfirmationView

_TITLE = message("Counter")
_CODE = message("Code")
_SETTLE = message("Settle")
_HAND_OUT = message("Hand out: {title}")
_PRICE = message("Settled for {price} points.")
_NOTHING = message("Hand out nothing")
_SIGN_IN = message("Sign in with your shop's key as password.")

_HTML = "text/html"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_CHALLENGE = {"WWW-Authenticate": 'Basic realm="counter", charset="UTF-8"'}
_STYLE = (
    "body{font:1.25rem/1.5 system-ui,sans-serif;max-width:26rem;margin:0 auto;padding:1rem;color:#1b1b1b}"
    "input,button{font:inherit;width:100%;box-sizing:border-box;padding:.6rem;margin:.4rem 0}"
    "input{text-transform:uppercase;letter-spacing:.1em}"
    "button{background:#1f5f99;color:#fff;border:0;border-radius:6px}"
    ".good,.bad{border-left:.5rem solid;padding:.1rem 1rem;margin:1rem 0}"
    ".good{border-color:#1d7a3a}.bad{border-color:#b3261e}"
)


class CounterController(Controller):
    """The counter's page; for people, so the description for machines leaves it out."""

    path = "/counter"
    include_in_schema = False

    @get(media_type=_HTML)
    async def show(self, *, work: Work) -> Response[str]:
        """Show the form."""
        locale = preferred_locale(work.request.headers.get("accept-language"))
        try:
            await _cashier(work)
        except Problem as problem:
            return _refused(problem, locale)
        return _page(locale, "")

    @post(media_type=_HTML, status_code=200)
    async def settle(self, *, work: Work) -> Response[str]:
        """Settle the code of the form, and say what to hand out; the same form again gets the same answer."""
        locale = preferred_locale(work.request.headers.get("accept-language"))
        try:
            actor = await _cashier(work)
            _require_own_form(work.request)
            code, key = await _form(work.request)
            answer = await settle(work, actor, code, key=key)
        except Problem as problem:
            return _refused(problem, locale)
        goods = msgspec.json.decode(answer.content, type=ConfirmationView)
        title = escape(translate(_HAND_OUT, locale, title=goods.title))
        price = escape(translate(_PRICE, locale, price=goods.price))
        return _page(locale, f"<section class='good' role='status'><h2>{title}</h2><p>{price}</p></section>")


async def _cashier(work: UnitOfWork) -> Actor:
    _, secret = basic_credentials(work.request.headers.get("authorization"))
    return await recognise(work, secret)


def _require_own_form(request: AnyRequest) -> None:
    """Raise `Forbidden` for a form of another site's: browsers send the key along with it."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise Forbidden(needed="same origin")


async def _form(request: AnyRequest) -> tuple[str, str | None]:
    """Return the code and the form's own key. Raises `Violation`."""
    try:
        fields = parse_qs((await request.body()).decode("ascii"), max_num_fields=10)
    except ValueError as error:
        raise Violation(reason="not a form", pointer="/") from error
    return fields.get("code", [""])[0], fields.get("key", [None])[0]


def _refused(problem: Problem, locale: str) -> Response[str]:
    title, detail = in_words(problem, locale)
    if isinstance(problem, Unauthenticated):
        body = f"<p class='bad'>{escape(translate(_SIGN_IN, locale))}</p>"
        return _page(locale, body, problem.status, _CHALLENGE)
    nothing = escape(translate(_NOTHING, locale))
    why = f"<p><b>{escape(title)}</b><br>{escape(detail)}</p>"
    body = f"<section class='bad' role='alert'><h2>{nothing}</h2>{why}</section>"
    return _page(locale, body, problem.status)


def _page(locale: str, said: str, status: int = 200, more: dict[str, str] | None = None) -> Response[str]:
    title, code, press = (escape(translate(text, locale)) for text in (_TITLE, _CODE, _SETTLE))
    page = (
        f"<!doctype html><html lang='{locale.replace('_', '-')}'><head><meta charset='utf-8'>"
        f"<meta name='viewport' content='width=device-width'><title>{title}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{title}</h1>{said}<form method='post' action='/counter'>"
        f"<input type='hidden' name='key' value='{uuid.uuid4()}'><label for='code'>{code}</label>"
        "<input id='code' name='code' required maxlength='20' autocomplete='off' autocapitalize='characters' autofocus>"
        f"<button>{press}</button></form></main></body></html>"
    )
    return Response(page, status_code=status, media_type=_HTML, headers=_HEADERS | (more or {}))
