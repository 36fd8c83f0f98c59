"""What every list of objects can do: cells, many rows at once, saved views, pins, choices."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    QueryDict,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core import computed, meanwhile, objects, preferences, remembered, saved, searching
from apps.core.context_processors import allowed
from apps.core.lists import bulk, conditions, fields
from apps.core.lists.columns import NOTHING
from apps.core.lists.screen import MOST_CHOSEN, ListScreen, screen_of
from apps.core.models import BulkJob, FormerView, JobState, SavedView
from apps.core.objects import ChangedMeanwhile, Field, ObjectKind, Refused
from apps.core.tasks import run_bulk_job

UNDO_SECONDS = 600
CHOICES = 8
COUNT_CAP = 10_000
MOST_SIZES = 12


# What a filter can ask ----------------------------------------------------------------------------


@login_required
@require_GET
def filter_fields(request: HttpRequest, kind: str) -> JsonResponse:
    """Return the fields of a kind, and those one step away, for the builder of filters."""
    of = _kind(request, kind, "view")
    offered = [_told(each, "") for each in conditions.fields(of, request.user)]
    for relation in conditions.fields(of, request.user):
        if relation.type != "relation" or not relation.related:
            continue
        behind = objects.kind(relation.related)
        if allowed(request.user, f"{behind.right_object}.view"):
            offered += [
                _told(each, relation.key, str(relation.label))
                for each in conditions.fields(behind, request.user)
            ]
    return JsonResponse(
        {
            "fields": offered,
            "operators": {
                key: {"label": str(each.label), "takes": each.takes}
                for key, each in conditions.OPERATORS.items()
            },
            "of_type": conditions.OF_TYPE,
            "periods": [[key, str(label)] for key, label in conditions.PERIODS.items()],
            "people": [[conditions.ME, _("me")], *(list(each) for each in fields.people())],
            "limits": {"conditions": conditions.MOST, "depth": conditions.DEEPEST},
        }
    )


def _told(each: Field, above: str, group: str = "") -> dict[str, Any]:
    told: dict[str, Any] = {
        "key": f"{above}.{each.key}" if above else each.key,
        "label": str(each.label),
        "type": each.type,
    }
    if group:
        told["group"] = group
    if each.type in ("choice", "choices"):
        told["choices"] = each.offered()
    if each.type == "relation":
        told["kind"] = each.related
    return told


@login_required
@require_GET
def choices(request: HttpRequest, kind: str) -> HttpResponse:
    """Offer rows of a kind by what is typed; ``names`` asks for the names of keys, as JSON.

    ``above`` leaves out a row and all that belong to it: the others can stand above it.
    """
    of = _kind(request, kind, "view")
    named = [key for key in map(_uuid, request.GET.getlist("names")[:100]) if key is not None]
    if named:
        rows = of.rows(request.user).filter(pk__in=named)
        return JsonResponse({str(row.pk): str(row) for row in rows})
    below = _family(of, _uuid(request.GET.get("above", "")))
    found = rows_like(of, request.user, request.GET.get("q", ""), CHOICES, but=below)
    return render(request, "components/list/_choices.html", {"rows": found})


def _family(kind: ObjectKind, key: UUID | None) -> list[UUID]:
    """Return the keys of a row and of all below it, at any depth; none without a key or a tree."""
    tree = next((each for each in kind.fields if each.is_tree), None)
    if tree is None or key is None:
        return []
    names = connection.ops.quote_name
    table = names(kind.model._meta.db_table)
    column = names(cast(Any, kind.model._meta.get_field(tree.source)).column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE below AS (SELECT id FROM {table} WHERE id = %s"  # noqa: S608  (names of ours)
            f" UNION SELECT c.id FROM {table} c JOIN below b ON c.{column} = b.id)"
            " SELECT id FROM below",
            [key],
        )
        return [row[0] for row in cursor.fetchall()]


def rows_like(
    kind: ObjectKind, user: Any, query: str, limit: int, *, but: Sequence[UUID] = ()
) -> Sequence[Any]:
    """Return rows of a kind that fit what is typed; the first ones when nothing is."""
    rows = kind.rows(user)
    rows = rows.exclude(pk__in=but) if but else rows
    names = {each.name for each in kind.model._meta.get_fields()}
    if "is_archived" in names:
        rows = rows.filter(is_archived=False)
    if not query.strip():
        return list(rows.order_by(kind.order, "pk")[:limit])
    if "search_text" in names:
        return searching.best(rows, query, limit=limit, by=user)
    wanted = Q()
    for lookup in kind.search or ([f"{kind.title}__icontains"] if kind.title else []):
        wanted |= Q(**{lookup: query.strip()[:100]})
    return list(rows.filter(wanted).order_by(kind.order, "pk")[:limit]) if wanted else []


# One cell -----------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def cell(request: HttpRequest, kind: str, pk: UUID, field: str) -> HttpResponse:
    """Give the input of a field, or save what was typed and answer with the cell.

    A refusal is answered with the input and its sentence (422); a row that somebody changed
    meanwhile with both values (409), from which the person may go on.
    """
    of = _kind(request, kind, "change")
    one = _field(of, field, request.user)
    row = of.rows(request.user, action="change").filter(pk=pk).first()
    if row is None:
        raise Http404(str(pk))
    computed.give([row], [one], kind=of, user=request.user)
    objects.rights().mask(request.user, [row])
    if not fields.may_edit(of, one):
        text = _("“%(field)s” is not changed here.") % {"field": one.label}
        return _form(request, of, row, one, problems=[text], is_locked=True)
    if request.method == "GET":
        return _form(request, of, row, one)
    values = request.POST.getlist("value")
    former = fields.plain(row, one)
    seen = parse_datetime(request.POST.get("seen", ""))
    try:
        value = fields.typed(one, values)
        fields.require_right(one, value, before=former)
        after = objects.save(of, values={one.key: value}, by=request.user, key=pk, seen=seen)
    except Refused as error:
        problems = [text for texts in error.errors.values() for text in texts]
        return _form(request, of, row, one, typed=values, problems=problems, status=422)
    except ChangedMeanwhile as error:
        row = of.rows(request.user).filter(pk=pk).first() or error.row
        objects.rights().mask(request.user, [row])
        theirs = fields.shown(row, one)
        problems = [
            _("Somebody saved this row meanwhile. It says “%(theirs)s” now.") % {"theirs": theirs}
        ]
        return _form(request, of, row, one, typed=values, problems=problems, status=409)
    fresh = of.rows(request.user).filter(pk=after.pk).first() or after
    objects.rights().mask(request.user, [fresh])
    answer = HttpResponse(_cell_html(request, of, fresh, one))
    if fields.plain(fresh, one) != former:
        answer["HX-Trigger"] = _toast(
            _("“%(field)s” is saved.") % {"field": one.label},
            _undo_of(request, of, fresh, one, former),
        )
    return answer


def _form(
    request: HttpRequest, kind: ObjectKind, row: Any, field: Field, *,
    typed: Sequence[str] | None = None, problems: Sequence[str] = (), status: int = 200,
    is_locked: bool = False,
) -> HttpResponse:  # fmt: skip
    value = fields.plain(row, field)
    if typed is not None:
        value = list(typed) if field.type == "choices" else (typed[-1] if typed else "")
    context = {
        "field": field, "value": value, "choices": _offered(field), "problems": problems,
        "seen": getattr(row, "updated_at", None), "is_locked": is_locked, "kind": kind, "row": row,
        "shown": fields.shown(row, field) if field.type == "relation" else "",
        "multiple": field.type == "choices", "is_current": status != 409,
    }  # fmt: skip
    return render(request, "components/list/_cell_form.html", context, status=status)


def _offered(field: Field) -> list[tuple[str, str]]:
    if field.type == "user":
        return fields.people()
    if field.type == "boolean":
        return [("yes", _("yes")), ("no", _("no"))]
    return field.offered() if field.type in ("choice", "choices") else []


def _cell_html(request: HttpRequest, kind: ObjectKind, row: Any, field: Field) -> str:
    """Return the cell as its list shows it; without a list, the value as a card does."""
    key = request.POST.get("list", "")
    if key:
        try:
            screen: ListScreen = screen_of(key, user=request.user)
        except KeyError:
            raise Http404(key[:60]) from None
        if screen.kind == kind.key:
            found = screen.rows().filter(pk=row.pk).first()
            wanted = request.POST.get("column", "")
            column = next((each for each in screen.columns if each.key == wanted), None)
            if found is not None and column is not None:
                fields.compute([found], [column], kind, request.user)
                screen.prepare([found])
                return column.cell(found)
    column = fields.column_of(field)
    fields.name_related([row], [column], kind, request.user)
    return column.cell(row) or NOTHING


def _undo_of(
    request: HttpRequest, kind: ObjectKind, row: Any, field: Field, former: Any
) -> dict[str, str]:
    token = secrets.token_urlsafe(18)
    kept = {
        "kind": kind.key, "key": str(row.pk), "field": field.key, "former": former,
        "seen": row.updated_at, "user": str(request.user.pk),
    }  # fmt: skip
    cache.set(f"undo:{token}", kept, UNDO_SECONDS)
    return {"label": _("Undo"), "url": reverse("core:undo", args=[token])}


@login_required
@require_POST
def undo(request: HttpRequest, token: str) -> HttpResponse:
    """Bring back what a cell held before it was edited; once, and only for who edited it."""
    kept = cache.get(f"undo:{token[:60]}")
    if not isinstance(kept, dict) or kept["user"] != str(request.user.pk):
        raise Http404("undo")
    of = _kind(request, kept["kind"], "change")
    one = _field(of, kept["field"], request.user)
    cache.delete(f"undo:{token[:60]}")
    answer = HttpResponse(status=204)
    try:
        objects.save(
            of, values={one.key: fields.restored(one, kept["former"])}, by=request.user,
            key=UUID(kept["key"]), seen=kept["seen"],
        )  # fmt: skip
    except ChangedMeanwhile:
        text = _("It was changed since, and stays as it is.")
        answer["HX-Trigger"] = _toast(text, None, level="bad")
        return answer
    except Refused as error:
        text = next((text for texts in error.errors.values() for text in texts), "")
        answer["HX-Trigger"] = _toast(text, None, level="bad")
        return answer
    answer["HX-Trigger"] = _toast(_("It is as it was."), None, changed=True)
    return answer


# Many rows ----------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def bulk_edit(request: HttpRequest, kind: str) -> HttpResponse:
    """Offer what can be changed of many rows; with a POST, change the ticked or all that match."""
    of = _kind(request, kind, "change")
    if request.method == "GET":
        return _bulk_form(request, of)
    key = request.GET.get("list", "")
    address = request.GET.copy()
    address.pop("list", None)
    back = _back(request, of, address.urlencode())
    try:
        screen = screen_of(key, user=request.user, address=address.urlencode())
    except KeyError:
        raise Http404(key[:60]) from None
    if screen.kind != of.key:
        raise Http404(key[:60])
    keys = None
    if request.POST.get("all") != "yes":
        ticked = [_uuid(text) for text in request.POST.getlist("id")[:MOST_CHOSEN]]
        keys = [each for each in ticked if each is not None]
    how = request.POST.get("how", "set")
    try:
        field, value = _asked_change(request, of, how)
        job = bulk.begin(
            kind=of, by=request.user, how=how, field=field, value=value, keys=keys, list_key=key,
            address=address.urlencode(),
        )  # fmt: skip
    except Refused as error:
        text = next((text for texts in error.errors.values() for text in texts), "")
        return _tell(request, back, text)
    except bulk.TooManyRows:
        text = _("More than %(count)d rows match. Narrow the list.") % {"count": bulk.MOST_ROWS}
        return _tell(request, back, text)
    start(job)
    mark = "&" if "?" in back else "?"
    return HttpResponseRedirect(f"{back}{mark}job={job.pk}")


def _bulk_form(request: HttpRequest, of: ObjectKind) -> HttpResponse:
    hidden = conditions.hidden_fields(request.user, of)
    offered = [
        each for each in objects.fields_of(of)
        if fields.may_edit(of, each) and each.key not in hidden and not each.is_unique
    ]  # fmt: skip
    wanted = request.GET.get("field", "")
    field = next((each for each in offered if each.key == wanted), None)
    context = {
        "kind": of, "offered": offered, "field": field, "value": "",
        "choices": _offered(field) if field else [], "multiple": field is not None
        and field.type == "choices",
    }  # fmt: skip
    return render(request, "components/list/_bulk_form.html", context)


def _asked_change(request: HttpRequest, of: ObjectKind, how: str) -> tuple[str, list[str]]:
    """Return the field and the new value as texts, tried once before any row is touched.

    :raises Refused: there is no such way or field, or the value cannot be taken.
    """
    if how not in bulk.WAYS:
        raise Refused({"": [_("Choose what to change.")]})
    if how in ("archive", "restore"):
        if of.archive is None:
            raise Refused({"": [_("This cannot be archived.")]})
        return "", []
    try:
        field = _field(of, request.POST.get("field", ""), request.user)
    except Http404:
        raise Refused({"": [_("Choose what to change.")]}) from None
    if not fields.may_edit(of, field):
        raise Refused({"": [_("“%(field)s” is not changed here.") % {"field": field.label}]})
    if how != "set" and field.type != "choices":
        raise Refused({"": [_("Choose what to change.")]})
    values = request.POST.getlist("value")[:100]
    fields.require_right(field, fields.typed(field, values))
    return field.key, values if field.type == "choices" else values[-1:]


def start(job: BulkJob) -> None:
    """Do few rows at once; let a worker do many."""
    if job.total <= bulk.AT_ONCE:
        bulk.run(job_id=job.pk)
    else:
        transaction.on_commit(lambda: run_bulk_job.delay(job_id=str(job.pk)))


def _tell(request: HttpRequest, back: str, text: str) -> HttpResponse:
    messages.error(request, text)
    return HttpResponseRedirect(back)


def _back(request: HttpRequest, of: ObjectKind, query: str) -> str:
    path = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    if not is_ours or not path.startswith("/"):
        path = reverse(of.list_url_name) if of.list_url_name else "/"
    return f"{path}?{query}" if query else path


@login_required
@require_GET
def job(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say how far a change of many rows is; the page asks again while it is at work."""
    found = _own_jobs(request).filter(pk=pk).first()
    if found is None:
        raise Http404(str(pk))
    return _job(request, found)


