"""What markets take: the linear logit is the logit, and ageing, renewal and duty to serve."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from replant.case import Case
from tests.decisions.factory import carmaker, most, sourced
from tests.decisions.small_firm import Built, years

MODELS = ("a", "b", "c", "d", "e", "f")
VOLUMES = (20.0, 10.0, 10.0, 7.25, 3.5, 0.125)


def segment(folder: Path, volumes: tuple[float, ...], outside: str, **tables: str) -> Case:
    """One segment in one market, one line for each model."""
    models = MODELS[: len(volumes)]
    usual = {
        "periods": years(1),
        "models": "\n".join(["id,segment", *(f"{each},small" for each in models)]),
        "lines": "\n".join(
            ["id,model,plant,tooled,capacity", *(f"l_{m},{m},works,yes,1000" for m in models)]
        ),
        "prices": "\n".join(["model,market,price", *(f"{m},home,2" for m in models)]),
        "demand": "\n".join(
            [
                "model,market,period,volume",
                *(f"{m},home,P0,{v}" for m, v in zip(models, volumes, strict=True)),
            ]
        ),
        "substitutions": f"market,segment,outside\nhome,small,{outside}",
    }
    return carmaker(folder, **{**usual, **tables})


def all_sales(built: Built, models: tuple[str, ...]) -> list[float]:
    """Sell as much as the market takes; return the sales of each model."""
    objective = sum(
        built.program.expected("sales", model=m, market="home", period="P0")[0] for m in models
    )
    x = built.best(objective)
    return [built.value(x, "sales", model=m, market="home", period="P0") for m in models]


def logit(weights: list[float], volumes: tuple[float, ...], outside: float) -> list[float]:
    """The closed form: shares in proportion to attraction, the outside's included."""
    v0 = outside * sum(volumes)
    everything = v0 + sum(volumes)
    return [everything * weight / (v0 + sum(weights)) for weight in weights]


@pytest.mark.parametrize("count", [1, 3, 6])
def test_the_most_a_segment_sells_is_the_closed_form_logit_for_every_offer(
    tmp_path: Path, count: int
) -> None:
    volumes = VOLUMES[:count]
    case = segment(tmp_path, volumes, "1.5")
    for offer in product((0, 1), repeat=count):
        offered = {(m, "P0"): each for m, each in zip(MODELS, offer, strict=False)}
        sales = all_sales(sourced(case, offered=offered), MODELS[:count])
        weights = [v * each for v, each in zip(volumes, offer, strict=True)]
        assert sales == pytest.approx(logit(weights, volumes, 1.5), abs=1e-6)


def test_cutting_a_model_gives_the_worked_example(tmp_path: Path) -> None:
    """v0 = 6, v = (2, 1, 1), D = 100: 40 sold; without the third 33.33; without two of them 25."""
    case = segment(tmp_path, (20.0, 10.0, 10.0), "1.5")
    sold = []
    for offer in ((1, 1, 1), (1, 1, 0), (1, 0, 0)):
        offered = {(m, "P0"): each for m, each in zip(MODELS, offer, strict=False)}
        sold.append(sum(all_sales(sourced(case, offered=offered), MODELS[:3])))
    assert sold == pytest.approx([40, 100 / 3, 25])


@pytest.mark.parametrize("renewed", [0, 1])
def test_an_aged_model_sells_by_what_is_left_of_its_attraction_until_renewed(
    tmp_path: Path, renewed: int
) -> None:
    ageing = "model,period,share\na,P0,0.4"
    case = segment(tmp_path, (20.0, 10.0, 10.0), "1.5", ageing=ageing)
    built = sourced(case, renewed={("a", "P0"): renewed})
    weights = [20.0 if renewed else 8.0, 10.0, 10.0]
    assert all_sales(built, MODELS[:3]) == pytest.approx(logit(weights, (20, 10, 10), 1.5))


@pytest.mark.parametrize(("renewed", "sold"), [(0, 80), (1, 100), (2, 100)])
def test_without_substitution_ageing_cuts_demand_itself(
    tmp_path: Path, renewed: int, sold: float
) -> None:
    case = carmaker(tmp_path, ageing="model,period,share\nnote,P1,0.8")
    built = sourced(case, renewed={("note", "P1"): renewed})
    x = most(built, "sales", model="note", market="home", period="P1")
    assert built.value(x, "sales", model="note", market="home", period="P1") == pytest.approx(sold)


