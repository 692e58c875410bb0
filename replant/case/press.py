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

_YEARS = re.compile(r"([0-9]{4})-([0-9]{4})(?:\s*\(.*\))?\Z")
_RESTATED = re.compile(r"(?:it )?restate[sd]?\b", re.IGNORECASE)
_PUBLIC_FACT = re.compile(r"(?:an? |the )?(?:physical|contractual)\b", re.IGNORECASE)

AsOfKind = Literal["restated", "public_fact"]
Standing = Literal[
    "rumoured",
    "reported",
    "answered-boilerplate",
    "denied",
    "denied-specific",
    "confirmed-by-counterparty",
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
        "When the source said it: 2025-07-08, 2025-07, 2025 or 2019-2025, a note in brackets",
        default="",
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
    basis: Literal["sourced", "derived", "assumed", "estimated", ""] = meaning(
        "How the value came about: read in a source, computed from claims, or set", default=""
    )
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
    as_of_kind: AsOfKind | Literal[""] = meaning(
        "Why a later report may be used: restated, a period closed by then; public_fact, a "
        "physical or contractual fact that was public then; empty where the reason begins so",
        default="",
    )
    as_of_reason: Text = meaning(
        "The same in a sentence, such as: restates the year to 31 March 2025", default=""
    )

    @property
    def derived(self) -> bool:
        """Whether it is computed from other claims rather than reported."""
        return "derived" in (self.basis, self.status) or bool(self.inputs)

    @property
    def known_on(self) -> date | None:
        """The first day on which it was surely known; None without a date that can be read."""
        if self.known_from:
            return self.known_from
        span = span_of(self.date_of_report)
        return span[1] if span else None

    @property
    def lateness_kind(self) -> AsOfKind | None:
        """Why a later report may be used, as the column or else the reason's first words say."""
        if not self.as_of_reason:
            return None
        if self.as_of_kind:
            return self.as_of_kind
        if _RESTATED.match(self.as_of_reason):
            return "restated"
        return "public_fact" if _PUBLIC_FACT.match(self.as_of_reason) else None

    def reported_after(self, day: date) -> bool:
        """Whether the report came later than a day, as far as its date tells."""
        span = span_of(self.date_of_report)
        if self.known_from is None:
            return span is not None and span[1] > day
        return self.known_from > day or (span is not None and span[0] > day)

    def inputs_among(self, known: frozenset[str]) -> tuple[str, ...]:
        """Return the claims it is derived from, read from `inputs` or else from the locator."""
        if self.inputs or not self.derived:
            return self.inputs
        words = re.split(r"[^A-Za-z0-9_.+-]+", self.locator)
        parts = (part for word in words for part in (word, *re.split(r"[.+-]", word)))
        named = dict.fromkeys(part for part in parts if part in known and part != self.claim_id)
        return tuple(named)


def span_of(text: str) -> tuple[date, date] | None:
    """Return the first and the last day that a date, known perhaps to the month, may mean.

    A note in brackets is allowed: ``2025-05 (undated)`` is 1 to 31 May 2025. Years may be
    joined: ``2019-2025``.
    """
    years = _YEARS.match(text.strip())
    if years:
        first, last = int(years[1]), int(years[2])
        return (date(first, 1, 1), date(last, 12, 31)) if 0 < first <= last else None
    return _span_within_year(text)


def _span_within_year(text: str) -> tuple[date, date] | None:
    match = _PARTIAL.match(text.strip())
    if not match:
        return None
    year, month = int(match["year"]), int(match["month"] or 1)
    last_month = month if match["month"] else 12
    if year < 1 or not 1 <= month <= 12:
        return None
    last = monthrange(year, last_month)[1]
    first_day, last_day = int(match["day"] or 1), int(match["day"] or last)
    if not 1 <= first_day <= last_day <= last:
        return None
    return date(year, month, first_day), date(year, last_month, last_day)
