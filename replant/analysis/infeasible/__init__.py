"""Why no plan keeps every rule: the rules that clash, and the least that would have to give.

Rules, not rows, are what a person can change: all rows of one requirement stand and fall
together. First the rules may give at a price, and what gives is held fast, again and again until
nothing can give: what was held by then contains a clash (an elastic filter). Then each of these
few rules is left out once, and what can be left out for good is (a deletion filter). What
physically must hold (paths, capacity, the chain of cash) is never offered for removal unless it
clashes by itself.

Where the rules clash even if every choice could be made in part, the rules are looked for among
such plans: that takes seconds where whole choices take minutes, and what clashes there clashes.
"""

from __future__ import annotations

import time

from replant.analysis.infeasible.answer import Clash, Shortfall, WhyInfeasible
from replant.analysis.infeasible.rules import Rows, is_missable, is_soft, rows_of_rules
from replant.analysis.infeasible.search import Search, Tell
from replant.analysis.infeasible.shortfall import least_shortfall
from replant.case import Case
from replant.kernel import Program
from replant.plan import Choices

__all__ = ["Clash", "Shortfall", "WhyInfeasible", "why_infeasible"]

SECONDS = 120.0
"""Time for the whole search unless the caller says otherwise."""


def why_infeasible(
    case: Case,
    choices: Choices,
    program: Program,
    *,
    seconds: float = SECONDS,
    tell: Tell | None = None,
) -> WhyInfeasible:
    """Find the rules that clash in an infeasible program.

    Parameters
    ----------
    case : Case
        The case.
    choices : Choices
        What was forced, forbidden and bounded.
    program : Program
        The assembled program of both.
    seconds : float
        Time for the search; what is found by then is returned.
    tell : callable, optional
        Told in a sentence how the search goes.
    """
    search = Search(program, time.monotonic() + seconds, tell or (lambda text: None))
    search.tell("no plan keeps every rule; looking for those that clash")
    finder = search.in_part()
    if finder.feasible(dropped=()) is not False:
        finder = search  # only whole choices clash
    groups = rows_of_rules(program)
    soft = {name: rows for name, rows in groups.items() if is_soft(program, rows)}
    if finder.feasible(dropped=soft.values()) is False:
        soft = groups  # what people did not set clashes by itself: offer everything
    needed = finder.smallest(soft, finder.clashing(soft))
    shortfalls: tuple[Shortfall, ...] = ()
    at_least: float | None = None
    if any(str(program.rows.owners[rows[0]]) == "liquidity" for rows in needed.values()):
        search.tell("how far cash falls short at least")
        shortfalls, at_least = least_shortfall(case, choices, search.allowance())
    clashes = tuple(_clash(rows, finder, search) for rows in needed.values())
    money = case.settings.units.money
    missable = any(is_missable(program, rows) for rows in needed.values())
    return WhyInfeasible(clashes, finder.proven, shortfalls, money, at_least, missable)


def _clash(rows: Rows, finder: Search, search: Search) -> Clash:
    """Return a rule and what it takes; what is not enough in part is not enough in whole."""
    if finder is not search:
        in_part = finder.clash(rows)
        if in_part.enough is False:
            return in_part
    return search.clash(rows)
