"""What a report says, as plain frozen data: no matrix, no solver, nothing to compute later."""

from replant.report.data.accounts import Bridge, BridgeStep, Line, Posting, Price, Statement
from replant.report.data.cash import Cash, CashFlow, CashPoint, Covenant, MissedLimit
from replant.report.data.deeds import Action, Claim, Confidence, Offer
from replant.report.data.ground import Method, Stake, Tie
from replant.report.data.head import Head, Time
from replant.report.data.leaf import LeafView, Paths, Spot
from replant.report.data.means import Launch, Loan, Means, Work
from replant.report.data.people import RegionJobs, SiteJobs
from replant.report.data.places import GONE, PlantPath, Platform
from replant.report.data.plan import PlanView
from replant.report.data.report import Report

__all__ = [
    "GONE",
    "Action",
    "Bridge",
    "BridgeStep",
    "Cash",
    "CashFlow",
    "CashPoint",
    "Claim",
    "Confidence",
    "Covenant",
    "Head",
    "Launch",
    "LeafView",
    "Line",
    "Loan",
    "Means",
    "Method",
    "MissedLimit",
    "Offer",
    "Paths",
    "PlanView",
    "PlantPath",
    "Platform",
    "Posting",
    "Price",
    "RegionJobs",
    "Report",
    "SiteJobs",
    "Spot",
    "Stake",
    "Statement",
    "Tie",
    "Time",
    "Work",
]
