"""Events sent to partners' own servers, after Standard Webhooks: signed, tried again for three days, never lost."""
