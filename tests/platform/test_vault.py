"""Personal data at rest."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_gateway.platform.failures import StartupError
from citizen_gateway.platform.settings import Settings
from citizen_gateway.platform.vault import Vault, open_vault

OURS = Vault("one secret, known to nobody but these tests")
THEIRS = Vault("two secrets, known to nobody but these tests")


class TestSealing:
    """Sealed texts."""

    @given(st.text())
    def test_open_again(self, text: str) -> None:
        """Any text comes back as it was, and is not in what is stored."""
        sealed = OURS.seal(text)
        assert OURS.open(sealed) == text
        assert len(text) < 4 or text.encode() not in sealed

    def test_only_under_the_key_that_sealed_them(self) -> None:
        """Another gateway's key does not open them."""
        with pytest.raises(ValueError, match="another key"):
            THEIRS.open(OURS.seal("13812345678"))

    @given(st.integers(min_value=0), st.integers(1, 255))
    def test_only_unchanged(self, place: int, flip: int) -> None:
        """One changed byte anywhere is noticed."""
        sealed = bytearray(OURS.seal("13812345678"))
        sealed[place % len(sealed)] ^= flip
        with pytest.raises(ValueError, match="changed"):
            OURS.open(bytes(sealed))

    @pytest.mark.parametrize("sealed", [b"", b"short", bytes(12), bytes(28)])
    def test_what_was_never_sealed_is_refused(self, sealed: bytes) -> None:
        """With the same error."""
        with pytest.raises(ValueError, match="sealed by another key|Nonce"):
            OURS.open(sealed)


class TestIndex:
    """Finding a sealed text again."""

    def test_is_the_same_for_the_same_text_under_one_key_alone(self) -> None:
        """It names the text to us and tells nothing to others."""
        assert OURS.index("a") == OURS.index("a")
        assert OURS.index("a") != OURS.index("b")
        assert OURS.index("a") != THEIRS.index("a")
        assert len(OURS.index("a")) == 32


class TestSecret:
    """Where the root secret comes from."""

    def test_is_made_once_and_kept_for_ourselves(self, tmp_path: Path) -> None:
        """The second opening reads what the first made; nobody else may read it."""
        settings = Settings(data=str(tmp_path))
        sealed = open_vault(settings).seal("a")
        assert open_vault(settings).open(sealed) == "a"
        kept = tmp_path / "secret.key"
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert len(kept.read_text("ascii")) >= 32

    def test_may_be_configured(self, tmp_path: Path) -> None:
        """Several machines share one; then none is made."""
        settings = Settings(data=str(tmp_path), secret_key="x" * 32)
        assert open_vault(settings).open(Vault("x" * 32).seal("a")) == "a"
        assert not list(tmp_path.iterdir())

    @pytest.mark.parametrize("secret", ["x", "x" * 31])
    def test_too_short_is_refused(self, secret: str, tmp_path: Path) -> None:
        """In a sentence for the operator."""
        with pytest.raises(StartupError, match="at least 32"):
            open_vault(Settings(data=str(tmp_path), secret_key=secret))

    def test_a_file_left_empty_by_a_crash_is_refused(self, tmp_path: Path) -> None:
        """Nothing is sealed under half a secret."""
        (tmp_path / "secret.key").touch()
        with pytest.raises(StartupError):
            open_vault(Settings(data=str(tmp_path)))
