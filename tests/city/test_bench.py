"""The measurement behind `bench grid`."""

from pathlib import Path

from citizen_gateway.city.bench import bench_grid

TINYTOWN = Path(__file__).resolve().parent.parent / "packs" / "tinytown"


def test_measures_both_on_the_same_points() -> None:
    """The figures are about the same polygons, and the two ways agree."""
    figures = bench_grid(TINYTOWN, points=200)
    assert (figures.areas, figures.points) == (31, 200)
    assert 0 < figures.us_per_point < 10_000
    assert 0 < figures.strtree_us_per_point < 10_000
    assert figures.agreed > 0.9
