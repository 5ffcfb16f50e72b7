"""Failed answers, as the errors they become."""

import copy
import pickle

import pytest

from citizen_gateway_sdk import APIError, Gateway, GatewayError, UnreadableAnswer, errors

from .stage import Answer, Stage, problem


class TestProblems:
    """Answers that are problem documents."""

    def test_each_code_has_its_class(self, stage: Stage, gateway: Gateway) -> None:
        """Every documented code is raised as its own class, whatever the status beside it."""
        assert errors.BY_CODE
        for code, kind in errors.BY_CODE.items():
            stage.play(problem(code, 400))
            with pytest.raises(kind) as caught:
                gateway.photos.content("p")
            assert type(caught.value) is kind
            assert caught.value.code == kind.code == code

    def test_what_an_error_carries(self, stage: Stage, gateway: Gateway) -> None:
        """Status, problem, the gateway's request id and the body; further members are kept."""
        pointers = [{"pointer": "/text", "reason": "empty"}]
        stage.play(problem("invalid_request", 422, detail="text is empty", errors=pointers))
        with pytest.raises(errors.InvalidRequest) as caught:
            gateway.photos.content("p")
        error = caught.value
        assert (error.status, error.request_id) == (422, "req-7")
        assert error.problem is not None
        assert error.problem.detail == "text is empty"
        assert error.problem.errors == pointers
        assert error.problem.members == {}
        assert b'"invalid_request"' in error.body

    def test_the_text_begins_with_the_request_id(self, stage: Stage, gateway: Gateway) -> None:
        """Whoever quotes the error quotes what support needs first."""
        stage.play(problem("not_found", 404, detail="There is no ticket here."))
        with pytest.raises(APIError) as caught:
            gateway.photos.content("p")
        assert str(caught.value) == "req-7: 404 not_found: not found — There is no ticket here."

    def test_a_code_of_a_newer_gateway(self, stage: Stage, gateway: Gateway) -> None:
        """A code that this version does not know is a plain `APIError` that names it."""
        stage.play(problem("volcano_erupted", 409))
        with pytest.raises(APIError) as caught:
            gateway.photos.content("p")
        assert type(caught.value) is APIError
        assert caught.value.code == "volcano_erupted"

    def test_a_problem_of_another_form(self, stage: Stage, gateway: Gateway) -> None:
        """A member of an unexpected form is kept beside the others, and the class is still that of the code."""
        stage.play(problem("not_found", 404, detail=["no", "text"], errors="many", mood="sad"))
        with pytest.raises(errors.NotFound) as caught:
            gateway.photos.content("p")
        assert caught.value.problem is not None
        assert caught.value.problem.detail == ""
        assert caught.value.problem.members == {"detail": ["no", "text"], "errors": "many", "mood": "sad"}

    def test_errors_travel_between_processes(self, stage: Stage, gateway: Gateway) -> None:
        """A worker can hand the error back whole."""
        stage.play(problem("not_found", 404))
        with pytest.raises(APIError) as caught:
            gateway.photos.content("p")
        for twin in (pickle.loads(pickle.dumps(caught.value)), copy.copy(caught.value)):  # noqa: S301 - made above
            assert type(twin) is errors.NotFound
            assert str(twin) == str(caught.value)
            assert twin.problem == caught.value.problem


class TestOtherAnswers:
    """Answers that are none of the gateway's forms."""

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            (b"<html><h1>Bad   gateway</h1></html>", "text/html"),
            (b"{not json", "application/problem+json"),
            (b"[1, 2]", "application/json"),
            (b'{"ready": false}', "application/json"),
            (b'{"status": "four hundred", "code": 7}', "application/problem+json"),
            (b"\xff\xfe\x00", "application/json"),
            (b"", "application/problem+json"),
            (b"", ""),
        ],
    )
    def test_a_body_that_is_no_problem(self, stage: Stage, gateway: Gateway, body: bytes, kind: str) -> None:
        """What a proxy says is kept as it is, and the text says so in one line."""
        stage.play(Answer(400, body, {"Content-Type": kind}))
        with pytest.raises(APIError, match="400 Bad Request") as caught:
            gateway.photos.content("p")
        error = caught.value
        assert (type(error), error.code, error.problem, error.body) == (APIError, None, None, body)
        assert "\n" not in str(error)

    def test_without_an_id_of_the_gateway(self, stage: Stage, gateway: Gateway) -> None:
        """Where the answer has no request id, the one that was sent begins the text."""
        stage.play(Answer(400, headers={"X-Request-Id": ""}))
        with pytest.raises(APIError) as caught:
            gateway.photos.content("p")
        assert str(caught.value).startswith(stage.seen[0].headers["x-request-id"] + ": ")

    @pytest.mark.parametrize("body", [b"", b"<html>", b'{"id": 1}', b"null", b"\xff"])
    def test_a_success_of_another_form(self, stage: Stage, gateway: Gateway, body: bytes) -> None:
        """A yes that cannot be read is an error of its own, asked once and kept whole."""
        stage.play(Answer(200, body))
        with pytest.raises(UnreadableAnswer, match="req-1: the answer to GET /v1/photos") as caught:
            gateway.photos.get("p")
        assert (caught.value.status, caught.value.body) == (200, body)
        assert len(stage.seen) == 1

    def test_a_success_that_cannot_be_unpacked(self, stage: Stage, gateway: Gateway) -> None:
        """An answer that is not compressed as it claims is unreadable, not a connection's fault."""
        stage.play(Answer(200, b"no gzip", {"Content-Encoding": "gzip"}))
        with pytest.raises(UnreadableAnswer, match="cannot be unpacked"):
            gateway.photos.content("p")

    def test_a_failed_write_says_its_key(self, stage: Stage, gateway: Gateway) -> None:
        """With the key that the SDK made, the same write may be tried again later and happens once."""
        for answer in (
            Answer(503),
            Answer(409),
            Answer(200, b"x", {"Content-Encoding": "gzip"}),
            Answer(cut=True, body=b"xx"),
        ):
            stage.play(answer)
            with pytest.raises(GatewayError) as caught:
                gateway.tickets.accept("ZZ-1")
            assert caught.value.idempotency_key == stage.seen[-1].headers["idempotency-key"]
        stage.play(Answer(404))
        with pytest.raises(GatewayError) as caught:
            gateway.tickets.get("ZZ-1")
        assert caught.value.idempotency_key is None

    def test_one_class_for_all(self) -> None:
        """`except GatewayError` catches whatever a call may raise."""
        assert all(issubclass(kind, GatewayError) for kind in [*errors.BY_CODE.values(), UnreadableAnswer])
