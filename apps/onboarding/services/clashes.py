"""What an office and the centre of the demonstration both changed before the office was closed."""

from __future__ import annotations

from datetime import datetime, timedelta

from apps.accounts.models import Role, User
from apps.counterparties.models import Counterparty
from apps.onboarding.models import DemoRecord
from replication.models import Conflict, ConflictKind, Winner
from replication.nodes import add_office, revoke

_TABLE = "counterparties_counterparty"
Words = tuple[str, str, str]  # English, Russian, Turkish
_LANGUAGES = ("en", "ru", "tr")
# The column; what stood there, what the centre wrote, what the office wrote; whose stands; whether
# somebody has looked already.
_CLASHES: tuple[tuple[str, Words, Words, Words, Winner, bool], ...] = (
    ("preferences", ("", "", ""),
     ("Invoices by e-mail only.", "Счета только по почте.", "Fatura yalnızca e-postayla."),
     ("Call an hour before the delivery.", "Звонить за час до доставки.",
      "Teslimattan bir saat önce arayın."), Winner.BRANCH, True),
    ("comment", ("", "", ""),
     ("Pays by the tenth.", "Платит до десятого числа.", "Ayın onuna kadar öder."),
     ("Wants a discount from ten boxes on.", "Просит скидку от десяти коробок.",
      "On kutudan sonra indirim istiyor."), Winner.CENTRE, True),
    ("source", ("Website", "Сайт", "Web sitesi"), ("Trade fair", "Выставка", "Fuar"),
     ("Recommended", "По рекомендации", "Tavsiye"), Winner.CENTRE, False),
)  # fmt: skip


def add_closed_office(*, language: str, name: str, prefix: str, now: datetime) -> None:
    """Add an office whose access was withdrawn, with the conflicts that it left."""
    said = _LANGUAGES.index(language) if language in _LANGUAGES else 0
    node, _code = add_office(name=name, prefix=prefix, scope={}, schedule={}, seats=0, now=now)
    revoke(node=node)
    DemoRecord.objects.create(label="replication.BranchNode", object_id=node.pk)
    rows = Counterparty.objects.filter(node_id__isnull=False, is_archived=False)
    partners = list(rows.order_by("created_at", "pk")[8 : 8 + len(_CLASHES)])
    people = User.objects.filter(is_active=True, role=Role.MANAGER).order_by("created_at", "pk")
    centre_author, branch_author = [*people.values_list("pk", flat=True)[:2], None, None][:2]
    for place, (partner, clash) in enumerate(zip(partners, _CLASHES, strict=False)):
        column, base, centre, branch, winner, is_open = clash
        stands = branch if winner == Winner.BRANCH else centre
        Counterparty.objects.filter(pk=partner.pk).update(**{column: stands[said]})
        found = now - timedelta(days=3 + place, hours=place)
        made = Conflict.objects.create(
            node=node, kind=ConflictKind.FIELD, table=_TABLE, key=partner.pk, column=column,
            base=base[said], centre=centre[said], branch=branch[said],
            centre_author=centre_author, branch_author=branch_author,
            centre_at=found - timedelta(hours=5), branch_at=found - timedelta(hours=4 + 2 * place),
            winner=winner, policy="later", is_open=is_open,
            resolved_by=None if is_open else centre_author,
            resolved_at=None if is_open else found + timedelta(days=1),
        )  # fmt: skip
        Conflict.objects.filter(pk=made.pk).update(created_at=found)
