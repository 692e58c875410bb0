"""Exact books: double entry for money, streams for everything else, breaches collected."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from replant.verify.accounts import ACCOUNTS
from replant.verify.breach import Breach
from replant.verify.calendar import NOW, Period, Spread

__all__ = ["NOW", "Books", "Item"]

ZERO = Fraction(0)
_EMPTY: Mapping[tuple[str, ...], Fraction] = MappingProxyType({})


@dataclass(frozen=True)
class Item:
    """What became of one triple-timed item: the parts inside the horizon and beyond it."""

    balance: str
    amount: Fraction
    recognised: Fraction
    paid: Fraction
    beyond: Fraction


class Books:
    """Exact double-entry books and physical streams of one plan.

    Nothing here raises: what is wrong is collected in ``breaches``, what was looked at is counted
    in ``checked``.

    Parameters
    ----------
    years : mapping of str to str, optional
        The fiscal year of each time: ``taxable`` is kept by fiscal year, whatever time of it a
        twin posts to.
    """

    def __init__(self, years: Mapping[str, str] | None = None) -> None:
        self._years = dict(years or {})
        self.breaches: list[Breach] = []
        self.checked: Counter[str] = Counter()
        self.items: list[Item] = []
        self._in_item = False
        self._streams: defaultdict[str, dict[tuple[str, ...], Fraction]] = defaultdict(dict)

    # ── streams ─────────────────────────────────────────────────────────────────────────────

    def post(self, stream: str, *labels: str, amount: Fraction) -> None:
        """Add an amount to one element of a stream."""
        if stream == "taxable":
            labels = tuple(self._years.get(label, label) for label in labels)
        elements = self._streams[stream]
        before = elements.get(labels)
        if before is None:
            elements[labels] = amount if type(amount) is Fraction else ZERO + amount
        elif amount:  # most of what is added to an element is nothing
            elements[labels] = before + amount

    def total(self, stream: str, *labels: str, default: Fraction = ZERO) -> Fraction:
        """Return what was posted to an element, or the default if nobody ever posted to it."""
        return self._streams.get(stream, {}).get(labels, default)

    def line(self, stream: str, *labels: str) -> Fraction:
        """Return a line as people name it: an element, or all of value where no part is named."""
        if stream == "value" and not labels:
            return sum(self.elements("value").values(), ZERO)
        return self.total(stream, *labels)

    def elements(self, stream: str) -> Mapping[tuple[str, ...], Fraction]:
        """Return every element of a stream with its total, by labels."""
        found = self._streams.get(stream)
        return _EMPTY if found is None else MappingProxyType(found)

    def streams(self) -> tuple[str, ...]:
        """Return the names of all streams that have elements, sorted."""
        return tuple(sorted(name for name, elements in self._streams.items() if elements))

    # ── money ───────────────────────────────────────────────────────────────────────────────

    def entry(
        self, debit: str, credit: str, amount: Fraction, time: str, *, recurring: bool = False
    ) -> None:
        """Book an amount: ledger of both accounts, and the cash flow where one side is cash.

        Parameters
        ----------
        debit, credit : str
            The two accounts.
        amount : Fraction
            The money; a negative amount books the other way round.
        time : str
            ``now`` or the id of a period.
        recurring : bool
            Whether the cash goes on after the horizon; only operating and investing cash can.
        """
        if debit not in ACCOUNTS or credit not in ACCOUNTS:
            wrong = debit if debit not in ACCOUNTS else credit
            self.breach("I1", f"There is no account {wrong}.", amount=amount, where=time)
            return
        self._charge_besides(debit, credit, amount, time)
        self.post("ledger", debit, time, amount=amount)
        self.post("ledger", credit, time, amount=-amount)
        if debit == "cash":
            self._cash(credit, amount, time, recurring)
        elif credit == "cash":
            self._cash(debit, -amount, time, recurring)

    def _charge_besides(self, debit: str, credit: str, amount: Fraction, time: str) -> None:
        """Keep apart what moves provisions outside the items, for the roll of provisions."""
        if not self._in_item:
            for account, change in ((debit, amount), (credit, -amount)):
                if account == "provisions":
                    self.post("provisions_besides", time, amount=change)

    def _cash(self, other: str, amount: Fraction, time: str, recurring: bool) -> None:
        flow = ACCOUNTS[other].flow
        if not flow:
            return
        self.post("cash_flow", flow, time, amount=amount)
        if recurring and flow in ("operating", "investing"):
            self.post("recurring", time, amount=amount)
            if flow == "investing":
                self.post("reinvested", time, amount=-amount)

    def item(
        self,
        amount: Fraction,
        event: Period,
        *,
        expense: str,
        balance: str,
        recognised: Spread,
        paid: Spread,
        deducted: Spread,
    ) -> None:
        """Book a triple-timed item of an event: recognised, paid and deducted apart.

        The cash that falls after the horizon is posted to ``beyond``; recognition and deduction
        that fall there vanish. An expense that is taxable as booked is not deducted a second time.
        """
        booked = cash = later = ZERO
        self._in_item = True
        for time, share in recognised(event):
            if time is not None:
                booked += share
                self.entry(expense, balance, amount * share, time)
        for time, share in paid(event):
            if time is None:
                later += share
                self.post("beyond", amount=amount * share)
            else:
                cash += share
                self.entry(balance, "cash", amount * share, time)
        self._in_item = False
        if expense in ACCOUNTS and not ACCOUNTS[expense].taxable:
            for time, share in deducted(event):
                if time is not None:
                    self.post("taxable", time, amount=-amount * share)
        self.items.append(Item(balance, amount, amount * booked, amount * cash, amount * later))

    # ── findings ────────────────────────────────────────────────────────────────────────────

    def breach(
        self, invariant: str, sentence: str, *, amount: Fraction = ZERO, where: str = ""
    ) -> None:
        """Collect a breach of an invariant."""
        self.breaches.append(Breach(invariant, sentence, amount, where))

    def hold(
        self,
        invariant: str,
        holds: bool,
        sentence: str,
        *,
        amount: Fraction = ZERO,
        where: str = "",
    ) -> None:
        """Count a check of an invariant, and collect a breach if it does not hold."""
        self.checked[invariant] += 1
        if not holds:
            self.breach(invariant, sentence, amount=amount, where=where)

    def at_most(
        self,
        invariant: str,
        value: Fraction,
        most: Fraction | int,
        sentence: str,
        *,
        where: str = "",
    ) -> None:
        """Count a check that a value is no more than the most allowed; collect by how much it is.

        Both are in the same unit, which the sentence's reader knows.
        """
        self.hold(invariant, value <= most, sentence, amount=value - most, where=where)
