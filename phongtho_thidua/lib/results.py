"""What a unit achieved in a year, told downward: `reports` registers how it is looked up, lower apps show it."""

from collections.abc import Callable

_sources: list[Callable[[object, int], dict[str, str]]] = []


def register(source: Callable[[object, int], dict[str, str]]) -> None:
    """`source(unit, year)` gives the results in words ("8.412 triệu đồng") by indicator code."""
    if source not in _sources:
        _sources.append(source)


def results_of(unit, year: int) -> dict[str, str]:
    return {code: words for source in _sources for code, words in source(unit, year).items()}
