"""Run as `python -m citizen_bots`."""

from citizen_bots.cli import main

main()
