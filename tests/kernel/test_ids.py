"""Keys for machines, numbers for people, secrets for the one who asks."""

from datetime import UTC, date, datetime, timedelta
from uuid import RFC_4122

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_gateway.kernel.ids import (
    ALPHABET,
    TicketNumber,
    floor_uuid7,
    moment_of,
    new_secret,
    read_ticket_number,
    secret_hash,
    ticket_number,
    uuid7,
)

DAY = date(2026, 11, 22)
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOMENTS = st.timedeltas(timedelta(), timedelta(days=30_000)).map(datetime(2020, 1, 1, tzinfo=UTC).__add__)
NUMBERS = st.builds(
    ticket_number,
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=4),
    st.dates(date(2020, 1, 1), date(2100, 1, 1)),
    st.integers(0, 2**30 - 1),
)


class TestUuid7:
    """Ids whose order is time."""

    @given(moment=MOMENTS, entropy=st.binary(min_size=10, max_size=10))
    def test_is_a_uuid_of_version_7(self, moment: datetime, entropy: bytes) -> None:
        """Version and variant are those of RFC 9562, and the first 48 bits are the milliseconds."""
        made = uuid7(moment, entropy)
        assert (made.version, made.variant) == (7, RFC_4122)
        assert made.int >> 80 == int(moment.timestamp() * 1000)

    @given(moment=MOMENTS)
    def test_tells_its_moment(self, moment: datetime) -> None:
        """To the millisecond."""
        told = moment_of(uuid7(moment))
        assert timedelta() <= moment - told < timedelta(milliseconds=2)

    @given(one=MOMENTS, later=st.timedeltas(timedelta(milliseconds=1), timedelta(days=3650)))
    def test_later_is_greater(self, one: datetime, later: timedelta) -> None:
        """An id made a millisecond later sorts behind, whatever the random bits."""
        assert uuid7(one, b"\xff" * 10) < uuid7(one + later + timedelta(milliseconds=1), bytes(10))

    @given(moment=MOMENTS, entropy=st.binary(min_size=10, max_size=10))
    def test_floor_is_the_least_of_its_millisecond(self, moment: datetime, entropy: bytes) -> None:
        """Ranges of ids by time lose nothing at their lower end."""
        assert floor_uuid7(moment) <= uuid7(moment, entropy) < floor_uuid7(moment + timedelta(milliseconds=2))

    def test_all_random_bits_count(self) -> None:
        """Each of the 74 random bits shows in the id, and ids of one moment differ."""
        moment = datetime(2026, 11, 22, tzinfo=UTC)
        seen = {uuid7(moment, (1 << bit).to_bytes(10)) for bit in range(74)}
        assert len(seen) == 74
        assert len({uuid7(moment) for _ in range(1000)}) == 1000


class TestTicketNumber:
    """Numbers read aloud, copied by hand and typed on telephones."""

    def test_form(self) -> None:
        """City, day, six signs and a check sign."""
        assert ticket_number("ZZ", DAY, 0).startswith("ZZ-20261122-")

    @given(number=NUMBERS)
    def test_reads_itself(self, number: TicketNumber) -> None:
        """A number is understood as it was given out."""
        assert read_ticket_number(number) == number

    @given(number=NUMBERS, blanks=st.integers(0, 21))
    def test_reads_what_people_type(self, number: TicketNumber, blanks: int) -> None:
        """Case and stray blanks do not matter."""
        assert read_ticket_number(f" {number[:blanks]}  {number[blanks:].lower()}\n") == number

    @given(number=NUMBERS, data=st.data())
    def test_every_single_error_is_found(self, number: TicketNumber, data: st.DataObject) -> None:
        """One wrong letter or digit anywhere, the day and the city included, makes it no number."""
        at = data.draw(st.sampled_from([i for i, sign in enumerate(number) if sign != "-"]))
        wrong = data.draw(st.sampled_from([sign for sign in SIGNS if sign != number[at]]))
        assert read_ticket_number(number[:at] + wrong + number[at + 1 :]) is None

    @given(number=NUMBERS, data=st.data())
    def test_swapped_neighbours_are_found(self, number: TicketNumber, data: st.DataObject) -> None:
        """Two neighbouring signs in the wrong order make it no number, but for 0 and Z."""
        at = data.draw(st.integers(0, len(number) - 2))
        pair = number[at : at + 2]
        swapped = number[:at] + pair[::-1] + number[at + 2 :]
        if "-" not in pair and pair[0] != pair[1] and set(pair) != {"0", "Z"}:
            assert read_ticket_number(swapped) is None

    @given(number=NUMBERS)
    def test_random_and_check_signs_cannot_be_mistaken(self, number: TicketNumber) -> None:
        """Neither 0, 1, I nor O is among them."""
        _, _, body, sign = number.split("-")
        assert set(body + sign) <= set(ALPHABET)
        assert not set("01IO") & set(ALPHABET)

    @pytest.mark.parametrize("text", ["", "-", "--", "ZZ", "ZZ-20261122-7K3F9Q", "工单", "M-" * 50])
    def test_other_texts_are_no_numbers(self, text: str) -> None:
        """What has another form is none."""
        assert read_ticket_number(text) is None

    def test_cannot_be_guessed_in_order(self) -> None:
        """Numbers given out one after another have nothing in common but city and day."""
        numbers = {ticket_number("ZZ", DAY) for _ in range(1000)}
        assert len(numbers) > 990
        assert len({number[12:15] for number in numbers}) > 900


class TestSecrets:
    """Bearer secrets."""

    def test_are_long_and_never_the_same(self) -> None:
        """A secret has 32 signs behind its prefix, and none comes twice."""
        secrets = {new_secret("cgs_") for _ in range(1000)}
        assert len(secrets) == 1000
        assert all(secret.startswith("cgs_") and len(secret) == 36 for secret in secrets)

    def test_are_stored_as_hashes(self) -> None:
        """What is stored tells nothing of the secret but whether it is the same."""
        assert secret_hash("a") == secret_hash("a") != secret_hash("b")
        assert len(secret_hash("a")) == 32
