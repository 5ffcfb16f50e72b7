"""Ids, clock, errors, paging and geometry: pure, and importing nothing else of ours."""