def test_an_ageing_model_without_a_row_for_a_period_keeps_all_its_attraction(
    tmp_path: Path,
) -> None:
    built = sourced(carmaker(tmp_path, ageing="model,period,share\nnote,P1,0.8"))
    x = most(built, "sales", model="note", market="home", period="P0")
    assert built.value(x, "sales", model="note", market="home", period="P0") == pytest.approx(100)


@pytest.mark.parametrize(
    ("offered", "renewed", "least"), [(1, 0, 80), (1, 1, 100), (0, 0, 0), (0, 1, 0)]
)
def test_a_market_that_must_be_served_gets_all_that_is_left_of_demand(
    tmp_path: Path, offered: int, renewed: int, least: float
) -> None:
    case = carmaker(
        tmp_path, markets="id,must_serve\nhome,yes", ageing="model,period,share\nnote,P1,0.8"
    )
    built = sourced(
        case,
        offered={("note", "P0"): 1, ("note", "P1"): offered},
        renewed={("note", "P1"): renewed},
    )
    row, _ = built.program.expected("sales", model="note", market="home", period="P1")
    x = built.best(-row)
    assert built.value(x, "sales", model="note", market="home", period="P1") == pytest.approx(least)


def test_a_market_that_must_be_served_may_be_more_than_a_plan_can_do(tmp_path: Path) -> None:
    lines = "id,model,plant,tooled,capacity\nl,note,works,yes,99"
    case = carmaker(tmp_path, markets="id,must_serve\nhome,yes", lines=lines)
    assert not sourced(case).feasible()


def test_a_model_renewed_twice_is_renewed_and_no_more(tmp_path: Path) -> None:
    """Two programmes may renew the same model; its demand comes back once."""
    from replant.decisions import programme
    from tests.decisions.small_firm import build, case_of

    tables = {
        "periods": years(2),
        "plants": "id,country,kind\nworks,japan,partner",
        "models": "id,segment\nnote,small",
        "markets": "id,must_serve\nhome,yes",
        "lines": "id,model,plant,tooled,capacity\nl,note,works,yes,1000",
        "lanes": "plant,market,freight\nworks,home,0",
        "prices": "model,market,price\nnote,home,2",
        "demand": "model,market,period,volume\nnote,home,P1,100",
        "ageing": "model,period,share\nnote,P1,0.8",
        "programmes": "id,name,kind,model,investment,lead_months\n"
        "g,G,model,note,1,0\nh,H,model,note,1,0",
    }
    from replant.decisions import plant_path, platform, sourcing

    modules = (plant_path.MODULE, platform.MODULE, sourcing.MODULE, programme.MODULE)
    case = case_of(tmp_path, modules, **tables)
    built = build(case, sourcing.MODULE, programme.MODULE)
    row, _ = built.program.expected("sales", model="note", market="home", period="P1")
    fixed = built.program
    for name in ("programme.start[g,P0]", "programme.start[h,P0]"):
        lower = fixed.columns.lower.copy()
        lower[fixed.columns.find(name)] = 1.0
        fixed = fixed.with_bounds(lower=lower)
    both = Built(case, fixed)
    for sign in (1, -1):
        x = both.best(sign * row)
        sold = both.value(x, "sales", model="note", market="home", period="P1")
        assert sold == pytest.approx(100)


def test_a_lane_carries_no_more_than_its_capacity(tmp_path: Path) -> None:
    lanes = "plant,market,freight,capacity\nworks,home,0,60"
    built = sourced(carmaker(tmp_path, lanes=lanes, periods=years(2, months=6)))
    x = most(built, "sales", model="note", market="home", period="P0")
    assert built.value(x, "sales", model="note", market="home", period="P0") == pytest.approx(30)


def test_two_lines_of_one_plant_share_its_lane(tmp_path: Path) -> None:
    built = sourced(
        carmaker(
            tmp_path,
            models="id,segment\nnote,small\nleaf,small",
            lines="id,model,plant,tooled,capacity\nl,note,works,yes,1000\nm,leaf,works,yes,1000",
            lanes="plant,market,freight,capacity\nworks,home,0,60",
            prices="model,market,price\nnote,home,2\nleaf,home,2",
            demand="model,market,period,volume\nnote,home,P0,50\nleaf,home,P0,50",
        )
    )
    x = most(built, "produced", plant="works", period="P0")
    assert built.value(x, "produced", plant="works", period="P0") == pytest.approx(60)
