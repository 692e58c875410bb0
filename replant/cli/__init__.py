"""The command line: verdicts in plain words first, tables after; progress on standard error."""

from replant.cli.main import main

__all__ = ["main"]
