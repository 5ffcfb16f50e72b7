"""WeChat's API as the account calls it."""

import asyncio
import secrets
from collections.abc import Callable, Coroutine

import msgspec

from citizen_bots.web import JSON, Handler, Request, Response
from citizen_bots.wechat.fake.platform import Errcode, Json, Platform

Push = Callable[[str, dict[str, str]], Coroutine[None, None, object]]
"""Delivers an event of somebody's to the account."""

Answer = Callable[[Platform, Json, Request], Json]


def api_routes(platform: Platform, push: Push) -> dict[str, Handler]:
    """Return the API's paths."""
    posts: dict[str, Answer] = {
        "/cgi-bin/message/custom/send": _custom,
        "/cgi-bin/message/template/send": _template,
        "/cgi-bin/message/subscribe/bizsend": _subscription,
        "/cgi-bin/message/subscribe/send": _subscription,
        "/cgi-bin/menu/create": _menu,
        "/wxa/business/getuserphonenumber": _phone,
        "/wxa/msg_sec_check": _check_text,
    }
    routes = {path: _with_token(platform, answer) for path, answer in posts.items()}
    routes["/cgi-bin/menu/get"] = _with_token(platform, lambda own, _body, _request: {"menu": own.menu})
    routes["/cgi-bin/get_api_domain_ip"] = _with_token(platform, lambda *_told: {"ip_list": ["127.0.0.1"]})
    routes["/wxa/media_check_async"] = _with_token(platform, _media_check(push))

    async def token(request: Request) -> Response:
        body = _json(request)
        platform.calls.append(request.path)
        return _answer(
            lambda: platform.stable_token(
                str(body.get("appid")), str(body.get("secret")), force=bool(body.get("force_refresh"))
            )
        )

    async def media(request: Request) -> Response:
        name = request.query.get("media_id", "")

        def look() -> Json:
            platform.check(request.path, request.query.get("access_token", ""))
            if name not in platform.media:
                raise Errcode(40007, "invalid media_id")
            return {}

        refused = _refusal(look)
        return Response(200, *platform.media[name]) if refused is None else refused

    async def login(request: Request) -> Response:
        def look() -> Json:
            query = request.query
            if (query.get("appid"), query.get("secret")) != (platform.account.app_id, platform.account.secret):
                raise Errcode(40125, "invalid appsecret")
            openid = platform.codes.pop(query.get("js_code", ""), None)
            if openid is None:
                raise Errcode(40029, "invalid code")
            return {"openid": openid, "session_key": secrets.token_hex(12), "unionid": f"u-{openid}"}

        return _answer(look)

    return {**routes, "/cgi-bin/stable_token": token, "/cgi-bin/media/get": media, "/sns/jscode2session": login}


def _with_token(platform: Platform, answer: Answer) -> Handler:
    async def handle(request: Request) -> Response:
        def look() -> Json:
            platform.check(request.path, request.query.get("access_token", ""))
            return answer(platform, _json(request), request)

        return _answer(look)

    return handle


def _refusal(look: Callable[[], Json]) -> Response | None:
    answer = _answer(look)
    return None if msgspec.json.decode(answer.body, type=Json).get("errcode") == 0 else answer


def _answer(look: Callable[[], Json]) -> Response:
    try:
        told = look()
    except Errcode as refusal:
        told = {"errcode": refusal.code, "errmsg": refusal.text}
    whole = told if "access_token" in told or "errcode" in told else {"errcode": 0, "errmsg": "ok"} | told
    return Response(200, msgspec.json.encode(whole), JSON)


def _json(request: Request) -> Json:
    try:
        return msgspec.json.decode(request.body or b"{}", type=Json)
    except msgspec.DecodeError:
        return {}


def _custom(platform: Platform, body: Json, _request: Request) -> Json:
    if body.get("msgtype") != "text":
        raise Errcode(40008, "invalid message type")
    platform.customer_message(str(body.get("touser")), str(body.get("text", {}).get("content", "")))
    return {}


def _template(platform: Platform, body: Json, _request: Request) -> Json:
    openid = str(body.get("touser"))
    if platform.people[openid].blocked:
        raise Errcode(43004, "require subscribe")
    told = "\n".join(str(item.get("value", "")) for item in body.get("data", {}).values())
    platform.show(openid, "template", told)
    return {"msgid": int(platform.next_id())}


def _subscription(platform: Platform, body: Json, _request: Request) -> Json:
    platform.subscribe_message(str(body.get("touser")), str(body.get("template_id")), body.get("data", {}))
    return {}


def _menu(platform: Platform, body: Json, _request: Request) -> Json:
    buttons = body.get("button", [])
    if not 1 <= len(buttons) <= 3 or any(len(button.get("sub_button", [])) > 5 for button in buttons):
        raise Errcode(40016, "invalid button size")
    platform.menu = body
    return {}


def _phone(platform: Platform, body: Json, _request: Request) -> Json:
    openid = platform.codes.pop(str(body.get("code")), None)
    if openid is None:
        raise Errcode(40029, "invalid code")
    number = platform.people[openid].phone
    return {"phone_info": {"phoneNumber": number, "purePhoneNumber": number, "countryCode": "86"}}


def _check_text(platform: Platform, body: Json, _request: Request) -> Json:
    if body.get("version") != 2 or not body.get("openid") or body.get("scene") not in {1, 2, 3, 4}:
        raise Errcode(47001, "data format error")
    content = str(body.get("content", ""))
    suggest = next((found for word, found in platform.risky.items() if word in content), "pass")
    return {"result": {"suggest": suggest, "label": 100 if suggest == "pass" else 20001}, "trace_id": "t"}


def _media_check(push: Push) -> Answer:
    def check(platform: Platform, body: Json, _request: Request) -> Json:
        trace, openid = secrets.token_hex(8), str(body.get("openid"))
        suggest = next((found for word, found in platform.risky.items() if word in str(body.get("media_url"))), "pass")
        event = {"Event": "wxa_media_check", "trace_id": trace, "suggest": suggest}
        task = asyncio.get_running_loop().create_task(push(openid, event))
        _pushing.add(task)
        task.add_done_callback(_pushing.discard)
        return {"trace_id": trace}

    return check


_pushing: set[asyncio.Task[object]] = set()
"""Events on their way; the loop itself keeps no hold of them."""
