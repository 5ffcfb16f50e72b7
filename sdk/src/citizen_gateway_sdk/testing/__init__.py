"""For partners' own tests: a gateway in memory that behaves like the real one, without a network.

    fake = FakeGateway()
    with fake.client(fake.partner()) as gateway:
        receipt = gateway.reports.submit("路灯不亮", position=fake.here)
        fake.settle(receipt.ticket.number, reply="已修好")

It stands below the SDK's own client, so that what your program sends and reads is what it will send and read. It passes
the checks of `citizen_gateway_sdk.conformance`, as the real gateway does.
"""

from citizen_gateway_sdk.testing.fake import FakeGateway
from citizen_gateway_sdk.testing.feeding import SignedMessage
from citizen_gateway_sdk.testing.serving import NotFaked

__all__ = ["FakeGateway", "NotFaked", "SignedMessage"]
