# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve policies, groups and sessions of logins (person-wazo-26.08.md, "1.3 What she may do: policies and groups")."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from marshmallow import fields

from ...generation import Answer, Call
from ...schema import Body
from .common import AuthError, Caller, error, find_login, load, old_error, route, unauthorized
from .rows import LoginGroup, Policy
from .users import groups_of, login_view

NAMED = {"name": fields.String(required=True), "slug": fields.String(load_default=None, allow_none=True)}
POLICY = Body.from_dict(
    {
        **NAMED,
        "description": fields.String(load_default=None, allow_none=True),
        "acl": fields.List(fields.String(), load_default=list),
    }
)()
GROUP = Body.from_dict(dict(NAMED))()


def _page(items: list[Any]) -> Answer:
    return Answer(body={"items": items, "total": len(items), "filtered": len(items)})


def _policy_view(policy: Policy) -> dict[str, Any]:
    row = asdict(policy)
    return {"uuid": row.pop("id"), **row}


def _group_view(group: LoginGroup) -> dict[str, Any]:
    names = ("name", "slug", "tenant_uuid")
    shown = {name: getattr(group, name) for name in names}
    return {"uuid": group.id, **shown, "system_managed": group.everybody, "read_only": group.everybody}


# Policies


def create_policy(call: Call, caller: Caller) -> Answer:
    database: Any = call.database
    values = load(call, POLICY, "policies")
    slug = values.pop("slug") or values["name"]
    row = database.policies.insert(id=database.random_uuid(), tenant_uuid=caller.tenant, slug=slug, **values)
    return Answer(200, _policy_view(row))


def list_policies(call: Call, caller: Caller) -> Answer:
    database: Any = call.database
    return _page([_policy_view(row) for row in database.policies.where(tenant_uuid=caller.tenant)])


def show_policy(call: Call, caller: Caller, policy: str) -> Answer:
    return Answer(body=_policy_view(find_policy(call, policy)))


def delete_policy(call: Call, caller: Caller, policy: str) -> Answer:
    """Delete a policy, also one that somebody has."""
    database: Any = call.database
    row = find_policy(call, policy)
    for login in database.accounts:
        login.policies = [each for each in login.policies if each != row.id]
    for group in database.login_groups:
        group.policies = [each for each in group.policies if each != row.id]
    database.policies.delete(row)
    return Answer(204)


def find_policy(call: Call, policy: str) -> Policy:
    """Return the policy of a uuid or a slug. Raises a 404 in the older shape."""
    database: Any = call.database
    row: Policy | None = database.policies.get(policy) or database.policies.first(slug=policy)
    if row is None:
        raise old_error(404, f"No such policy {{'uuid': '{policy}'}}")
    return row


def give_policy(call: Call, caller: Caller, uuid: UUID, policy: str) -> Answer:
    """Add a policy to a login. Nobody hands out what he may not do himself."""
    row = find_policy(call, policy)
    login = find_login(call, caller, uuid)
    for access in row.acl:
        if not caller.token.allows(access):
            raise unauthorized(caller.token.id, access)
    if row.id not in login.policies:
        login.policies = [*login.policies, row.id]
    return Answer(204)


def take_policy(call: Call, caller: Caller, uuid: UUID, policy: str) -> Answer:
    row = find_policy(call, policy)
    login = find_login(call, caller, uuid)
    login.policies = [each for each in login.policies if each != row.id]
    return Answer(204)


def policies_of_login(call: Call, caller: Caller, uuid: UUID) -> Answer:
    """List the policies of a login itself: those of its groups are not here."""
    database: Any = call.database
    login = find_login(call, caller, uuid)
    return _page([_policy_view(database.policies.get(each)) for each in login.policies])


# Groups


def create_group(call: Call, caller: Caller) -> Answer:
    database: Any = call.database
    values = load(call, GROUP, "groups")
    slug = values["slug"] or values["name"]
    row = database.login_groups.insert(
        id=database.random_uuid(), tenant_uuid=caller.tenant, name=values["name"], slug=slug
    )
    return Answer(200, _group_view(row))


