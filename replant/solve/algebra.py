"""One thread of algebra while something is solved.

The library of algebra beneath NumPy would use every core for a product of a few thousand numbers.
Its second thread waits in a loop, which costs a third of a solve's processor time, and how it cuts
a sum up changes the sum's last digits: the same input would give another plan on a machine with
more cores.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from threadpoolctl import ThreadpoolController

__all__ = ["one_thread"]


@contextmanager
def one_thread() -> Iterator[None]:
    """Let algebra have one thread for a while; also a decorator."""
    # Made anew each time, a thousandth of a second: it knows the libraries loaded by now.
    with ThreadpoolController().limit(limits=1, user_api="blas"):
        yield
