"""Talks with citizens: one conversation engine, and a folder for each channel it is held in."""
