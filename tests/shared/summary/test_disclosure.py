"""Nothing small can be worked out of the external edition, neither by sums nor by knowing how it is made."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

import pytest

from shared.domain.vocabulary import CallOutcome, Category, Disposition, Mode
from shared.summary.disclosure import FEW, Range, Shown, meant, shown, steps
from shared.summary.external import (
    DISPOSITION,
    LEAST,
    NEVER_CHOSE,
    NOT_SAID,
    OUTCOME,
    Month,
    ShownMonth,
    show_forces,
    show_month,
    show_since_launch,
)
from tests.support.attacker import MANY, Attacker

OUTCOMES = [outcome.value for outcome in CallOutcome]


@pytest.mark.parametrize(
    ("n", "cell"),
    [(0, 0), (1, FEW), (4, FEW), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (1988, 1990), (867, 865)],
)
def test_small_numbers_are_suppressed_and_others_rounded_to_5(n: int, cell: Shown) -> None:
    assert shown(n) == cell
    assert meant(cell).low <= n <= meant(cell).high


@pytest.mark.parametrize("cell", [0, FEW, 5, 10, 15])
def test_what_a_cell_means_is_every_number_shown_so(cell: Shown) -> None:
    assert [n for n in range(40) if shown(n) == cell] == list(range(meant(cell).low, meant(cell).high + 1))


def test_numbers_rounded_alike_stay_together_unless_that_is_unsafe() -> None:
    everything_safe = steps(Range(3, 14), lambda within: True, near=3)
    alone_unsafe = steps(Range(2, 8), lambda within: within.low != within.high, near=2)

    assert everything_safe == [(Range(3, 4), FEW), (Range(5, 7), 5), (Range(8, 12), 10), (Range(13, 14), 15)]
    assert alone_unsafe == [(Range(2, 4), FEW), (Range(5, 8), 5)]


def test_two_few_s_do_not_become_known_by_their_total() -> None:
    four_and_four = Month("2026-01", 8, {"outcome": {"answered": 4, "closed": 4}}, 0)

    seen = show_month(four_and_four, least=5)

    assert shown(8) == 10  # rounded plainly, it could only be 4 and 4
    assert seen.calls == 5


# --- the attack: sums, over every edition there was ------------------------------------------------------------------


def a_month(dice: random.Random, name: str, calls: int) -> Month:
    """Calls that each went some way; what is chosen seldom is chosen seldom."""
    outcomes = cells(dice, OUTCOMES, calls)
    answered = outcomes["answered"]
    could_choose = sum(n for outcome, n in outcomes.items() if outcome not in NEVER_CHOSE)
    margins = {
        "outcome": outcomes,
        "mode": cells(dice, [mode.value for mode in Mode], could_choose),
        "category": cells(dice, [category.value for category in Category], could_choose),
        DISPOSITION: cells(dice, [*(each.value for each in Disposition), NOT_SAID], answered),
    }
    return Month(name, calls, margins, dice.randrange(0, max(2, calls // 2)))


def cells(dice: random.Random, values: list[str], n: int) -> dict[str, int]:
    weights = [dice.random() ** 3 + 0.001 for _ in values]
    drawn = dice.choices(values, weights, k=n)
    return {value: drawn.count(value) for value in values}


def history(dice: random.Random, quarters: int, calls: int) -> list[Month]:
    return [
        a_month(dice, f"{2026 + i // 12}-{i % 12 + 1:02}", dice.randrange(calls // 2, calls + 1))
        for i in range(3 * quarters)
    ]


def attacked(months: list[Month], least: int = LEAST) -> Attacker:
    """In the order in which it was all published: three months, then the totals since launch, and so on."""
    attacker = Attacker()
    for quarter in range(len(months) // 3):
        for month in months[3 * quarter : 3 * quarter + 3]:
            sees_month(attacker, show_month(month, least), least)
        totals = show_since_launch(months[: 3 * quarter + 3], least)
        assert totals is not None
        for what, cell in (("calls", totals.calls), ("taken", totals.taken)):
            total, before = f"{what} {quarter}", [f"{what} {quarter - 1}"] * (quarter > 0)
            names = [month.name for month in months[3 * quarter : 3 * quarter + 3]]
            attacker.knows_the_sum(total, [*before, *(f"{name} {what}" for name in names)])
            attacker.sees_total(total, cell)
    return attacker


def sees_month(attacker: Attacker, seen: ShownMonth, least: int) -> None:
    if seen.margins:
        attacker.ranges[f"{seen.name} calls"] = (least - 2, MANY)
    attacker.sees(f"{seen.name} taken", seen.taken)
    for margin, values in seen.margins.items():
        for value, cell in values.items():
            attacker.sees(f"{seen.name} {margin} {value}", cell)
        names = {value: f"{seen.name} {margin} {value}" for value in values}
        if margin == OUTCOME:
            never_chose = [name for value, name in names.items() if value in NEVER_CHOSE]
            attacker.knows_the_sum(f"{seen.name} calls", [f"{seen.name} could choose", *never_chose])
            others = [name for value, name in names.items() if value not in NEVER_CHOSE]
            attacker.knows_the_sum(f"{seen.name} could choose", others)
        else:
            whole = "outcome answered" if margin == DISPOSITION else "could choose"
            attacker.knows_the_sum(f"{seen.name} {whole}", list(names.values()))
    attacker.sees_total(f"{seen.name} calls", seen.calls)


def test_a_random_quarter_gives_nothing_away_integer_by_integer() -> None:
    seed = random.SystemRandom().randrange(10**9)
    months = history(random.Random(seed), quarters=1, calls=140)

    attacker = attacked(months)

    assert attacker.suppressed, seed
    assert attacker.recovered() == {}, seed


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(("calls", "least"), [(6, 5), (25, 5), (40, LEAST)])
def test_quiet_quarters_one_upon_another_give_nothing_away(seed: int, calls: int, least: int) -> None:
    attacker = attacked(history(random.Random(seed), quarters=2, calls=calls), least)

    assert attacker.recovered() == {}


def test_the_same_attack_takes_an_edition_with_plain_totals_apart() -> None:
    taken_apart = 0
    for seed in range(12):
        month = a_month(random.Random(seed), "2026-01", 25)
        attacker = Attacker()
        attacker.ranges["2026-01 calls"] = (month.calls, month.calls)
        attacker.ranges["2026-01 outcome answered"] = (month.margins["outcome"]["answered"],) * 2
        attacker.ranges["2026-01 could choose"] = (sum(month.margins["category"].values()),) * 2
        for margin in ("outcome", DISPOSITION, "category"):
            names = [f"2026-01 {margin} {value}" for value in month.margins[margin]]
            for name, n in zip(names, month.margins[margin].values(), strict=True):
                if name not in attacker.ranges:
                    attacker.ranges[name] = (1, 4) if 1 <= n <= 4 else (n, n)
                    attacker.suppressed |= {name} if 1 <= n <= 4 else set()
            wholes = {"outcome": "2026-01 calls", DISPOSITION: "2026-01 outcome answered"}
            attacker.knows_the_sum(wholes.get(margin, "2026-01 could choose"), names)
        taken_apart += len(attacker.recovered())

    assert taken_apart > 0


def test_the_same_attack_finds_what_plain_rounding_gives_away() -> None:
    attacker = Attacker()
    for name in ("answered", "closed"):
        attacker.sees(name, shown(4))
    attacker.sees("calls", shown(8))
    attacker.knows_the_sum("calls", ["answered", "closed"])

    assert attacker.recovered() == {"answered": 4, "closed": 4}


def choices_of_all_calls(answered: int, closed: int, categories: list[int]) -> Attacker:
    """An edition in which a call to a closed line is one with no category, as everybody knows that it is."""
    attacker = Attacker()
    outcomes, chosen = {"answered": answered, "closed": closed}, {f"c{i}": n for i, n in enumerate(categories)}
    for name, n in (*outcomes.items(), *chosen.items(), ("unset", closed)):
        attacker.sees(name, shown(n))
    attacker.knows_the_sum("calls", list(outcomes))
    attacker.knows_the_sum("calls", [*chosen, "unset"])
    attacker.sees_total("calls", shown(answered + closed))
    attacker.knows_the_sum("unset", ["closed", "unset, let in"])
    return attacker


def test_the_same_attack_finds_what_choices_of_calls_to_a_closed_line_give_away() -> None:
    attacker = choices_of_all_calls(4, 25, [1, 1, 1, 1])

    assert attacker.recovered() == {"answered": 4, "c0": 1, "c1": 1, "c2": 1, "c3": 1}


def test_a_month_that_was_mostly_closed_says_nothing_of_what_its_few_answered_calls_were_about() -> None:
    categories = {"unset": 0, **{category.value: 1 for category in list(Category)[1:5]}}
    outcomes = {"answered": 4, "closed": 25}

    seen = show_month(Month("2026-01", 29, {"outcome": outcomes, "category": categories}, 0))

    assert dict(seen.margins) == {"outcome": {"answered": FEW, "closed": 25}}
    assert show_forces({"kent": 1, "essex": 1, "surrey": 1}, [seen]) is None


def test_seven_days_beside_their_week_are_why_no_day_leaves() -> None:
    attacker = Attacker()
    for day in range(7):
        attacker.sees(f"day {day}", shown(1))
    attacker.ranges["week"] = (7, 7)
    attacker.knows_the_sum("week", [f"day {day}" for day in range(7)])

    assert len(attacker.recovered()) == 7


# --- the attack: every world there could be ---------------------------------------------------------------------------

World = Mapping[str, int]


def given_away(worlds: Iterable[tuple[object, int, World]], complete_to: int) -> list[tuple[object, str]]:
    """Of worlds that look alike from outside: the numbers from 1 to 4 that are the same in all of them.

    Each comes with its size. Looks with a larger world than ``complete_to`` are left out: not all of theirs were tried.
    """
    alike: dict[object, list[tuple[int, World]]] = defaultdict(list)
    for look, size, world in worlds:
        alike[look].append((size, world))
    return [
        (look, name)
        for look, same in alike.items()
        if max(size for size, _ in same) <= complete_to
        for name, n in same[0][1].items()
        if n in range(1, 5) and len({world[name] for _, world in same}) == 1
    ]


def splits(n: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Every way in which so many parts add up to n."""
    if parts == 1:
        yield (n,)
        return
    for first in range(n + 1):
        yield from ((first, *rest) for rest in splits(n - first, parts - 1))