def find_group(call: Call, caller: Caller, uuid: UUID) -> LoginGroup:
    database: Any = call.database
    row: LoginGroup | None = database.login_groups.get(str(uuid))
    if row is None or row.tenant_uuid not in caller.visible:
        raise error(404, f'No such group: "{uuid}"', "unknown-group", {"uuid": str(uuid)}, "groups")
    return row


def list_groups(call: Call, caller: Caller) -> Answer:
    database: Any = call.database
    return _page([_group_view(row) for row in database.login_groups.where(tenant_uuid=caller.tenant)])


def delete_group(call: Call, caller: Caller, group: UUID) -> Answer:
    database: Any = call.database
    row = find_group(call, caller, group)
    if row.everybody:
        raise _forbidden(row)
    database.login_groups.delete(row)
    return Answer(204)


def policies_of_group(call: Call, caller: Caller, group: UUID) -> Answer:
    database: Any = call.database
    row = find_group(call, caller, group)
    return _page([_policy_view(database.policies.get(each)) for each in row.policies])


def members_of_group(call: Call, caller: Caller, group: UUID) -> Answer:
    database: Any = call.database
    row = find_group(call, caller, group)
    return _page([login_view(database, each) for each in database.accounts if row in groups_of(database, each)])


def join_group(call: Call, caller: Caller, group: UUID, uuid: UUID) -> Answer:
    row, login = find_group(call, caller, group), find_login(call, caller, uuid)
    if login.id not in row.members:
        row.members = [*row.members, login.id]
    return Answer(204)


def leave_group(call: Call, caller: Caller, group: UUID, uuid: UUID) -> Answer:
    row, login = find_group(call, caller, group), find_login(call, caller, uuid)
    if row.everybody:
        raise _forbidden(row)
    row.members = [each for each in row.members if each != login.id]
    return Answer(204)


def _forbidden(group: LoginGroup) -> AuthError:
    return error(403, f'Group "{group.id}" is read-only', "forbidden-group", {"uuid": group.id}, "groups")


def groups_of_login(call: Call, caller: Caller, uuid: UUID) -> Answer:
    login = find_login(call, caller, uuid)
    return _page([_group_view(row) for row in groups_of(call.database, login)])


def sessions_of_login(call: Call, caller: Caller, uuid: UUID) -> Answer:
    database: Any = call.database
    login = find_login(call, caller, uuid)
    shown = {"mobile": False, "tenant_uuid": login.tenant_uuid, "user_uuid": login.id}
    return _page([{"uuid": token.session, **shown} for token in database.accounts.tokens_of(login)])


ROUTES = (
    route("GET", "/policies", "auth.policies.read", list_policies),
    route("POST", "/policies", "auth.policies.create", create_policy),
    route("GET", "/policies/<policy>", "auth.policies.{policy}.read", show_policy),
    route("DELETE", "/policies/<policy>", "auth.policies.{policy}.delete", delete_policy),
    route("GET", "/users/<uuid:uuid>/policies", "auth.users.{uuid}.policies.read", policies_of_login),
    route("PUT", "/users/<uuid:uuid>/policies/<policy>", "auth.users.{uuid}.policies.{policy}.create", give_policy),
    route("DELETE", "/users/<uuid:uuid>/policies/<policy>", "auth.users.{uuid}.policies.{policy}.delete", take_policy),
    route("GET", "/groups", "auth.groups.read", list_groups),
    route("DELETE", "/groups/<uuid:group>", "auth.groups.{group}.delete", delete_group),
    route("POST", "/groups", "auth.groups.create", create_group),
    route("GET", "/groups/<uuid:group>/policies", "auth.groups.{group}.policies.read", policies_of_group),
    route("GET", "/groups/<uuid:group>/users", "auth.groups.{group}.users.read", members_of_group),
    route("PUT", "/groups/<uuid:group>/users/<uuid:uuid>", "auth.groups.{group}.users.{uuid}.create", join_group),
    route("DELETE", "/groups/<uuid:group>/users/<uuid:uuid>", "auth.groups.{group}.users.{uuid}.delete", leave_group),
    route("GET", "/users/<uuid:uuid>/groups", "auth.users.{uuid}.groups.read", groups_of_login),
    route("GET", "/users/<uuid:uuid>/sessions", "auth.users.{uuid}.sessions.read", sessions_of_login),
)
