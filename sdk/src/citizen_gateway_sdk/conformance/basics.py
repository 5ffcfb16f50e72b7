"""What holds for every call: ids, refusals, credentials, languages, repetition."""

from uuid import uuid4

from citizen_gateway_sdk import errors
from citizen_gateway_sdk.conformance.stage import Stage, must, refused


def it_answers(stage: Stage) -> None:
    """The gateway is alive and ready."""
    must(stage.gateway.health.live().status, "health says nothing")
    must(stage.gateway.health.ready().ready, "the gateway says that it is not ready")


def every_answer_has_an_id(stage: Stage) -> None:
    """X-Request-Id comes back, the caller's own where it is a UUID."""
    mine = str(uuid4())
    answer = stage.raw("GET", "/v1/categories", headers={"X-Request-Id": mine})
    must(answer.headers.get("x-request-id") == mine, f"sent {mine}, got {answer.headers.get('x-request-id')}")
    must(stage.raw("GET", "/health").headers.get("x-request-id"), "an answer came without X-Request-Id")


def refusals_are_problems(stage: Stage) -> None:
    """What is not there is said as RFC 9457 says it, with a stable code."""
    refused(stage.raw("GET", f"/v1/reports/{uuid4()}"), 404, "not_found")
    refused(stage.raw("GET", "/v1/nowhere"), 404, "not_found")


def refusals_speak_the_caller_s_language(stage: Stage) -> None:
    """Texts follow Accept-Language; codes do not."""
    path = f"/v1/reports/{uuid4()}"
    told = [stage.raw("GET", path, headers={"Accept-Language": tag}).json() for tag in ("en", "zh-CN")]
    must(told[0]["code"] == told[1]["code"], "the code changes with the language")
    must(told[0]["title"] != told[1]["title"], f"English and Chinese are the same: {told[0]['title']!r}")


def strangers_are_told_to_sign_in(stage: Stage) -> None:
    """No credential, a made-up one, a cut-off one, one of another form: 401, and how to bring one."""
    for credential in (None, "Bearer cgk_nobody", f"Bearer {stage.key[:-4]}", "Basic YTpi"):
        headers = {"Authorization": credential or ""}
        answer = stage.raw("GET", "/v1/reports", headers=headers)
        refused(answer, 401, "malformed_key" if "cgk_" in headers["Authorization"] else "unauthenticated")
        must(answer.headers.get("www-authenticate", "").startswith("Bearer"), "401 without WWW-Authenticate: Bearer")


def the_key_knows_itself(stage: Stage) -> None:
    """The session names a client and its scopes."""
    me = stage.gateway.sessions.current()
    must(me.kind == "client", f"the key is one of a {me.kind}, not of a partner's client")
    must(me.scopes, "the key has no scope")


def a_repeated_call_happens_once(stage: Stage) -> None:
    """The same Idempotency-Key and body get the first answer again, marked; another body is refused."""
    key, body = uuid4().hex, {"text": f"井盖松动 {uuid4().hex[:8]}"}
    first, again = (stage.raw("POST", "/v1/reports", json=body, headers={"Idempotency-Key": key}) for _ in range(2))
    must(first.status_code == again.status_code == 201, f"{first.status_code}, then {again.status_code}")
    must(first.json() == again.json(), "the repetition got another answer")
    must(again.headers.get("idempotent-replayed") == "true", "the repetition is not marked Idempotent-Replayed")
    other = stage.raw("POST", "/v1/reports", json={"text": "另一件事"}, headers={"Idempotency-Key": key})
    refused(other, 422, "idempotency_key_reused")


def a_key_that_is_none_is_refused(stage: Stage) -> None:
    """Blanks and overlong keys."""
    for key in ("two words", "x" * 256):
        answer = stage.raw("POST", "/v1/reports", json={"text": "x"}, headers={"Idempotency-Key": key})
        refused(answer, 400, "bad_idempotency_key")


def bodies_are_looked_at(stage: Stage) -> None:
    """No JSON, another media type, members nobody knows, wrong types: each its problem."""
    json = {"Content-Type": "application/json"}
    refused(stage.raw("POST", "/v1/reports", content=b"{", headers=json), 400, "not_json")
    text = {"Content-Type": "text/plain"}
    refused(stage.raw("POST", "/v1/reports", content=b"{}", headers=text), 415, "unsupported_media_type")
    bodies: tuple[object, ...] = ({}, {"text": 1}, {"text": "x", "colour": "red"}, {"text": "x" * 5001}, [])
    for body in bodies:
        refused(stage.raw("POST", "/v1/reports", json=body), 422, "invalid_request")


def the_sdk_raises_the_class_of_the_code(stage: Stage) -> None:
    """An error carries request id, problem and body, and its text begins with the id."""
    try:
        stage.gateway.reports.get(uuid4())
    except errors.NotFound as error:
        must(str(error).startswith(error.request_id), f"the text does not begin with the request id: {error}")
        must(error.problem and error.problem.code == "not_found" and error.body, "the error lacks problem or body")
        return
    must(False, "a report that does not exist was found")


BASICS = (
    it_answers,
    every_answer_has_an_id,
    refusals_are_problems,
    refusals_speak_the_caller_s_language,
    strangers_are_told_to_sign_in,
    the_key_knows_itself,
    a_repeated_call_happens_once,
    a_key_that_is_none_is_refused,
    bodies_are_looked_at,
    the_sdk_raises_the_class_of_the_code,
)
