"""Accounting as labelled rows: the chart of accounts, the streams, and the clock they run by."""

from replant.ledger.accounts import ACCOUNTS, Account, AccountKind, Flow, account
from replant.ledger.clock import NOW, Clock, Part, PlanPeriod
from replant.ledger.streams import CORE_STREAMS, StreamKind

__all__ = [
    "ACCOUNTS",
    "CORE_STREAMS",
    "NOW",
    "Account",
    "AccountKind",
    "Clock",
    "Flow",
    "Part",
    "PlanPeriod",
    "StreamKind",
    "account",
]
