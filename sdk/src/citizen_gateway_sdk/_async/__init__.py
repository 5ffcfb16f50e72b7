"""The one source of both clients: `_sync` is generated from what is here."""
