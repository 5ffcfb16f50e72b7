"""Runs the command line: `python -m citizen_nlp`."""

import sys

from citizen_nlp.cli import main

if __name__ == "__main__":
    sys.exit(main())
