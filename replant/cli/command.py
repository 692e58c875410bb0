"""The command itself: its subcommands, and errors as sentences instead of tracebacks."""

from __future__ import annotations

import io
import os
import sys
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

import replant
from replant.cli.audit import audit_command
from replant.cli.check import check_command
from replant.cli.explain import explain_command
from replant.cli.new import new_command
from replant.cli.options import options_command
from replant.cli.plan import plan_command
from replant.cli.report import report_command
from replant.cli.stopping import INTERRUPTED
from replant.cli.tie_out import tie_out_command
from replant.cli.verify import verify_command
from replant.errors import ReplantError, UsageError
from replant.solve.algebra import one_thread

__all__ = ["app", "main"]


class _Stopped(Exception):
    """A person ended the command: typer would leave without a word."""


class _Commands(TyperGroup):
    """All commands, of which one that is stopped says so."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as why:
            raise _Stopped from why


app = typer.Typer(
    name="replant",
    cls=_Commands,
    help="Plan an industrial restructuring: what to run, mothball, share, sell or close, and when.",
    no_args_is_help=True,
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("check")(check_command)
app.command("plan")(plan_command)
app.command("verify")(verify_command)
app.command("audit")(audit_command)
app.command("tie-out")(tie_out_command)
app.command("options")(options_command)
app.command("explain")(explain_command)
app.command("report")(report_command)
app.command("new")(new_command)


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.", is_eager=True)
    ] = False,
) -> None:
    """Plan an industrial restructuring: what to run, mothball, share, sell or close, and when."""
    if version:
        print(f"replant {replant.__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command.

    It exits with 0 when done, 1 when findings stop it, 2 on wrong usage, 130 when interrupted.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a name that is no text must not end a run
            stream.reconfigure(errors="backslashreplace")
    try:
        with one_thread():
            app()
    except UsageError as error:
        _leave(str(error), 2)
    except ReplantError as error:
        _leave(str(error), 1)
    except (KeyboardInterrupt, _Stopped):
        _leave("stopped", INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has left; nobody is there to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        _leave(f"the system refuses: {error}", 1)
    except MemoryError:
        _leave("there is not enough memory for this case: use a larger machine", 1)
    except Exception as error:
        if os.environ.get("REPLANT_DEBUG"):
            raise
        _leave(
            f"a fault of replant itself, not of your case ({type(error).__name__}: {error}); "
            "please report it with what REPLANT_DEBUG=1 before the command prints",
            1,
        )


def _leave(text: str, status: int) -> NoReturn:
    print(f"replant: {text}", file=sys.stderr)
    sys.exit(status)
