"""Partners' clients as administrators and OAuth 2 see them."""
