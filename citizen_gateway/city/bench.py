"""Measure how long it takes to find a point's place, beside a shapely STRtree on the same polygons and points."""

import gc
import multiprocessing
import pickle
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import msgspec
import numpy as np
import shapely

from citizen_gateway.city.directory import Layer
from citizen_gateway.city.pack import Pack, load_pack
from citizen_gateway.city.read_model import City
from citizen_gateway.city.service import release_memory
from citizen_gateway.city.synthesis import scatter
from citizen_gateway.kernel.geo import Point

_ROUNDS = 3
_SAMPLE = 2000


class GridFigures(msgspec.Struct, frozen=True):
    """What was measured: microseconds per point (best of three rounds), megabytes a process needs to hold the city.

    `agreed` is the share of sampled points whose finest area is one that the STRtree finds.
    """

    us_per_point: float
    strtree_us_per_point: float
    areas: int
    points: int
    agreed: float
    rss_mb: float


def bench_grid(pack: Path, points: int = 20_000) -> GridFigures:
    """Locate points spread over the city, each from a position to its whole path of areas.

    The STRtree of the finest polygons is only asked which of them the point touches, so the comparison favours it.
    """
    loaded = load_pack(pack)
    city = City.from_pack(loaded)
    finest = np.flatnonzero(np.array(loaded.layers) == Layer.FINEST)
    tree = shapely.STRtree(loaded.polygons[finest])
    asked = _points_inside(city, points)

    def by_tree(point: Point) -> list[str]:
        found = tree.query(shapely.Point(point.lon, point.lat), predicate="intersects")
        return [loaded.rows[finest[number]].code for number in found]

    def agrees(point: Point) -> bool:
        here = city.locate(point)
        return here is not None and here.areas[0].code in by_tree(point)

    sample = asked[:_SAMPLE]
    return GridFigures(
        us_per_point=_time(city.locate, asked),
        strtree_us_per_point=_time(
            lambda point: tree.query(shapely.Point(point.lon, point.lat), predicate="intersects"), asked
        ),
        areas=len(finest),
        points=len(asked),
        agreed=sum(map(agrees, sample)) / len(sample),
        rss_mb=_memory_of(loaded),
    )


def _points_inside(city: City, wanted: int) -> list[Point]:
    """Return that many points inside the city, evenly spread over its surface and always the same."""
    west, south, east, north = city.bounds
    inside: list[Point] = []
    seed = 0
    while len(inside) < wanted:
        seed += 1
        across, up = scatter(2 * wanted, seed).reshape(2, wanted)
        drawn = zip(south + up * (north - south), west + across * (east - west), strict=True)
        inside += [point for lat, lon in drawn if city.locate(point := Point(float(lat), float(lon)))]
    return inside[:wanted]


def _time(ask: Callable[[Point], object], points: Sequence[Point]) -> float:
    gc.collect()
    best = float("inf")
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        for point in points:
            ask(point)
        best = min(best, time.perf_counter() - start)
    return best / len(points) * 1e6


def _memory_of(pack: Pack) -> float:
    """Hold the city in a fresh process, where nothing of the generator is left, and see how much that grows."""
    spawn = multiprocessing.get_context("spawn")
    with tempfile.NamedTemporaryFile() as file, ProcessPoolExecutor(1, mp_context=spawn) as pool:
        pickle.dump(City.parts_of(pack), file)
        file.flush()
        return pool.submit(_hold, file.name).result()


def _hold(file: str) -> float:
    before = _resident_mb()
    with Path(file).open("rb") as stream:
        city = City(*pickle.load(stream))  # noqa: S301 - written by our own parent process
    gc.collect()
    release_memory()
    return _resident_mb() - before if len(city.areas) else 0.0


def _resident_mb() -> float:
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize() / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
