"""Personal data at rest."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_gateway.platform.failures import StartupError
from citizen_gateway.platform.settings import Settings
from citizen_gateway.platform.vault import Vault, open_vault

VAULT, OTHER = Vault("k" * 32), Vault("o" * 32)


class TestVault:
    """Sealed, opened and found again by the same key alone."""

    @given(text=st.text())
    def test_what_was_sealed_is_opened(self, text: str) -> None:
        """Any text comes back, and no two seals of it are alike."""
        assert VAULT.open(VAULT.seal(text)) == text
        assert VAULT.seal(text) != VAULT.seal(text)

    @given(at=st.integers(0, 200), bit=st.integers(0, 7))
    def test_a_changed_seal(self, at: int, bit: int) -> None:
        """One bit changed anywhere, and it opens no more."""
        sealed = bytearray(VAULT.seal("13800138000"))
        sealed[at % len(sealed)] ^= 1 << bit
        with pytest.raises(ValueError, match="changed"):
            VAULT.open(bytes(sealed))

    @pytest.mark.parametrize("sealed", [b"", b"short", OTHER.seal("text")], ids=["nothing", "a piece", "another key"])
    def test_what_is_not_ours(self, sealed: bytes) -> None:
        """Nothing, a piece, or another key's seal."""
        with pytest.raises(ValueError, match=r"sealed by another key|Nonce"):
            VAULT.open(sealed)

    @given(text=st.text())
    def test_the_index_finds_and_tells_nothing(self, text: str) -> None:
        """The same text has the same index under one key, another under another."""
        assert VAULT.index(text) == VAULT.index(text) != OTHER.index(text)
        assert len(VAULT.index(text)) == 32


class TestOpenVault:
    """Where the key comes from."""

    def test_made_once(self, tmp_path: Path) -> None:
        """Without a configured key one is made below the data folder, for us alone to read, and kept."""
        settings = Settings(data=str(tmp_path))
        sealed = open_vault(settings).seal("text")
        assert open_vault(settings).open(sealed) == "text"
        assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600

    def test_too_short(self, tmp_path: Path) -> None:
        """A short key protects nobody."""
        with pytest.raises(StartupError, match="at least 32"):
            open_vault(Settings(data=str(tmp_path), secret_key="short"))