def look(seen: ShownMonth) -> object:
    return repr((seen.calls, seen.margins, seen.taken))


def small_month(outcome: World, category: tuple[int, ...]) -> tuple[object, int, World]:
    margins = {"outcome": outcome, "category": named("c", category)}
    month = Month("2026-01", sum(outcome.values()), margins, 0)
    world = {"calls": month.calls, **outcome, **margins["category"]}
    return look(show_month(month, least=5)), month.calls, world


def test_no_small_month_is_alone_in_how_it_looks() -> None:
    def worlds() -> Iterator[tuple[object, int, World]]:
        for calls in range(13):
            for outcome, category in product(splits(calls, 2), splits(calls, 4)):
                yield small_month({"answered": outcome[0], "overflow": outcome[1]}, category)

    assert given_away(worlds(), complete_to=7) == []


@pytest.mark.parametrize("never_chose", sorted(NEVER_CHOSE))
def test_nor_is_a_small_month_with_calls_in_which_nothing_can_have_been_chosen(never_chose: CallOutcome) -> None:
    def worlds() -> Iterator[tuple[object, int, World]]:
        for calls in range(14):
            for answered, others in splits(calls, 2):
                for category in splits(answered, 4):
                    yield small_month({"answered": answered, never_chose: others}, category)

    assert given_away(worlds(), complete_to=8) == []


