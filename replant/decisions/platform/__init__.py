"""Platforms and models: which live on, which end and when, which model moves to which platform.

The maths stand in ``docs/explanation/tables.md``, section 4.3, and on the page of this decision.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from replant.case import Case, Row
from replant.decisions.platform.build import Lives
from replant.decisions.platform.tables import Migration, Model, Platform
from replant.decisions.platform.telling import sentences
from replant.module import Builder, Sentence, Told
from replant.units import ONE

__all__ = ["MODULE", "Platforms"]


class Platforms:
    """Chooses which platforms and models end, and which models move."""

    name: ClassVar[str] = "platform"
    tables: ClassVar[tuple[type[Row], ...]] = (Platform, Model, Migration)

    def applies(self, case: Case) -> bool:
        """Return whether the case has models or platforms."""
        return case.has("models") or case.has("platforms")

    def build(self, case: Case, to: Builder) -> None:
        """Add endings and moves, what they bind and what they cost."""
        to.stream("kept", ("platform", "period"), ONE)
        to.stream("offered", ("model", "period"), ONE)
        to.stream("platforms", ("period",), ONE)
        to.stream("models", ("period",), ONE)
        Lives(case, to).build()

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Tell which platforms and models end, and which models move."""
        yield from sentences(told)


MODULE = Platforms()
