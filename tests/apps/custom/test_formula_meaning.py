"""Whatever formula is typed: the database comes to what plain Python comes to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.core.objects import Field
from apps.custom.formulas.checking import typed
from apps.custom.formulas.compiling import compiled
from apps.custom.formulas.syntax import FormulaProblem, parse
from apps.custom.models import CustomObject, CustomRow
from tenants.models import Company
from tests.apps.custom.by_hand import evaluated

TODAY = date(2026, 11, 28)
FIELDS = {
    key: Field(key, key, type_, path=f"custom__{key}", is_custom=True)  # type: ignore[arg-type]
    for key, type_ in (
        ("x_price", "number"), ("x_number", "number"), ("x_day", "date"), ("x_until", "date"),
        ("x_word", "text"), ("x_flag", "boolean"),
    )
}  # fmt: skip
_whole = st.integers(-10_000, 10_000)
_figures = st.one_of(_whole, st.decimals(-9999, 9999, places=3).map(float))
_days = st.dates(date(1, 1, 1), date(9999, 12, 31))
_words = st.text(st.sampled_from("abЖ'\"%{} 1"), max_size=5)
ROWS = st.fixed_dictionaries({
    "x_price": st.none() | _figures, "x_number": st.none() | _figures, "x_day": st.none() | _days,
    "x_until": st.none() | _days, "x_word": st.none() | _words.map(str.strip),
    "x_flag": st.none() | st.booleans(),
})  # fmt: skip


def _either(*found: str) -> st.SearchStrategy[str]:
    return st.sampled_from(found)


@st.composite
def formulas(draw: Any, type_: str, depth: int = 3) -> str:
    """Draw the text of a formula of a type."""
    if depth == 0 or draw(st.integers(0, 4)) == 0:
        return str(draw(_LEAVES[type_]))

    def part(of: str) -> str:
        return str(draw(formulas(of, depth - 1)))

    shape = draw(_either(*_SHAPES[type_], *_SHAPES["any"]))
    made = shape
    for name in ("N", "D", "T", "B"):
        while f"<{name}>" in made:
            made = made.replace(f"<{name}>", part(_NAMES[name]), 1)
    while "<S>" in made:
        made = made.replace("<S>", part(type_), 1)
    return made


_NAMES = {"N": "number", "D": "date", "T": "text", "B": "boolean"}
_LEAVES: dict[str, st.SearchStrategy[str]] = {
    "number": st.one_of(
        _either("x_price", "x_number", "0", "0.5", "7", "1000000"),
        st.integers(0, 999).map(str),
    ),
    "date": _either("x_day", "x_until", "today()"),
    "text": st.one_of(
        _either("x_word", '""', "'it''s'"),
        _words.map(lambda text: '"' + text.replace('"', '""') + '"'),
    ),
    "boolean": _either("x_flag", "true", "false"),
}
_SHAPES = {
    "any": ["if(<B>, <S>, <S>)", "if(<B>, <S>)", "coalesce(<S>, <S>)", "(<S>)"],
    "number": ["<N> + <N>", "<N> - <N>", "(<N>) * (<N>)", "(<N>) / (<N>)", "-(<N>)", "round(<N>)",
               "round(<N>, 2)", "min(<N>, <N>)", "max(<N>, <N>, <N>)", "((<D>) - (<D>))",
               "days(<D>, <D>)"],
    "date": ["(<D>) + (<N>)", "(<D>) - (<N>)", "min(<D>, <D>)", "max(<D>, <D>)"],
    "text": ["(<T>) & (<T>)", "(<N>) & (<T>)", "(<D>) & (<N>)"],
    "boolean": ["(<N>) = (<N>)", "(<N>) <> (<N>)", "(<N>) < (<N>)", "(<D>) >= (<D>)",
                "(<T>) = (<T>)", "(<T>) <> (<T>)", "(<B>) and (<B>)", "(<B>) or (<B>)",
                "not (<B>)", "empty(<N>)", "empty(<T>)", "empty(<D>)"],
}  # fmt: skip


@pytest.fixture
def row(company: Company) -> CustomRow:
    kind = CustomObject.objects.create(key="o_things", label="Thing", label_plural="Things")
    return CustomRow.objects.create(kind=kind, name="Thing")


def _by_database(text: str, values: dict[str, Any], row: CustomRow) -> Any:
    kept = {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in values.items() if value is not None
    }  # fmt: skip
    CustomRow.objects.filter(pk=row.pk).update(custom=kept)
    expression = compiled(typed(parse(text), FIELDS), path="", user=None, today=TODAY)
    return CustomRow.objects.filter(pk=row.pk).values_list(expression, flat=True).get()


def _by_hand(text: str, values: dict[str, Any]) -> Any:
    known = {key: None if value == "" else value for key, value in values.items()}
    with localcontext(prec=200):
        return evaluated(parse(text), known, TODAY)


@pytest.mark.parametrize("type_", ["number", "date", "text", "boolean"])
@settings(
    max_examples=120, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(data=st.data())
def test_the_database_comes_to_what_python_comes_to(
    row: CustomRow, type_: str, data: st.DataObject
) -> None:
    """G048: a formula means the same in the database and in plain Python."""
    text, values = data.draw(formulas(type_)), data.draw(ROWS)

    found = _by_database(text, values, row)

    wanted = _by_hand(text, values)
    assert (Fraction(found) if isinstance(found, Decimal) else found) == wanted


def place_of_problem(text: str) -> int:
    """Return the column a formula is refused at; 0 when it is none."""
    try:
        typed(parse(text), FIELDS)
    except FormulaProblem as problem:
        return problem.column
    return 0


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("x_price[]()+-*/&=<>\"' ,.1ifand\n¤"), max_size=40))
def test_whatever_is_typed_is_read_or_refused_with_its_place(text: str) -> None:
    assert place_of_problem(text) in range(len(text) + 2)


@pytest.mark.parametrize("text", ["x_day + 1000000 * 1000000", "x_day - 1000000 * 1000000"])
def test_a_day_no_calendar_has_is_empty_though_it_is_reckoned_beforehand(
    row: CustomRow, text: str
) -> None:
    """G048: what is constant in a formula is reckoned while the statement is planned."""
    assert _by_database(text, {"x_day": date(2026, 3, 9)}, row) is None