def test_trying_every_world_finds_what_plain_rounding_gives_away() -> None:
    def worlds() -> Iterator[tuple[object, int, World]]:
        for calls in range(20):
            for outcome in splits(calls, 2):
                yield (shown(calls), *map(shown, outcome)), calls, {"calls": calls, **named("o", outcome)}

    assert ((10, FEW, FEW), "o0") in given_away(worlds(), complete_to=15)


def test_no_small_month_is_alone_in_how_it_looks_by_what_answered_calls_came_to() -> None:
    def worlds() -> Iterator[tuple[object, int, World]]:
        for calls in range(15):
            for answered, other in splits(calls, 2):
                for dispositions in splits(answered, 3):
                    outcome = {"answered": answered, "o1": other}
                    margins = {"outcome": outcome, DISPOSITION: named("d", dispositions)}
                    month = Month("2026-01", calls, margins, 0)
                    seen = look(show_month(month, least=5))
                    yield seen, calls, {"calls": calls, **outcome, **margins[DISPOSITION]}

    assert given_away(worlds(), complete_to=9) == []


@pytest.mark.parametrize("names", [("2026-02", "2026-03"), ("2026-03", "2026-06")])
@pytest.mark.parametrize("least", [5, LEAST])
def test_no_small_months_are_alone_in_how_they_and_their_totals_look(names: tuple[str, str], least: int) -> None:
    def worlds() -> Iterator[tuple[object, int, World]]:
        for cells in product(range(7), repeat=4):
            parts = [named(f"{name} ", pair) for name, pair in zip(names, (cells[:2], cells[2:]), strict=True)]
            months = [
                Month(name, sum(part.values()), {"outcome": part}, 0) for name, part in zip(names, parts, strict=True)
            ]
            totals = [show_since_launch(months[:n], least) for n in (1, 2)]
            seen = tuple(look(show_month(month, least)) for month in months)
            world = {f"{month.name} calls": month.calls for month in months}
            shown_totals = tuple(total and total.calls for total in totals)
            yield (seen, shown_totals), max(cells), {**world, **parts[0], **parts[1]}

    assert given_away(worlds(), complete_to=4) == []


