"""The codes of findings on the case as a whole."""

from replant.case.code import Code

CASE_CODES: dict[str, Code] = {
    "model": Code(
        "error",
        "case",
        "The tables are sound one by one, but a decision or a rule cannot work with them.",
        "`terminal_growth` above `discount_rate`",
    ),
    "plan-name": Code(
        "error",
        "case",
        "A plan has an id that the files of the results need.",
        "a comparator called `plan`",
    ),
    "no-periods": Code("error", "case", "No period has the role plan.", "no periods.csv"),
    "periods-gap": Code(
        "error",
        "case",
        "Time passes between two periods of a role.",
        "2025-04-01 and 3 months, then 2025-10-01",
    ),
    "periods-overlap": Code(
        "error",
        "case",
        "Two periods of a role overlap.",
        "2025-04-01 and 12 months, then 2025-10-01",
    ),
    "period-start": Code(
        "error",
        "case",
        "A period starts after the 28th, so months have no clear end.",
        "2025-01-31",
    ),
    "fiscal-year-split": Code(
        "error",
        "case",
        "The periods of a fiscal year do not follow each other.",
        "FY25, FY26, FY25",
    ),
    "over-and-decided": Code(
        "error",
        "case",
        "A period is over, and yet decisions may take effect in it.",
        "over yes, decisions yes",
    ),
    "over-and-closed": Code(
        "error",
        "case",
        "A period of a closed year is marked as over; only periods of the plan are.",
        "role base, over yes",
    ),
    "over-late": Code(
        "error",
        "case",
        "A period that is over comes after one that is not.",
        "over no, then over yes",
    ),
    "over-early": Code(
        "error",
        "case",
        "A period that is over ends after the case's date.",
        "as_of 2025-07-08, over yes to 2025-09-30",
    ),
    "decided-early": Code(
        "error",
        "case",
        "A period with decisions starts before the case's date.",
        "as_of 2025-07-08, decisions yes from 2025-07-01",
    ),
    "probability-sum": Code(
        "error", "case", "The probabilities of the scenarios do not sum to 1.", "0.5 and 0.4"
    ),
    "no-floor": Code(
        "warning", "case", "Nothing says how much cash must be there.", "no liquidity.csv"
    ),
    "no-opening": Code(
        "warning", "case", "Nothing says what the firm begins with.", "no opening.csv"
    ),
    "never-in-force": Code(
        "warning", "case", "A row takes effect in no part of the plan.", "until FY2020"
    ),
    "part-year": Code(
        "warning",
        "case",
        "What a fiscal year brings is tested, and the plan holds more or fewer months of it.",
        "periods from July, a covenant on the first year",
    ),
    "opening-unbalanced": Code(
        "error", "case", "The opening balances of a table do not sum to 0.", "cash 95 for 94"
    ),
    "above-opening": Code(
        "error",
        "case",
        "Plants, properties, stakes or debts add up to more than their opening balance.",
        "a property of 197 where `property` opens with 97",
    ),
    "debt-left": Code(
        "warning",
        "case",
        "A part of the opening debt is in no row of debts, so it is never repaid.",
        "debt −100 in opening.csv, 60 in debts.csv",
    ),
    "price-off-market": Code(
        "warning",
        "case",
        "A property's price is more than twice its market value, or less than half of it.",
        "9700 for a property of 97",
    ),
    "shifts-crossed": Code(
        "error", "case", "A plant works more shifts now than it can.", "shifts_now 3, shifts_max 1"
    ),
    "floor-hole": Code(
        "error",
        "case",
        "Some periods of the plan have a cash floor and others have none.",
        "no row for FY2027 in liquidity.csv",
    ),
    "demand-hole": Code(
        "warning",
        "case",
        "Demand stops and begins again, or nobody wants anything in a period.",
        "no row for FY2027 in demand.csv",
    ),
    "cost-above-price": Code(
        "warning",
        "case",
        "A line makes a model at a cost above every price of it.",
        "`unit_cost` 1000 beside a `price` of 1.25",
    ),
    "money-word": Code(
        "warning",
        "case",
        "A unit of money is only a word, of another currency, or does not fit the others.",
        '`money = "bananas"`',
    ),
    "free-dismissal": Code(
        "warning", "case", "People who are paid may be dismissed for nothing.", "severance 0"
    ),
    "bounds-crossed": Code("error", "case", "A lower bound is above the upper.", "5 and 3"),
    "unknown-table": Code("error", "case", "The address names no table.", "`--set plant.a.b=1`"),
    "unknown-row": Code("error", "case", "The address names no row.", "`--set plants.opama.x=1`"),
    "unknown-cell": Code(
        "error", "case", "The address names no column.", "`--set plants.oppama.fixd_cost=1`"
    ),
    "key-changed": Code(
        "error",
        "case",
        "A key cannot be changed; it is what names the row.",
        "`--set plants.a.id=b`",
    ),
    "set-syntax": Code(
        "error", "case", "The setting is not table.id.column=value.", "`--set plants.oppama=1`"
    ),
    "change": Code("error", "case", "A scenario's change cannot be applied.", "`multiply` a text"),
}
