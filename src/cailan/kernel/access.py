"""Who acts: the Actor, and the permissions it may carry."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cailan.kernel.problems import NotAllowed

if TYPE_CHECKING:
    pass


class Permission(StrEnum):
    """`resource:action`, alphabetised; mapped to roles in `accounts.rules`."""

    ACCOUNT_MANAGE = "account:manage"
    ALERT_READ = "alert:read"
    API_KEY_MANAGE = "api_key:manage"
    AUDIT_READ = "audit:read"
    DOCUMENT_ADD = "document:add"
    EVENT_CAPTURE = "event:capture"
    EVENT_READ = "event:read"
    FARM_RECORD = "farm:record"
    IMPORT_RUN = "import:run"
    LIMIT_MANAGE = "limit:manage"
    LOT_CREATE = "lot:create"
    LOT_HOLD = "lot:hold"
    LOT_MOVE = "lot:move"
    LOT_READ = "lot:read"
    MONEY_READ = "money:read"
    PARTY_APPROVE = "party:approve"
    PARTY_MANAGE = "party:manage"
    PARTY_READ = "party:read"
    RECALL_MANAGE = "recall:manage"
    TEST_RECORD = "test:record"
    TEST_SIGN = "test:sign"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who, for which party, in which region, with which permissions, by which means."""

    user_id: int | None = None
    display_name: str = ""
    party_id: int | None = None
    party_name: str = ""
    party_kind: str = ""
    role: str = ""
    region: str = ""  # GB/T 2260 code of a regulator's area; "" sees no area
    permissions: frozenset[Permission] = field(default_factory=frozenset)
    means: str = "public"  # password, passkey, ukey, api_key, device_key, system, public
    parties: tuple[tuple[int, str], ...] = ()

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Refuse unless the actor carries the permission."""
        if not self.may(permission):
            raise NotAllowed(permission=str(permission))

    @property
    def acting_party_id(self) -> int:
        """Return the party acted for; refuse an actor without one."""
        if self.party_id is None:
            raise NotAllowed(detail=_("Sign in for a party first: this record needs a responsible subject."))
        return self.party_id

    @property
    def is_signed_in(self) -> bool:
        return self.means != "public"

    @property
    def sees_everything(self) -> bool:
        """The platform's own maintenance work (jobs, audits); never a person."""
        return self.means == "system"

    @property
    def region_prefix(self) -> str:
        """Return what the region codes of the actor's area begin with (GB/T 2260: pairs of digits)."""
        return region_prefix(self.region)


def region_prefix(code: str) -> str:
    """Cut a region code to its significant pairs: 440000 → 44, 440118 → 440118, 440118107 stays."""
    if code == "CN":
        return ""
    if len(code) != 6:  # noqa: PLR2004 (GB/T 2260 codes have six digits, towns nine)
        return code
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


PUBLIC = Actor()
SYSTEM = Actor(display_name="Cailan", means="system", permissions=frozenset(Permission))


class ActorRequest(HttpRequest):
    """A request as our edges see it."""

    actor: Actor