def test_no_small_year_is_alone_in_how_it_looks_by_force() -> None:
    def worlds() -> Iterator[tuple[object, int, World]]:
        for calls in range(16):
            for kent, essex, _ in splits(calls, 3):
                for closed in range(calls - kent - essex + 1):
                    outcome = {"answered": calls - closed, "closed": closed}
                    seen = show_month(Month("2026-01", calls, {"outcome": outcome}, 0), least=5)
                    forces = {"kent": kent, "essex": essex}
                    looks = look(seen), repr(show_forces(forces, [seen]))
                    yield looks, calls, {"calls": calls, **outcome, **forces}

    assert given_away(worlds(), complete_to=9) == []


def named(letter: str, cells: tuple[int, ...]) -> dict[str, int]:
    return {f"{letter}{i}": n for i, n in enumerate(cells)}


# --- it stays as it was -----------------------------------------------------------------------------------------------


def test_totals_since_launch_stay_as_they_were_when_later_months_come() -> None:
    months = history(random.Random(4), quarters=3, calls=60)

    first = show_since_launch(months[:3])

    for later in (4, 5):
        again = show_since_launch(months[:later])
        assert (again.calls, again.taken) == (first.calls, first.taken)


def test_totals_are_near_the_truth() -> None:
    for seed in range(20):
        months = history(random.Random(seed), quarters=2, calls=130)

        totals = show_since_launch(months)

        assert abs(int(totals.calls) - sum(month.calls for month in months)) <= 5
        assert all(abs(int(show_month(month).calls) - month.calls) <= 5 for month in months)
        assert all(show_month(month).margins for month in months)


def test_a_margin_that_does_not_add_up_is_not_shown() -> None:
    outcome, mode = {"answered": 30, "closed": 11}, {"anonymous": 40}

    seen = show_month(Month("2026-01", 41, {"outcome": outcome, "mode": mode, DISPOSITION: {"report": 31, "": -1}}, 0))

    assert (seen.calls, dict(seen.margins)) == (40, {"outcome": {"answered": 30, "closed": 10}})


def test_before_the_first_quarter_is_over_there_are_no_totals() -> None:
    months = history(random.Random(1), quarters=1, calls=60)

    assert show_since_launch(months[:2]) is None
    assert show_since_launch([]) is None