@login_required
@require_POST
def undo_job(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a change of many rows back."""
    try:
        found = bulk.begin_undo(job_id=pk, by=request.user, now=timezone.now())
    except BulkJob.DoesNotExist:
        raise Http404(str(pk)) from None
    except bulk.TooLate:
        found = _own_jobs(request).get(pk=pk)
        return _job(request, found)
    start(found)
    return _job(request, BulkJob.objects.get(pk=pk))


def _own_jobs(request: HttpRequest) -> QuerySet[BulkJob]:
    key = request.user.pk
    return BulkJob.objects.filter(user_id=key) if key is not None else BulkJob.objects.none()


def _job(request: HttpRequest, found: BulkJob) -> HttpResponse:
    is_active = found.state in (JobState.WAITING, JobState.RUNNING, JobState.UNDOING)
    count = ngettext(
        "%(done)d of %(total)d row", "%(done)d of %(total)d rows", found.total
    ) % {"done": found.done, "total": found.total}  # fmt: skip
    context = {
        "job": found, "is_active": is_active, "count": count,
        "may_undo": found.state == JobState.DONE and found.done > 0,
        "is_undone": found.state == JobState.UNDONE,
        "reasons": sorted(found.reasons.items(), key=lambda each: -each[1])[:5],
        "portion": round(bulk.portion_of(found)),
    }  # fmt: skip
    answer = render(request, "components/list/_job.html", context)
    if not is_active:
        answer["HX-Trigger"] = "list-changed"
    return answer


# Saved views --------------------------------------------------------------------------------------


@login_required
@require_POST
def save_view(request: HttpRequest, kind: str) -> HttpResponse:
    """Save the state of a list under a name, or over the view in force (``over``)."""
    of = _kind(request, kind, "view")
    back = _back(request, of, "")
    key = request.POST.get("list", "")[:60]
    over = request.POST.get("over", "")
    view_id = _uuid(request.POST.get("view", "")) if over else None
    address = saved.state_of(QueryDict(request.POST.get("address", "")[: saved.LONGEST_ADDRESS]))
    name = request.POST.get("name", "").strip()
    if not name and view_id is None:
        return _tell(request, back, _("A view has a name."))
    now = timezone.now()
    try:
        view = saved.save_view(
            list_key=key, name=name, address=address,
            sharing=request.POST.get("sharing", "private"), by=request.user,
            may_share=allowed(request.user, "views.share"), view_id=view_id, now=now,
            may_change_all=allowed(request.user, "settings.change"),
            seen=meanwhile.seen_of(request.POST.get("seen", "")),
            for_everybody=over == "everybody",
        )  # fmt: skip
    except SavedView.DoesNotExist:
        text = _("This view was deleted meanwhile. What you see can be saved as a new one.")
        return _tell(request, f"{back}?{address or 'view=all'}", text)
    except saved.ViewChanged as error:
        return _tell(request, _address_of(back, error.view, address), _meanwhile_text(error.view))
    except saved.MayNotShare:
        raise PermissionDenied("views.share") from None
    except saved.TooManyViews:
        return _tell(request, back, _("This list has %(count)d views of yours already.")
                     % {"count": saved.MOST_VIEWS})  # fmt: skip
    if view_id is not None:
        former = FormerView.objects.filter(view_id=view.pk, followed_by=view.updated_at).first()
        _tell_with_undo(request, _("The view “%(name)s” is changed.") % {"name": view.name}, former)
    return HttpResponseRedirect(_address_of(back, view, address))


@login_required
@require_POST
def change_view(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete a view, or let everybody see it first (``do``: delete, default, usual)."""
    view = saved.seen_by(request.user).filter(pk=pk).first()
    if view is None:
        raise Http404(str(pk))
    back = _path_back(request)
    do = request.POST.get("do", "")
    if do in ("delete", "delete-for-everybody"):
        try:
            former = saved.delete_view(
                view_id=pk, by=request.user, may_share=allowed(request.user, "views.share"),
                may_change_all=allowed(request.user, "settings.change"), now=timezone.now(),
                seen=meanwhile.seen_of(request.POST.get("seen", "")),
                for_everybody=do == "delete-for-everybody",
            )  # fmt: skip
        except saved.MayNotShare:
            raise PermissionDenied("views.share") from None
        except saved.ViewChanged as error:
            address = _address_of(back, error.view, error.view.address)
            return _tell(request, address, _meanwhile_text(error.view))
        text = _("The view “%(name)s” is deleted.") % {"name": former.name}
        _tell_with_undo(request, text, former)
        return HttpResponseRedirect(f"{back}?view=all")
    if not allowed(request.user, "settings.change"):
        raise PermissionDenied("settings.change")
    try:
        view = saved.make_default(view_id=pk, by=request.user, is_default=do == "default")
    except SavedView.DoesNotExist:
        raise Http404(str(pk)) from None
    return HttpResponseRedirect(_address_of(back, view, view.address))


@login_required
@require_GET
def former_views(request: HttpRequest, kind: str) -> HttpResponse:
    """Show how the views of a list were before they were changed or deleted."""
    of = _kind(request, kind, "view")
    key = request.GET.get("list", "")[:60]
    try:
        screen: ListScreen = screen_of(key, user=request.user)
    except KeyError:
        raise Http404(key) from None
    if screen.kind != of.key:
        raise Http404(key)
    found = saved.former_views(
        key, request.user, may_change_all=allowed(request.user, "settings.change"),
        now=timezone.now(),
    )  # fmt: skip
    names = dict(fields.people())
    back = request.GET.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse(of.list_url_name) if of.list_url_name else "/"
    context = {
        "screen": screen, "back": back, "kept_days": saved.KEPT.days,
        "former": [(each, names.get(str(each.changed_by_id), "")) for each in found],
    }  # fmt: skip
    return render(request, "core/former_views.html", context)


@login_required
@require_POST
def bring_view_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a view be as it was before a change; ``undo`` only while nothing came after it."""
    back = _path_back(request)
    try:
        view = saved.bring_back(
            former_id=pk, by=request.user, now=timezone.now(),
            may_change_all=allowed(request.user, "settings.change"),
            is_undo=request.POST.get("undo") == "yes",
        )  # fmt: skip
    except FormerView.DoesNotExist:
        raise Http404(str(pk)) from None
    except saved.ViewChanged as error:
        address = _address_of(back, error.view, error.view.address)
        return _tell(request, address, _("It was changed since, and stays as it is."))
    messages.success(request, _("The view “%(name)s” is as it was.") % {"name": view.name})
    return HttpResponseRedirect(_address_of(back, view, view.address))


def _address_of(path: str, view: SavedView, address: str) -> str:
    return f"{path}?{address}&view={view.pk}" if address else f"{path}?view={view.pk}"


def _path_back(request: HttpRequest) -> str:
    path = request.POST.get("back", "/")
    is_ours = url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours and path.startswith("/") else "/"


def _meanwhile_text(view: SavedView) -> str:
    """Say that somebody was quicker, and how one goes on."""
    latest = FormerView.objects.filter(view_id=view.pk, followed_by=view.updated_at).first()
    who = dict(fields.people()).get(str(latest.changed_by_id), "") if latest else ""
    if not who:
        return _(
            "The view “%(name)s” was changed meanwhile and stays as it is. Done once more, it is"
            " done all the same."
        ) % {"name": view.name}
    return _(
        "%(who)s changed the view “%(name)s” meanwhile, and it stays so. Done once more, it is done"
        " all the same."
    ) % {"who": who, "name": view.name}


def _tell_with_undo(request: HttpRequest, text: str, former: FormerView | None) -> None:
    """Say what was done with a view; the sentence carries the way back."""
    tag = reverse("core:bring_view_back", args=[former.pk]) if former is not None else ""
    messages.success(request, text, extra_tags=tag)


@login_required
@require_GET
def view_sizes(request: HttpRequest, kind: str) -> HttpResponse:
    """Return how many rows each saved view of a list has now, for its tabs."""
    of = _kind(request, kind, "view")
    key = request.GET.get("list", "")
    views = saved.views_of(key, request.user)[:MOST_SIZES]

    def count(view: SavedView) -> int:
        screen = screen_of(key, user=request.user, address=view.address)
        return 0 if screen.kind != of.key else screen.matched().order_by()[: COUNT_CAP + 1].count()

    try:
        found = saved.sizes(views, count)
    except KeyError:
        raise Http404(key[:60]) from None
    context = {"sizes": [(view, found[view.pk]) for view in views], "cap": COUNT_CAP}
    return render(request, "components/list/_sizes.html", context)


# Side bar, widths, keys ---------------------------------------------------------------------------


@login_required
@require_POST
def pin(request: HttpRequest) -> HttpResponse:
    """Put the page into the side bar, or take it out."""
    url = request.POST.get("url", "")[:2000]
    try:
        remembered.pin(user=request.user, url=url, now=timezone.now())
    except remembered.TooManyPins:
        return _tell(request, url, _("The side bar holds %(count)d pins. Take one out first.")
                     % {"count": remembered.MOST_PINNED})  # fmt: skip
    is_ours = url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    return HttpResponseRedirect(url if is_ours and url.startswith("/") else "/")


@login_required
@require_http_methods(["GET", "POST"])
def side_bar(request: HttpRequest) -> HttpResponse:
    """Show the pins and the latest cards; with a POST, take down the card that is looked at."""
    if request.method == "POST":
        remembered.see(user=request.user, url=request.POST.get("url", "")[:2000],
                       now=timezone.now())  # fmt: skip
    bar = remembered.side_bar(request, fresh=True)
    return render(request, "core/_side_bar.html", {"side_bar": bar})


@login_required
@require_POST
def list_widths(request: HttpRequest) -> HttpResponse:
    """Keep how wide this person made the columns of a list."""
    key = f"widths:{request.POST.get('list', '')}"[:80]
    widths = {}
    for name in list(request.POST)[:100]:
        value = request.POST.get(name, "")
        if name.startswith("w-") and value.isdecimal() and 40 <= int(value[:5]) <= 1200:
            widths[name[2:62]] = int(value)
    person = cast(UUID, request.user.pk)
    if widths:
        preferences.keep(user_id=person, key=key, value=widths)
    else:
        preferences.forget(user_id=person, key=key)
    return HttpResponse(status=204)


# What all of them ask -----------------------------------------------------------------------------


def _kind(request: HttpRequest, key: str, action: str) -> ObjectKind:
    """Return a kind the person may see or change.

    :raises Http404: there is none.
    :raises PermissionDenied: the person may not.
    """
    try:
        found = objects.kind(key)
    except KeyError:
        raise Http404(key[:60]) from None
    if not allowed(request.user, f"{found.right_object}.{action}"):
        raise PermissionDenied(f"{found.right_object}.{action}")
    return found


def _field(kind: ObjectKind, key: str, user: Any) -> Field:
    try:
        found = kind.field(key)
    except KeyError:
        raise Http404(key[:60]) from None
    if found.key in conditions.hidden_fields(user, kind):
        raise Http404(key[:60])
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _toast(
    text: str, undo_by: dict[str, str] | None, *, level: str = "", changed: bool = False
) -> str:
    told: dict[str, Any] = {"toast": {"text": text, "level": level, "undo": undo_by}}
    if changed:
        told["list-changed"] = {}
    return json.dumps(told)
