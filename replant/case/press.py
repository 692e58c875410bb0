"""Claims: what a source says, as data."""

import re
from calendar import monthrange
from datetime import date
from typing import Annotated, ClassVar, Literal

from replant.case.columns import meaning
from replant.case.kinds import Id, OptionalDate, OptionalWhole, Text, refers_to
from replant.case.row import Row

_PARTIAL = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2}))?(?:-(?P<day>[0-9]{2}))?(?:\s*\(.*\))?\Z"
)

Standing = Literal[
    "rumoured",
    "reported",
    "answered_boilerplate",
    "denied",
    "denied_specific",
    "confirmed_by_counterparty",
    "confirmed",
    "executed",
    "disproved",
    "expired",
    "misattributed",
    "derived",
    "estimate",
]


class ClaimRow(Row):
    """One thing that one source says."""

    table: ClassVar[str] = "claims"
    folder: ClassVar[str] = ""
    key: ClassVar[tuple[str, ...]] = ("claim_id",)
    evidenced: ClassVar[bool] = False

    claim_id: Id
    source_id: Annotated[str, refers_to("sources")]
    locator: Text = meaning(
        "Place in the source; for a derived claim the claims it comes from", default=""
    )
    date_of_report: Text = meaning(
        "When the source said it: 2025-07-08, 2025-07 or 2025, a note in brackets", default=""
    )
    known_from: OptionalDate = meaning(
        "First day on which it could be known, if the report's date is not that day", default=None
    )
    subject: Text = meaning("What it is about", default="")
    attribute: Text = meaning("Which of its features", default="")
    value: Text = meaning("What it says, as the source has it", default="")
    unit: Text = meaning("Unit of the value, as the source has it", default="")
    low: Text = meaning("Lowest value that the source gives", default="")
    high: Text = meaning("Highest value that the source gives", default="")
    status: Standing = meaning("How firm the matter is", default="reported")
    statement: Text = meaning("What it says, in own words", default="")
    conflicts_with: Annotated[tuple[str, ...], refers_to("claims")] = meaning(
        "Claims that cannot be true together with it", default=()
    )
    inputs: Annotated[tuple[str, ...], refers_to("claims")] = meaning(
        "Claims from which it is derived", default=()
    )
    origin: Text = meaning("Who said it first; copies of one agency share an origin", default="")
    scope: Text = meaning("What exactly is counted", default="")
    grade: Literal["A", "B", "C", "D", "E", "F", ""] = meaning(
        "Reliability of the source, from A", default=""
    )
    credibility: OptionalWhole = meaning(
        "Credibility of the matter, 1 best to 6", default=None, ge=1, le=6
    )
    kind: Literal["event", "quantity", "intention", "count", ""] = meaning(
        "What sort of claim it is", default=""
    )
    valid_to: OptionalDate = meaning("Last day on which it holds", default=None)
    resolves_by: OptionalDate = meaning("Day by which it will be known", default=None)
    as_of_kind: Literal["restated", "public_fact", ""] = meaning(
        "Why a later report may be used: restated, a period closed by then; public_fact, a "
        "physical or contractual fact that was public then",
        default="",
    )
    as_of_reason: Text = meaning("The same in a sentence", default="")

    @property
    def derived(self) -> bool:
        """Whether it is computed from other claims rather than reported."""
        return self.status == "derived" or bool(self.inputs)

    @property
    def known_on(self) -> date | None:
        """The latest day that its date may mean; None without a date that can be read."""
        return self.known_from or latest_day(self.date_of_report)

    def inputs_among(self, known: frozenset[str]) -> tuple[str, ...]:
        """Return the claims it is derived from, read from `inputs` or else from the locator."""
        if self.inputs or not self.derived:
            return self.inputs
        words = re.split(r"[^A-Za-z0-9_.+-]+", self.locator)
        parts = (part for word in words for part in (word, *re.split(r"[.+-]", word)))
        named = dict.fromkeys(part for part in parts if part in known and part != self.claim_id)
        return tuple(named)


def latest_day(text: str) -> date | None:
    """Return the latest day that a date, known perhaps to the month or year, may mean.

    A note in brackets is allowed: ``2025-05 (undated)`` is 31 May 2025.
    """
    match = _PARTIAL.match(text.strip())
    if not match:
        return None
    year, month = int(match["year"]), int(match["month"] or 12)
    if year < 1 or not 1 <= month <= 12:
        return None
    last = monthrange(year, month)[1]
    day = int(match["day"] or last)
    return date(year, month, day) if 1 <= day <= last else None
