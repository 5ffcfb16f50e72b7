"""Figures of the bots, measured on the machine they run on."""
