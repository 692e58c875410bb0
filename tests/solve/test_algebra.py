"""One thread of algebra: a sum's last digits do not hang on how many cores there are."""

from __future__ import annotations

import numpy as np
from threadpoolctl import ThreadpoolController

from replant.solve.algebra import one_thread
from replant.solve.decomposed import solve_decomposed
from replant.solve.settings import Progress, SolveSettings
from tests.solve.firms_in_two_stages import facility


def threads() -> set[int]:
    """How many threads each library of algebra would use now."""
    return {each["num_threads"] for each in ThreadpoolController().select(user_api="blas").info()}


def test_a_solve_has_one_thread_and_leaves_as_many_as_there_were() -> None:
    """While it solves, algebra keeps to one thread; afterwards it has what the user gave it."""
    seen: list[set[int]] = []

    def look(_: Progress) -> None:
        seen.append(threads())

    with ThreadpoolController().limit(limits=2, user_api="blas"):
        before = threads()
        solve_decomposed(facility(), SolveSettings(gap=1e-6, on_progress=look))
        assert threads() == before
    assert seen
    assert all(each == {1} for each in seen)


def test_one_thread_ends_where_what_it_holds_fails() -> None:
    """An error inside gives the threads back too."""
    with ThreadpoolController().limit(limits=2, user_api="blas"):
        before = threads()
        try:
            with one_thread():
                assert threads() == {1}
                np.linalg.inv(np.zeros((2, 2)))
        except np.linalg.LinAlgError:
            pass
        assert threads() == before
