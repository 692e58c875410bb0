"""The command line: verdicts in plain words first, tables after; progress on standard error."""

from __future__ import annotations

import sys

from replant.cli.stopping import INTERRUPTED, heed_termination, leave_at_once

__all__ = ["main"]


def main() -> None:
    """Run the command; see `replant.cli.command`.

    What it needs takes a second or more to load. So that is done here: Ctrl-C in the meantime ends
    in a sentence as well.
    """
    try:
        with leave_at_once():
            from replant.cli.command import main as run
        heed_termination()
        run()
    except KeyboardInterrupt:
        print("replant: stopped", file=sys.stderr)
        sys.exit(INTERRUPTED)
