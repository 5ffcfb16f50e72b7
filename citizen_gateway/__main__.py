"""`python -m citizen_gateway` is `citizen-gateway`."""

from citizen_gateway.cli import main

main()
