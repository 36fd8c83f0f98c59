"""Writing letters by programs: from a card, as its composer does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

import apps.activities.programs  # noqa: F401  (the cards have taken their own form by now)
from apps.activities import cards
from apps.core import objects
from apps.core.objects import Action, Field, Refused
from apps.mail import selectors, writing
from apps.mail.draft_form import DraftForm

WRITTEN_FROM = ("counterparties", "contacts", "deals")
LETTER = (
    Field("mailbox", pgettext_lazy("mail", "From"), "key",
          help=gettext_lazy("Without it, the first box one may write from.")),
    Field("to", gettext_lazy("To"), is_required=True),
    Field("cc", gettext_lazy("Copy to")),
    Field("subject", gettext_lazy("Subject"), is_required=True),
    Field("text", gettext_lazy("Text"), "long_text", is_required=True),
    Field("answers", gettext_lazy("Letter that is answered"), "key"),
)  # fmt: skip


def _write(kind: str) -> Callable[..., Model]:
    def run(*, key: UUID, values: Mapping[str, Any], by: Any) -> Model:
        """Write a letter from a card; it stands there at once and leaves some seconds later."""
        if settings.IS_OFFICE:  # as the screens of the room
            raise Refused({"": [_("Letters are written at the centre.")]})
        box = selectors.boxes_to_write_from(by).first()  # one's own, if there is one
        usual = {"mailbox": box.pk if box is not None else None}
        form = DraftForm(usual | {name: each for name, each in values.items() if each}, user=by)
        if not form.is_valid():
            raise Refused({
                name: [str(each) for each in told] for name, told in form.errors.items()
            })  # fmt: skip
        try:
            writing.write(draft=form.message(), kind=kind, key=key, by=by, now=timezone.now())
        except writing.NoSuchMessage:
            raise Refused({"answers": [_("There is no such object.")]}) from None
        except (writing.CardClosed, cards.NoSuchCard):
            sentence = _(
                "The e-mail of this customer is not shown to you: nothing is written from here."
            )
            raise Refused({"": [sentence]}) from None
        return objects.kind(kind).model._default_manager.get(pk=key)

    return run


for _key in WRITTEN_FROM:
    _known = objects.program_kinds()[_key]
    _action = Action("write-letter", gettext_lazy("Write a letter"), "activities.create",
                     _write(_key), LETTER)  # fmt: skip
    objects.register_for_programs(replace(_known, actions=(*_known.actions, _action)))
