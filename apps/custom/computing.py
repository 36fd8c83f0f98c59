"""Fields that are computed of others, as the registry of kinds knows them.

What an administrator says is the ``recipe`` of the field: ``{"formula": "x_price * x_number"}``;
``{"through": "counterparty", "field": "x_segment"}`` for a field of the object a relation leads
to; ``{"kind": "o_equipment", "through": "counterparty", "how": "sum", "field": "x_price",
"only": ["x_state", "any", "works"]}`` for a figure over the rows that lead here.

Fields may be made of computed ones, of their own kind and of others; those that would be made of
themselves, or of what is not there any more, are not offered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core import computed, objects
from apps.core.objects import Field
from apps.custom import related
from apps.custom.formulas.checking import Typed, typed
from apps.custom.formulas.compiling import compiled
from apps.custom.formulas.indexing import is_indexable
from apps.custom.formulas.syntax import FormulaProblem, Name, names_in, parse, renamed
from apps.custom.models import COMPUTED, CustomField

MOST_PARTS, MOST_DEPTH = 1500, 60


class CannotCompute(ValueError):
    """A field cannot be computed; the text is a sentence for the administrator."""


class Computing:
    """The fields of all kinds with what is computed of them, made when they are asked for.

    ``rows`` are the fields of administrators by kind in their order, ``plain`` makes one that is
    not computed, ``own`` names the fields of the rooms.
    """

    def __init__(
        self, rows: Mapping[str, Sequence[CustomField]], *,
        plain: Callable[[CustomField], Field], own: Callable[[str], Sequence[Field]],
    ) -> None:  # fmt: skip
        self._rows, self._plain, self._own = rows, plain, own
        self._made: dict[tuple[str, str], Field | CannotCompute] = {}
        self._at_work: list[tuple[str, str]] = []

    def fields(self, kind: str) -> list[Field]:
        """Return what administrators added to a kind, in order, without what cannot be computed."""
        found = [self._of(row) for row in self._rows.get(kind, ())]
        return [each for each in found if isinstance(each, Field)]

    def all_of(self, kind: str) -> dict[str, Field]:
        """Return every field of a kind by key."""
        return {each.key: each for each in [*self._own(kind), *self.fields(kind)]}

    def field(self, row: CustomField) -> Field:
        """Return an administrator's field.

        :raises CannotCompute: it is made of what is not there, or of itself.
        :raises FormulaProblem: its formula cannot be read.
        """
        found = self._of(row)
        if isinstance(found, CannotCompute):
            raise found.__cause__ or found
        return found

    def _of(self, row: CustomField) -> Field | CannotCompute:
        name = (row.kind, row.key)
        if name in self._at_work:
            return CannotCompute(_("“%(field)s” would be made of itself.") % {"field": row.label})
        if name not in self._made:
            if row.type not in COMPUTED:
                self._made[name] = self._plain(row)
                return self._made[name]
            self._at_work.append(name)
            try:
                self._made[name] = _MAKERS[row.type](self, row)
            except CannotCompute as problem:
                self._made[name] = problem
            except FormulaProblem as problem:
                self._made[name] = CannotCompute(str(problem))
                self._made[name].__cause__ = problem  # type: ignore[union-attr]
            finally:
                self._at_work.remove(name)
        return self._made[name]

    def named(self, kind: str, key: str, *, by: CustomField) -> Field:
        """Return a field another one is made of.

        :raises CannotCompute: there is none, or it is made of the other one.
        """
        row = next((each for each in self._rows.get(kind, ()) if each.key == key), None)
        found: Field | CannotCompute | None
        if row is not None:
            found = self._of(row)
        else:
            found = next((each for each in self._own(kind) if each.key == key), None)
        if found is None:
            raise CannotCompute(
                _("What “%(field)s” is made of is not there any more.") % {"field": by.label}
            )
        if isinstance(found, CannotCompute):
            raise found
        return found

    def formula(self, row: CustomField) -> Field:
        """Return the field of a formula."""
        node = parse(row.recipe.get("formula", ""))
        known = {each.key: each for each in self._own(row.kind)}
        for other in self._rows.get(row.kind, ()):
            known[other.key] = self._plain(other)
        # Only what is named is made: another field that cannot be computed does no harm here.
        wanted = {name.name for name in names_in(node)} & known.keys()
        for other in self._rows.get(row.kind, ()):
            if other.key in wanted:
                known[other.key] = self.named(row.kind, other.key, by=row)
        tree = typed(node, known)
        if tree.size > MOST_PARTS or tree.depth > MOST_DEPTH:
            raise CannotCompute(
                _("“%(field)s” computes too much at once. Make it shorter.")
                % {"field": row.label}
            )
        try:
            is_indexed = is_indexable(tree, objects.kind(row.kind).model)
        except KeyError:  # of an object that is out of use
            is_indexed = False
        return computed_field(
            row, tree.type, partial(_formula, tree, is_indexed), weight=tree.size,
            made_of=[(row.kind, each) for each in _fields_in(tree)],
            is_sensitive=any(each.is_sensitive for each in _fields_in(tree)),
        )  # fmt: skip


    def lookup(self, row: CustomField) -> Field:
        """Return the field of the object that a relation leads to."""
        through = self.named(row.kind, row.recipe.get("through", ""), by=row)
        target = self.named(through.related, row.recipe.get("field", ""), by=row)
        if not related.leads(through) or not related.can_be_shown(target):
            raise CannotCompute(
                _("What “%(field)s” is made of is not there any more.") % {"field": row.label}
            )
        of = objects.kind(through.related)
        made = computed_field(
            row, target.type, partial(related.value_of_related, through, of, target),
            made_of=[(row.kind, through), (of.key, target)], weight=target.weight + 1,
            is_sensitive=through.is_sensitive,
        )  # fmt: skip
        return replace(made, choices=target.choices, related=target.related)


    def rollup(self, row: CustomField) -> Field:
        """Return the figure over the rows of another kind that lead to the row."""
        recipe = row.recipe
        lost = CannotCompute(
            _("What “%(field)s” is made of is not there any more.") % {"field": row.label}
        )
        through = self.named(recipe.get("kind", ""), recipe.get("through", ""), by=row)
        of, how = objects.kind(recipe["kind"]), recipe.get("how", "")
        if not related.leads(through) or through.related != row.kind or how not in related.HOW:
            raise lost
        sources = [through]
        target = None
        if how != "count":
            target = self.named(of.key, recipe.get("field", ""), by=row)
            if not related.can_be_totalled(target, how):
                raise lost
            sources.append(target)
        only = tuple(recipe.get("only") or ())
        if only:
            narrowing = self.named(of.key, only[0], by=row)
            if not related.may_narrow(narrowing, only):
                raise CannotCompute(
                    _("“%(field)s” asks for a choice that “%(by)s” does not offer.")
                    % {"field": row.label, "by": narrowing.label}
                )
            sources.append(narrowing)
        total = related.Total(of, through, how, target, only)
        return computed_field(
            row, total.type, partial(related.total_of_related, total),
            made_of=[(of.key, each) for each in sources], is_sensitive=False,
            weight=sum(each.weight for each in sources) + 1,
        )  # fmt: skip


def computed_field(
    row: CustomField, type_: str, expression: Callable[[Any, str], Any], *,
    made_of: Sequence[tuple[str, Field]], is_sensitive: bool, weight: int,
) -> Field:  # fmt: skip
    """Return a field as every generic door knows it: read, filtered and sorted, never written."""
    sources = {(kind, each.key) for kind, each in made_of}
    return Field(
        key=row.key,
        label=row.label,
        type=type_,  # type: ignore[arg-type]
        read=partial(computed.read, row.key),
        computed=expression,
        made_of=frozenset(sources.union(*(each.made_of for _kind, each in made_of))),
        weight=weight,
        is_writable=False,
        is_sortable=True,
        is_sensitive=is_sensitive,
        help=row.help,
    )


def labelled(text: str, fields: Sequence[Field]) -> str:
    """Return a formula with its fields as people call them; one that cannot be read as it is."""
    keys: dict[str, list[str]] = {}
    for each in fields:
        keys.setdefault(str(each.label).casefold(), []).append(each.key)
    names = {
        each.key: str(each.label) for each in fields
        if len(keys[str(each.label).casefold()]) == 1 and not set(str(each.label)) & set("[]")
    }  # fmt: skip

    def name(found: Name) -> str:
        return f"[{names[found.name]}]" if found.name in names else found.name

    try:
        return renamed(text, name)
    except FormulaProblem:
        return text


def _formula(tree: Typed, is_indexed: bool, user: Any, path: str) -> Any:
    made = compiled(tree, path=path, user=user, today=timezone.localdate())
    made.is_indexed = is_indexed and not path
    return made


def _fields_in(tree: Typed) -> list[Field]:
    own = [tree.field] if tree.field is not None else []
    return [*own, *(each for part in tree.parts for each in _fields_in(part))]


_MAKERS: dict[str, Callable[[Computing, CustomField], Field]] = {
    "formula": Computing.formula, "lookup": Computing.lookup,
    "rollup": Computing.rollup,
}  # fmt: skip
