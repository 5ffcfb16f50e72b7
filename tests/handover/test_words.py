"""The words of the city's channels."""

from citizen_gateway.accounts.model import Channel
from citizen_gateway.city.read_model import City
from citizen_gateway.tickets.model import TicketState
from citizen_gateway.tickets.schema import channel_status


class TestChannelStatus:
    """A ticket's state in a channel's own words."""

    def test_the_pack_names_channels_and_states_that_there_are(self, city: City) -> None:
        """A mistyped one would never be said."""
        known = {state.value for state in TicketState} | {"on_hold", "rejected", "withdrawn", "merged"}
        assert set(city.settings.channels) <= {channel.value for channel in Channel}
        assert all(set(words) <= known for words in city.settings.channels.values())

    def test_ours_where_a_channel_has_none(self, city: City) -> None:
        """In the reader's language."""
        assert channel_status(city, "app", TicketState.RESOLVED, "en") == "resolved"
        assert channel_status(city, "hotline_12345", TicketState.RESOLVED, "en") == "已答复，待回访"
