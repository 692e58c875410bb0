"""What a case may say and a reader must know of: bare or absurd numbers, and what modules doubt."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from replant.case import Case, Finding, audit, columns_of
from replant.case.findings import finding
from replant.cli.money import money_in_words
from replant.module import discover

__all__ = ["cautions"]

_FEW = 5
_ABSURD = 10**12
"""A number this large is no figure of a firm in any unit that a case would choose."""


def cautions(case: Case) -> Iterator[Finding]:
    """Yield warnings of a case that can be planned all the same."""
    yield from _without_evidence(case)
    yield from _absurd_numbers(case)
    yield from money_in_words(case)
    for module in discover():
        yield from getattr(module, "cautions", lambda case: ())(case)


def _without_evidence(case: Case) -> Iterator[Finding]:
    """Find numbers that rest on nothing, in a case that says what others rest on."""
    if not case.evidence.rows:
        return
    bare = audit(case).naked
    if bare:
        first = ", ".join(str(cell) for cell in bare[:_FEW])
        yield finding(
            "number-without-evidence",
            "evidence.csv",
            f"{len(bare)} numbers rest on nothing ({first}{', …' if len(bare) > _FEW else ''})",
            "say what they rest on; `replant audit` lists them",
        )


def _absurd_numbers(case: Case) -> Iterator[Finding]:
    for name, table in case.tables.items():
        numeric = [each for each in columns_of(table.row_class).values() if each.numeric]
        for number, row in table.numbered():
            for column in numeric:
                given = getattr(row, column.attribute)
                value = Fraction(given) if isinstance(given, Fraction | int) else Fraction(0)
                if abs(value) >= _ABSURD:
                    yield finding(
                        "absurd-number",
                        table.sheet.file,
                        f"{name} holds a number of {len(str(abs(int(value))))} digits, which no "
                        "solver can weigh against the others",
                        "check its unit, or choose a larger unit of money in case.toml",
                        row=number,
                        column=column.name,
                        value=f"{float(value):.3g}",
                    )
