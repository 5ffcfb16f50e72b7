"""What a briefing's charts show, however they are drawn."""

from citizen_gateway.insights import briefing_words as words
from citizen_gateway.insights.briefing import Briefing
from citizen_gateway.insights.briefing_words import Words
from citizen_gateway.insights.svg import Chart, Series


def trend(briefing: Briefing, said: Words) -> Chart:
    """Return what was opened and answered, day by day."""
    after = [day.figures.after for day in briefing.trend]
    opened = Series(said.say(words.OPENED), [one.opened for one in after])
    answered = Series(said.say(words.ANSWERED), [one.answered for one in after])
    return Chart("trend", said.say(words.TREND), [day.key[5:] for day in briefing.trend], [opened, answered])


def categories(briefing: Briefing, said: Words, *, codes: bool = False) -> Chart:
    """Return the week's categories by how many tickets; with `codes` in place of their names."""
    labels = [(one.key if codes else one.name) or "—" for one in briefing.categories]
    opened = Series(said.say(words.OPENED), [one.figures.after.opened for one in briefing.categories])
    return Chart("categories", said.say(words.CATEGORIES), labels, [opened])


def due(briefing: Briefing, said: Words) -> Chart:
    """Return what becomes due, and how much of it late, day by day."""
    coming = Series(said.say(words.DUE), [day.resolve for day in briefing.forecast])
    late = Series(said.say(words.LATE), [day.expected_late for day in briefing.forecast])
    return Chart("due", said.say(words.FORECAST), [day.day[5:] for day in briefing.forecast], [coming, late])


def satisfaction(briefing: Briefing, said: Words, *, codes: bool = False) -> Chart:
    """Return the satisfaction rate of the week's departments that were rated, in percent."""
    rated = [one for one in briefing.departments if one.figures.after.rates.satisfaction is not None]
    labels = [(one.key if codes else one.name) or "—" for one in rated]
    shares = [round(100 * (one.figures.after.rates.satisfaction or 0), 1) for one in rated]
    title = said.say(words.ROWS["satisfaction"])
    return Chart("satisfaction", f"{title} (%)", labels, [Series(title, shares)])
