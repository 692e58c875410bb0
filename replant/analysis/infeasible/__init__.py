"""Why no plan keeps every rule: the rules that clash, and the least that would have to give.

Rules, not rows, are what a person can change: all rows of one requirement stand and fall
together. First the rules may give at a price, and what gives is held fast, again and again until
nothing can give: what was held by then contains a clash (an elastic filter). Then each of these
few rules is left out once, and what can be left out for good is (a deletion filter). What
physically must hold (paths, capacity, the chain of cash) is never offered for removal unless it
clashes by itself.

Where rules clash even if the cash floor, limits and covenants may all be missed, that clash is
told: to let them be missed, as a plan is allowed to on demand, would then lead nowhere.

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
    finder = _finder(search)
    groups = rows_of_rules(program)
    soft = {name: rows for name, rows in groups.items() if is_soft(program, rows)}
    within, offered = _narrowed(search, finder, soft)
    if within.feasible(dropped=offered.values()) is False:
        offered = groups  # what people did not set clashes by itself: offer everything
    needed = within.smallest(offered, within.clashing(offered))
    shortfalls: tuple[Shortfall, ...] = ()
    at_least: float | None = None
    if any(str(program.rows.owners[rows[0]]) == "liquidity" for rows in needed.values()):
        search.tell("how far cash falls short at least")
        shortfalls, at_least = least_shortfall(case, choices, search.allowance())
    clashes = tuple(_clash(rows, finder, search) for rows in needed.values())
    money = case.settings.units.money
    missable = any(is_missable(program, rows) for rows in needed.values())
    return WhyInfeasible(clashes, within.proven, shortfalls, money, at_least, missable)


def _finder(search: Search) -> Search:
    """Return where to look for a clash: among choices made in part, if these clash already."""
    part = search.in_part()
    return part if part.feasible(dropped=()) is False else search


def _narrowed(
    search: Search, finder: Search, soft: dict[str, Rows]
) -> tuple[Search, dict[str, Rows]]:
    """Return where to look and what may give: if there is a clash without what a plan may miss.

    Then no floor, limit or covenant is to blame, and to let them be missed would help nobody.
    """
    missable = {name for name, rows in soft.items() if is_missable(search.program, rows)}
    bare = search.without(soft[name] for name in missable)
    if not missable or not bare.hopeless():
        return finder, soft
    return _finder(bare), {name: rows for name, rows in soft.items() if name not in missable}


def _clash(rows: Rows, finder: Search, search: Search) -> Clash:
    """Return a rule and what it takes; what is not enough in part is not enough in whole."""
    if finder is not search:
        in_part = finder.clash(rows)
        if in_part.enough is False:
            return in_part
    return search.clash(rows)
