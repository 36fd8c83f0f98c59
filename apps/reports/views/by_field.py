"""The report by any field: groups, conditions, figures, and the rows behind them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.accounts.rights import needs
from apps.core.lists import conditions, show_list
from apps.core.objects import ObjectKind
from apps.reports import asking, showing
from apps.reports.lists import RowsBehind
from apps.reports.models import ReportKind
from apps.reports.selectors import by_field
from apps.reports.views.common import bounded, file_of, shared

MOST_BARS = 100
COUNT_CAP = 10_000


@require_safe
@needs("reports.view")
@bounded
def report(request: HttpRequest) -> HttpResponse:
    """Show the rows of any object grouped by any field of theirs, own ones too (G048)."""
    found = file_of(request, ReportKind.FIELDS)
    if found is not None:
        return found
    was, wanted = request.GET.get("was", ""), request.GET.get("of", "")
    if was and was != wanted:  # another object: its fields are others
        return redirect(f"{reverse('reports:fields')}?{urlencode({'of': wanted})}")
    user = request.user
    asked = asking.asked_by_field(user, request.GET)
    ask = asked.ask
    if request.GET.get("part") == "count":  # asked by the builder of conditions
        number = by_field.counted(user, ask)[: COUNT_CAP + 1].count() if ask else 0
        counted = {"number": number, "cap": COUNT_CAP}
        return render(request, "components/list/_count.html", counted)
    answer = by_field.analyse(user, ask) if ask is not None else by_field.Answer()
    context = shared(request, ReportKind.FIELDS) | {
        "asked": asked, "ask": ask, "kind": asked.kind, "kinds": by_field.kinds(user),
        "answer": answer, "rows": _group_rows(asked, answer),
        "steps": list(by_field.STEPS.items()),
    }  # fmt: skip
    if asked.kind is not None:
        context |= {
            "ways": _ways(asked.kind, user), "chosen_way": ask.by.key if ask else "",
            "figures": _figures(asked.kind, user, request.GET),
        }  # fmt: skip
    if ask is not None:
        has_currency = any(each.is_of_currencies for each in ask.measures)
        context |= {
            "chips": _chips(request, ask), "has_currency": has_currency,
            "trend": _trend(ask, answer) if ask.is_in_time else None,
            "tiles": _tiles(asked, answer.total), "all_url": asked.rows_url(""),
        }  # fmt: skip
    return render(request, "reports/by_field.html", context)


@require_safe
@needs("reports.view")
@bounded
def rows(request: HttpRequest) -> HttpResponse:
    """Show the rows behind a figure of a report by a field."""
    asked = asking.asked_by_field(request.user, request.GET)
    if asked.ask is None:  # the report says why it cannot be counted
        return redirect(f"{reverse('reports:fields')}?{asked.kept}")
    screen = RowsBehind(request, asked.ask)
    names = (*asking.NAMES["fields"], "at", "amount")
    context = {
        "report_url": f"{reverse('reports:fields')}?{asked.kept}",
        "kept": [(each, request.GET[each]) for each in names
                 if request.GET.get(each) and each != "sort"],
    }  # fmt: skip
    return show_list(request, screen, template="reports/list.html", context=context)


def _group_rows(asked: asking.AskedByField, answer: by_field.Answer) -> list[dict[str, Any]]:
    ask = asked.ask
    if ask is None:
        return []
    return [
        {
            "group": group, "name": showing.group_name(group, ask),
            "url": asked.rows_url(group.at),
            "figures": [
                (measure.label, showing.figure(value, measure, ask.currency),
                 asked.rows_url(group.at, measure.key))
                for value, measure in zip(group.figures, ask.measures, strict=True)
            ],
        }
        for group in answer.groups
    ]  # fmt: skip


def _tiles(asked: asking.AskedByField, total: by_field.Group) -> list[tuple[str, Any, str]]:
    """Return what all rows come to: label, figure, and the address of the rows."""
    ask = asked.ask
    if ask is None:
        return []
    return [
        (measure.label, showing.figure(value, measure, ask.currency),
         asked.rows_url("", measure.key))
        for value, measure in zip(total.figures, ask.measures, strict=True)
    ]  # fmt: skip


def _ways(kind: ObjectKind, user: Any) -> list[tuple[str, list[by_field.Way]]]:
    """Return by what can be grouped: the fields of the rows, then relation by relation."""
    groups: dict[str, list[by_field.Way]] = {}
    for each in by_field.ways(kind, user):
        title = str(kind.label if len(each.steps) == 1 else each.steps[0].label)
        groups.setdefault(title, []).append(each)
    return list(groups.items())


def _figures(kind: ObjectKind, user: Any, values: Any) -> list[tuple[str, str, list[Any]]]:
    """Return the three choices of figures: parameter, what is chosen, what there is to choose."""
    groups: dict[str, list[by_field.Measure]] = {}
    for each in by_field.measures(kind, user):
        groups.setdefault(str(each.of.label), []).append(each)
    return [(name, values.get(name, ""), list(groups.items())) for name in asking.FIGURES]


def _chips(request: HttpRequest, ask: by_field.Ask) -> list[tuple[str, str]]:
    """Return what each condition says, and the filter without it."""
    group = ask.condition
    if group is None:
        return []
    names = conditions.names_in(group, request.user)
    if group.is_any:
        return [(conditions.sentence(group, names), "")]
    chips = []
    for part in group.parts:
        rest = tuple(each for each in group.parts if each is not part)
        without = conditions.written(conditions.Group(False, rest))
        chips.append((conditions.sentence(part, names), without))
    return chips


def _trend(ask: by_field.Ask, answer: by_field.Answer) -> dict[str, Any]:
    """Return the picture of groups in time, the earliest first; gaps are bars of nothing."""
    known = {group.key: group for group in answer.groups if group.key is not None}
    days = by_field.steps_between(min(known), max(known), ask.step) if known else []
    days = days[-MOST_BARS:]
    marks = showing.marks(days, ask.step)
    bars = [
        {
            "x": place * 20 + 2, "mark": marks[place],
            "now": known[day].share if day in known else 0,
            "y": 104 - (known[day].share if day in known else 0),
            "name": showing.step_name(day, ask.step),
            "figure": showing.measured(known[day], ask) if day in known else "0",
        }
        for place, day in enumerate(days)
    ]  # fmt: skip
    return {"bars": bars, "width": max(len(bars), 1) * 20}
