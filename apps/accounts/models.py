"""People who may sign in to a company, their roles and teams, and the modules they use.

A role is one of the built-in ones (``Role``); its rights stand in ``apps.accounts.rights.matrix``.
What a company ticks otherwise is kept as differences to that: for the built-in role itself
(``AccessRole.key``), or for a role of its own that is made from one (``AccessRole.base``).
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils.translation import gettext_lazy as _

from apps.accounts import together
from apps.core.models import BaseModel
from tenants.prepared import Prepared


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    ADMINISTRATOR = "administrator", _("Administrator")
    HEAD = "head", _("Head of sales")
    MANAGER = "manager", _("Sales manager")
    ACCOUNTANT = "accountant", _("Accountant")


class Scope(models.IntegerChoices):
    """Whose rows a right covers; a wider one covers what a narrower one does."""

    NONE = 0, _("no")
    OWN = 1, _("own")
    TEAM = 2, _("team")
    OFFICE = 3, _("office")
    ALL = 4, _("all")


class FieldAccess(models.TextChoices):
    HIDDEN = "hidden", _("hidden")
    READ_ONLY = "read_only", _("read only")


class AccessRole(BaseModel):
    """A role as a company has ticked it: a built-in one (``key``), or one of its own."""

    name = models.CharField(_("name"), max_length=80, blank=True)  # a built-in one has its own
    base = models.CharField(_("made from"), max_length=20, choices=Role.choices)
    key = models.CharField(max_length=20, blank=True, editable=False)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=~models.Q(key=""), name="access_role_unique_key"
            ),
            models.UniqueConstraint(
                Lower("name"), condition=models.Q(key=""), name="access_role_unique_name"
            ),
            models.CheckConstraint(
                condition=models.Q(key="") | models.Q(key=models.F("base")),
                name="access_role_key_is_base",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(Role(self.base).label)

    @property
    def is_system(self) -> bool:
        """Whether the role is built in: it can be ticked otherwise, not renamed or removed."""
        return bool(self.key)


class RoleRight(BaseModel):
    """A right that a role gives otherwise than the built-in role it is made from."""

    role = models.ForeignKey(AccessRole, on_delete=models.CASCADE, related_name="rights")
    object = models.CharField(max_length=60)
    action = models.CharField(max_length=20)
    scope = models.PositiveSmallIntegerField(choices=Scope.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["role", "object", "action"], name="role_right_unique_right"
            )
        ]

    def __str__(self) -> str:
        return f"{self.object}.{self.action}: {self.get_scope_display()}"


class RoleField(BaseModel):
    """A field that a role hides, or shows without letting it be changed."""

    role = models.ForeignKey(AccessRole, on_delete=models.CASCADE, related_name="fields")
    object = models.CharField(max_length=60)
    field = models.CharField(max_length=80)
    access = models.CharField(max_length=10, choices=FieldAccess.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["role", "object", "field"], name="role_field_unique_field"
            )
        ]

    def __str__(self) -> str:
        return f"{self.object}.{self.field}: {self.get_access_display()}"


class Team(BaseModel):
    """People who work together; a team sees the rows of the teams below it, too."""

    name = models.CharField(_("name"), max_length=80)
    parent = models.ForeignKey(
        "self", verbose_name=_("belongs to"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="children",
    )  # fmt: skip

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        constraints = [models.UniqueConstraint(Lower("name"), name="team_unique_name")]

    def __str__(self) -> str:
        return self.name


class CompanyModule(BaseModel):
    """Whether a company uses a module, and at how many workplaces (0: at every one)."""

    key = models.CharField(max_length=30, unique=True)
    is_on = models.BooleanField(_("used"), default=True)
    seats = models.PositiveIntegerField(_("workplaces"), default=0)

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")

    def __str__(self) -> str:
        return self.key


class ReadTicked(list[Any]):
    """What was read with a person, and the text of all of it that stays the same until changed."""

    text = ""


class Ticked(models.Func):
    """What is ticked for a person: rights and fields of the role, the teams, the modules not used.

    Read in one go: ``[[object, action, scope] …], [[object, field, access] …], [[team, above] …],
    [module …]``, and last what other rooms need with every page (``apps.accounts.together``).
    """

    output_field = ArrayField(models.TextField())
    sql = """(SELECT ARRAY[json_build_array(
    (SELECT coalesce(json_agg(json_build_array(r.object, r.action, r.scope)), '[]')
        FROM accounts_roleright r WHERE r.role_id = own.id),
    (SELECT coalesce(json_agg(json_build_array(f.object, f.field, f.access)), '[]')
        FROM accounts_rolefield f WHERE f.role_id = own.id),
    (SELECT coalesce(json_agg(json_build_array(t.id, t.parent_id)), '[]')
        FROM accounts_team t WHERE accounts_user.team_id IS NOT NULL),
    (SELECT coalesce(json_agg(m.key), '[]') FROM accounts_companymodule m WHERE NOT m.is_on),
    {together})::text, {of_moment}::text]
FROM (SELECT 1) one LEFT JOIN accounts_accessrole own ON own.id = accounts_user.access_role_id
    OR (accounts_user.access_role_id IS NULL AND own.key = accounts_user.role))"""

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """Return the expression with what the rooms have registered."""
        of_moment = together.expression(is_of_moment=True)
        return self.sql.format(together=together.expression(), of_moment=of_moment), []

    @property
    def convert_value(self) -> Any:
        """Return how what comes from the database is read."""
        return _read_ticked


def _read_ticked(value: Any, _expression: Any, _connection: Any) -> ReadTicked:
    found = ReadTicked(json.loads(value[0]))
    found[-1].update(json.loads(value[1]))
    found.text = value[0]
    return found


# Key and name of everybody who may sign in, by name, as one JSON array: a reading of lists.
PEOPLE = """(SELECT coalesce(json_agg(json_build_array(u.id, coalesce(nullif(u.full_name, ''),
    u.email)) ORDER BY u.full_name, u.email, u.id), '[]') FROM accounts_user u WHERE u.is_active)"""


def name_of(path: str) -> Coalesce:
    """Return the expression of what a person is called, as ``str(user)`` tells it."""
    name = NullIf(f"{path}__full_name", models.Value(""))
    return Coalesce(name, f"{path}__email", output_field=models.CharField())


class UserManager(BaseUserManager["User"]):
    def create_user(self, *, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a user; the e-mail is stored in lower case."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get(self, *args: Any, **kwargs: Any) -> User:
        """Return a person; who is looked up by key comes with their rights, in the same query.

        That is how a page reads who is signed in.
        """
        # A manager of related people (``team.members``) is of another class: it narrows.
        if kwargs.keys() == {"pk"} and not args and type(self) is UserManager:
            return self._with_rights(kwargs["pk"])
        return self.get_queryset().get(*args, **kwargs)

    def _with_rights(self, pk: Any) -> User:
        key = self.model._meta.pk.to_python(pk)
        user: Any = _with_rights.first(key) if key is not None else None
        if user is None:
            raise self.model.DoesNotExist(f"no person has the key {key}")
        user.ticked_text = user.ticked.text
        together.told(user, user.ticked.pop())
        found: User = user
        return found

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


# What pages and reads can depend on of whoever is signed in.
_OF_PERSON = (
    "pk", "email", "full_name", "role", "access_role_id", "team_id", "is_team_head", "office_id",
    "without_modules", "is_active", "language", "time_zone",
)  # fmt: skip
_with_rights: Prepared[Any] = Prepared(
    lambda key: User.objects.filter(pk=key).annotate(ticked=Ticked()), UUID(int=1)
)


class User(AbstractBaseUser, BaseModel):
    """A person of the company, in its schema: the same e-mail may exist in another company."""

    email = models.EmailField(_("e-mail"))
    full_name = models.CharField(_("name"), max_length=150, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.MANAGER)
    access_role = models.ForeignKey(
        AccessRole, verbose_name=_("role of the company"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="users",
    )  # fmt: skip
    team = models.ForeignKey(
        Team, verbose_name=_("team"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="members",
    )  # fmt: skip
    is_team_head = models.BooleanField(_("heads the team"), default=False)
    office_id = models.UUIDField(_("branch office"), null=True, blank=True)  # null: the centre
    without_modules = models.JSONField(_("modules not used"), default=list, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    language = models.CharField(_("language"), max_length=5, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_unique_email"),
            models.UniqueConstraint(
                fields=["team"], condition=models.Q(is_team_head=True), name="user_one_team_head"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def read_as(self) -> tuple[str, str] | None:
        """Return all that pages and reads may depend on of this person, as it was read.

        ``None`` for a person who was not read with their rights: nothing may be kept by that.
        """
        text: str | None = self.__dict__.get("ticked_text")
        return None if text is None else (text, str([getattr(self, name) for name in _OF_PERSON]))

    @property
    def role_name(self) -> str:
        """Return what the person's role is called; the company's own one is read by a join."""
        return str(self.access_role) if self.access_role_id else str(Role(self.role).label)
