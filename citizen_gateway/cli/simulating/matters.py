"""What is wrong where: categories, places, words and times of simulated reports, and where the duty rules send them."""

import random
from datetime import datetime, timedelta
from itertools import accumulate

import msgspec

from citizen_gateway.accounts.model import Channel
from citizen_gateway.city.model import AreaLevel, Category, Dispatch, Location
from citizen_gateway.city.read_model import City
from citizen_gateway.cli.simulating.habits import Habits, pick
from citizen_gateway.kernel.geo import Point

SEPARATOR = "、"
"""What stands between the things that the definition of a category names."""


class Matter(msgspec.Struct, frozen=True):
    """One thing that is wrong, as somebody says it."""

    at: datetime
    category: Category
    location: Location
    point: Point | None
    place: str
    text: str
    channel: Channel
    dispatch: Dispatch


class Matters:
    """Draws matters of one city up to a moment, over so many days before it."""

    def __init__(self, city: City, habits: Habits, now: datetime, days: int) -> None:
        self._city, self._habits = city, habits
        self._categories = list(city.categories.values())
        weights = (habits.groups.get(category.group, 1.0) for category in self._categories)
        self._category_weights = list(accumulate(weights))
        self._areas = city.areas_of(AreaLevel.GRID, AreaLevel.DEDICATED)
        self._channels = [Channel(name) for name in habits.channels]
        self._channel_weights = list(accumulate(habits.channels.values()))
        midnight = now.astimezone(city.calendar.timezone).replace(hour=0, minute=0, second=0, microsecond=0)
        self._days = [midnight - timedelta(days=n) for n in range(days)]
        weekdays = habits.time.weekdays
        self._day_weights = list(accumulate(weekdays[day.weekday()] for day in self._days))
        self._hour_weights = list(accumulate(habits.time.hours))
        self._now = now
        self._known: dict[tuple[str, str], Dispatch] = {}
        self._roads = city.settings.roads or ("",)

    def draw(self, rng: random.Random) -> Matter:
        """Draw one."""
        category = rng.choices(self._categories, cum_weights=self._category_weights)[0]
        area = self._areas[int(rng.random() * len(self._areas))]
        location = self._city.location_of(area.code)
        place = self._place(rng, location)
        return Matter(
            at=self._moment(rng),
            category=category,
            location=location,
            point=self._city.area_point(area.code),
            place=place,
            text=self.words(rng, category, place),
            channel=rng.choices(self._channels, cum_weights=self._channel_weights)[0],
            dispatch=self._dispatch(category, location),
        )

    def words(self, rng: random.Random, category: Category, place: str) -> str:
        """Say what is wrong."""
        phrases = self._habits.words
        what = pick(rng, category.definition.split(SEPARATOR))
        trouble = pick(rng, phrases.troubles).format(what=what, days=2 + int(rng.random() * 9))
        return f"{pick(rng, phrases.openings)}{place}{trouble}。{pick(rng, phrases.endings)}"

    def _place(self, rng: random.Random, location: Location) -> str:
        community = location.at(AreaLevel.COMMUNITY) or location.areas[0]
        road, other = pick(rng, self._roads), pick(rng, self._roads)
        number = 1 + int(rng.random() * 200)
        return pick(rng, self._habits.words.places).format(road=road, other=other, area=community.name, number=number)

    def _moment(self, rng: random.Random) -> datetime:
        day = rng.choices(self._days, cum_weights=self._day_weights)[0]
        hour = rng.choices(range(24), cum_weights=self._hour_weights)[0]
        moment = day + timedelta(hours=hour, seconds=rng.random() * 3600)
        return moment if moment < self._now else self._now - timedelta(seconds=1 + rng.random() * 3600)

    def _dispatch(self, category: Category, location: Location) -> Dispatch:
        """Ask the duty rules, once for each category in each street or dedicated area."""
        place = location.dedicated or location.at(AreaLevel.STREET) or location.areas[-1]
        key = category.code, place.code
        if key not in self._known:
            self._known[key] = self._city.dispatch(category.code, location)
        return self._known[key]
