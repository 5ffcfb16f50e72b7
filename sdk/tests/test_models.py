"""Models read what a newer gateway says, and show nothing that opens anything."""

import pickle

import msgspec
import pytest

from citizen_gateway_sdk import Gateway, TicketState
from citizen_gateway_sdk._model import Model, OpenEnum

from .examples import example_of
from .stage import Answer, Stage


class Colour(OpenEnum):
    """Words for the tests."""

    RED = "red"


class Lamp(Model, frozen=True, kw_only=True):
    """A model for the tests."""

    colour: Colour
    secret: str = "s3cret"


class TestNewerGateways:
    """What was added after this version was made."""

    def test_unknown_fields_are_ignored(self, stage: Stage, gateway: Gateway) -> None:
        """A field that this version does not know is no error, at any depth."""
        receipt = example_of("POST", "/v1/reports")
        receipt["ticket"]["horoscope"] = {"sign": "fish"}
        stage.play(Answer(201, receipt | {"weather": "rain"}))
        assert gateway.reports.submit("井盖破损").ticket.number == receipt["ticket"]["number"]

    def test_unknown_words_are_kept(self, stage: Stage, gateway: Gateway) -> None:
        """A state that this version does not know is read, compared and sent back as it is."""
        receipt = example_of("POST", "/v1/reports")
        receipt["ticket"]["state"] = "beamed_up"
        stage.play(Answer(201, receipt))
        state = gateway.reports.submit("井盖破损").ticket.state
        assert isinstance(state, TicketState)
        assert state == "beamed_up"
        assert (state.is_known, TicketState.PENDING.is_known) == (False, True)
        assert msgspec.json.encode(state) == b'"beamed_up"'


class TestOpenEnum:
    """Words that are open to new ones."""

    def test_known_words_are_members(self) -> None:
        """A known word is the one member there is."""
        assert Colour("red") is Colour.RED

    def test_unknown_words_leave_no_trace(self) -> None:
        """New words are not added to the list, so it cannot grow by what others send."""
        assert Colour("blue").name == "blue"
        assert list(Colour) == [Colour.RED]

    def test_they_travel(self) -> None:
        """An unknown word survives a copy into another process."""
        assert pickle.loads(pickle.dumps(Colour("blue"))) == "blue"  # noqa: S301 - made above

    def test_other_types_are_refused(self) -> None:
        """A word is text."""
        with pytest.raises(ValueError, match="3"):
            Colour(3)  # type: ignore[arg-type]
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(b'{"colour": 3}', type=Lamp)


class TestShowing:
    """What a model looks like in a log or at a prompt."""

    def test_secrets_are_left_out(self) -> None:
        """What opens something is not shown."""
        assert repr(Lamp(colour=Colour.RED)) == "Lamp(colour=<Colour.RED: 'red'>, secret='…')"

    def test_values_do_not_change(self) -> None:
        """An answer is what was said, and stays so."""
        with pytest.raises(AttributeError):
            Lamp(colour=Colour.RED).colour = Colour("blue")  # type: ignore[misc]
