"""Makes the generated parts of the SDK: models, operations and errors by the contract, the sync client by the async."""
