"""Who may do what: one engine for screens, lists, searches, exports, sockets and the API.

``matrix`` says what there is to allow, ``access`` what one person has, ``scope`` which rows that
covers, ``fields`` what of a row is not shown, ``guards`` asks. docs/admin/roles.md tells
the rules.
"""

from apps.accounts.rights.access import (
    Access,
    FieldRights,
    access_of,
    forget,
    is_almighty,
    rights_of,
)
from apps.accounts.rights.fields import fields, hidden_of, is_closed, is_vip, mask, opened, unseen
from apps.accounts.rights.guards import (
    NotAllowed,
    can,
    needs,
    require,
    row_or_404,
    scope_of,
    signed_in,
)
from apps.accounts.rights.matrix import ACTIONS, ALL_RIGHTS
from apps.accounts.rights.reach import seeing, with_rights
from apps.accounts.rights.scope import covers, object_of, visible

__all__ = [
    "ACTIONS",
    "ALL_RIGHTS",
    "Access",
    "FieldRights",
    "NotAllowed",
    "access_of",
    "can",
    "covers",
    "fields",
    "forget",
    "hidden_of",
    "is_almighty",
    "is_closed",
    "is_vip",
    "mask",
    "needs",
    "object_of",
    "opened",
    "require",
    "rights_of",
    "row_or_404",
    "scope_of",
    "seeing",
    "signed_in",
    "unseen",
    "visible",
    "with_rights",
]
