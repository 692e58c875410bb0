"""The command itself: its subcommands, and errors as sentences instead of tracebacks."""

from __future__ import annotations

import os
import sys

import typer

from replant.cli.audit import audit_command
from replant.cli.check import check_command
from replant.cli.options import options_command
from replant.cli.plan import plan_command
from replant.cli.tie_out import tie_out_command
from replant.cli.verify import verify_command
from replant.errors import CaseError, ReplantError, UsageError

__all__ = ["app", "main"]

app = typer.Typer(
    name="replant",
    help="Plan an industrial restructuring: what to run, mothball, share, sell or close, and when.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("check")(check_command)
app.command("plan")(plan_command)
app.command("verify")(verify_command)
app.command("audit")(audit_command)
app.command("tie-out")(tie_out_command)
app.command("options")(options_command)


def main() -> None:
    """Run the command; exit 0 when done, 1 when findings stop it, 2 on wrong usage."""
    try:
        app()
    except UsageError as error:
        _say(str(error))
        sys.exit(2)
    except CaseError as error:
        _say(str(error))
        sys.exit(1)
    except ReplantError as error:
        _say(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        _say("stopped: nothing was written over")
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read our output has left; nobody is there to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _say(text: str) -> None:
    print(f"replant: {text}", file=sys.stderr)
