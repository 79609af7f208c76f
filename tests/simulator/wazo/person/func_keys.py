# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve the function keys of users and their templates (person-wazo-26.08.md, "6. funckeys")."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ...errors import unexpected_error
from ...generation import Answer, Call, Route
from ...listing import Columns
from ...xivo16.lookup import by_id_or_uuid
from .. import tenancy
from ..common import Listing, attribute_columns, database_of, load_body, not_found, recurses
from ..rows import User
from ..users import find_user
from .common import link, not_permitted
from .keys import (
    KEY,
    OWN_SET,
    PUBLIC_SET,
    bad_position,
    burn_ids,
    check_keys,
    key_view,
    keys_of,
    keys_view,
    write_keys,
)
from .rows import FuncKey, KeyTemplate, Settings
from .tables import own_template, settings_of

COLUMNS = attribute_columns("name")
LIST = Listing(
    filters=COLUMNS | attribute_columns("id"), columns=Columns(searched=COLUMNS, ordered=COLUMNS, default="name")
)


def _put_set(call: Call, template: KeyTemplate, user: User | None) -> Answer:
    """Replace the whole set, name included: what is left out is deleted."""
    values = load_body(call, OWN_SET if user else PUBLIC_SET)
    check_keys(call, values["keys"], user)
    write_keys(call, template, values["keys"])
    template.name = values["name"]
    return Answer(204)


def _put_key(call: Call, template: KeyTemplate, position: int, user: User | None) -> Answer:
    """Set one position. The others are made anew with it."""
    key = load_body(call, KEY)
    keys = keys_of(database_of(call), template) | {position: key}
    check_keys(call, keys, user)
    if position < 1:
        key_id = burn_ids(database_of(call), keys)
        raise unexpected_error(bad_position(template.id, key_id, key))
    write_keys(call, template, keys)
    return Answer(204)


def _delete_key(call: Call, template: KeyTemplate, position: int) -> Answer:
    row = _find_key(call, template, position)
    keys = keys_of(database_of(call), template)
    del keys[row.position]
    write_keys(call, template, keys)
    return Answer(204)


def _find_key(call: Call, template: KeyTemplate, position: int) -> FuncKey:
    row: FuncKey | None = database_of(call).func_keys.first(template_id=template.id, position=position)
    if row is None:
        raise not_found("FuncKey", template_id=template.id, position=position)
    return row


# Keys of users


def get_keys(call: Call, user_id: int | UUID) -> Answer:
    """Show the keys of a user with those of his public template, which his own ones take precedence of."""
    database, user = database_of(call), find_user(call, user_id)
    own, public = own_template(database, user), _public_template(database, user)
    inherited = keys_view(call, public, inherited=True) if public else {}
    keys = inherited | keys_view(call, own, inherited=False)
    shown = {"id": None, "name": public.name} if public else {"id": own.id, "name": own.name}
    return Answer(body={**shown, "keys": keys})


def _public_template(database: Any, user: User) -> KeyTemplate | None:
    found: KeyTemplate | None = database.key_templates.get(settings_of(database, user).template_id)
    return found


def put_keys(call: Call, user_id: int | UUID) -> Answer:
    user = find_user(call, user_id)
    return _put_set(call, own_template(database_of(call), user), user)


def get_key(call: Call, user_id: int | UUID, position: int) -> Answer:
    database, user = database_of(call), find_user(call, user_id)
    own, public = own_template(database, user), _public_template(database, user)
    row = database.func_keys.first(template_id=own.id, position=position)
    if row is None and public:
        return Answer(body=key_view(call, _find_key(call, public, position), inherited=True))
    return Answer(body=key_view(call, _find_key(call, own, position), inherited=False))


def put_key(call: Call, user_id: int | UUID, position: int) -> Answer:
    user = find_user(call, user_id)
    return _put_key(call, own_template(database_of(call), user), position, user)


def delete_key(call: Call, user_id: int | UUID, position: int) -> Answer:
    return _delete_key(call, own_template(database_of(call), find_user(call, user_id)), position)


# Templates


def find_template(call: Call, template_id: int) -> KeyTemplate:
    """Return a template, also the one that holds a user's own keys. Raises a 404."""
    found: KeyTemplate = tenancy.find(database_of(call).key_templates, template_id, "FuncKeyTemplate")
    return found


def template_view(call: Call, template: KeyTemplate) -> dict[str, Any]:
    return {
        "id": template.id,
        "tenant_uuid": template.tenant_uuid,
        "name": template.name,
        "keys": keys_view(call, template, inherited=True),
        "links": link(call, "funckeys/templates", template.id, "func_keys_templates"),
    }


def list_templates(call: Call) -> Answer:
    """List the public templates."""
    rows = [row for row in tenancy.rows(database_of(call).key_templates, recurses(call)) if row.user_id is None]
    return LIST.answer(call, rows, lambda row: template_view(call, row))


def create_template(call: Call) -> Answer:
    """Create a template; its name may be another one's, or missing."""
    values = load_body(call, PUBLIC_SET)
    check_keys(call, values["keys"], None)
    template = database_of(call).key_templates.insert(tenant_uuid=tenancy.current().own, name=values["name"])
    write_keys(call, template, values["keys"])
    return Answer(201, template_view(call, template), location=f"/funckeys/templates/{template.id}")


def get_template(call: Call, template_id: int) -> Answer:
    return Answer(body=template_view(call, find_template(call, template_id)))


def put_template(call: Call, template_id: int) -> Answer:
    return _put_set(call, find_template(call, template_id), None)


def delete_template(call: Call, template_id: int) -> Answer:
    """Delete a template, also one that somebody has."""
    template = find_template(call, template_id)
    if template.user_id is not None:
        raise not_permitted("Deleting private template is not allowed", template_id=template.id)
    database_of(call).key_templates.delete(template)
    return Answer(204)


def get_template_key(call: Call, template_id: int, position: int) -> Answer:
    row = _find_key(call, find_template(call, template_id), position)
    return Answer(body=key_view(call, row, inherited=True))


def put_template_key(call: Call, template_id: int, position: int) -> Answer:
    return _put_key(call, find_template(call, template_id), position, None)


def delete_template_key(call: Call, template_id: int, position: int) -> Answer:
    return _delete_key(call, find_template(call, template_id), position)


# Who has which template


def _associations(call: Call, rows: list[Settings]) -> Answer:
    items = [
        {
            "user_id": row.user_id,
            "template_id": row.template_id,
            "links": [
                *link(call, "funckeys/templates", row.template_id, "func_keys_templates"),
                *link(call, "users", row.user_id),
            ],
        }
        for row in rows
    ]
    return Answer(body={"total": len(items), "items": items})


def templates_of_user(call: Call, user_id: int | UUID) -> Answer:
    row = settings_of(database_of(call), find_user(call, user_id))
    return _associations(call, [row] if row.template_id else [])


def users_of_template(call: Call, template_id: int) -> Answer:
    template = find_template(call, template_id)
    return _associations(call, database_of(call).settings.where(template_id=template.id))


def associate(call: Call, user_id: int | UUID, template_id: int) -> Answer:
    """Give a user a template, in place of the one that he has."""
    user, template = find_user(call, user_id), find_template(call, template_id)
    if template.user_id is not None:
        raise not_permitted("Cannot associate a private template with a user", template_id=template.id)
    settings_of(database_of(call), user).template_id = template.id
    return Answer(204)


def dissociate(call: Call, user_id: int | UUID, template_id: int) -> Answer:
    user, template = find_user(call, user_id), find_template(call, template_id)
    settings = settings_of(database_of(call), user)
    if settings.template_id == template.id:
        settings.template_id = None
    return Answer(204)


def set_template_id(database: Any, user: User, template_id: int | None) -> None:
    """Set the template of a user as PUT /users does: an unknown one is the database's own refusal."""
    if template_id is not None and database.key_templates.get(template_id) is None:
        raise unexpected_error(
            '(psycopg2.errors.ForeignKeyViolation) insert or update on table "userfeatures" violates foreign key '
            f'constraint "userfeatures_func_key_template_id_fkey"\nDETAIL:  Key (func_key_template_id)=({template_id}) '
            'is not present in table "func_key_template".\n\n[SQL: UPDATE userfeatures SET func_key_template_id='
            "%(func_key_template_id)s WHERE userfeatures.id = %(userfeatures_id)s]\n[parameters: "
            f"{{'func_key_template_id': {template_id}, 'userfeatures_id': {user.id}}}]\n"
            "(Background on this error at: https://sqlalche.me/e/14/gkpj)"
        )
    settings_of(database, user).template_id = template_id


KEYS, TEMPLATES = "/users/<user_id>/funckeys", "/funckeys/templates"
ROUTES = (
    *by_id_or_uuid("GET", KEYS, get_keys),
    *by_id_or_uuid("PUT", KEYS, put_keys),
    *by_id_or_uuid("GET", f"{KEYS}/<int:position>", get_key),
    *by_id_or_uuid("PUT", f"{KEYS}/<int:position>", put_key),
    *by_id_or_uuid("DELETE", f"{KEYS}/<int:position>", delete_key),
    *by_id_or_uuid("GET", f"{KEYS}/templates", templates_of_user),
    *by_id_or_uuid("PUT", f"{KEYS}/templates/<int:template_id>", associate),
    *by_id_or_uuid("DELETE", f"{KEYS}/templates/<int:template_id>", dissociate),
    Route("GET", TEMPLATES, list_templates),
    Route("POST", TEMPLATES, create_template),
    Route("GET", f"{TEMPLATES}/<int:template_id>", get_template),
    Route("PUT", f"{TEMPLATES}/<int:template_id>", put_template),
    Route("DELETE", f"{TEMPLATES}/<int:template_id>", delete_template),
    Route("GET", f"{TEMPLATES}/<int:template_id>/users", users_of_template),
    Route("GET", f"{TEMPLATES}/<int:template_id>/<int:position>", get_template_key),
    Route("PUT", f"{TEMPLATES}/<int:template_id>/<int:position>", put_template_key),
    Route("DELETE", f"{TEMPLATES}/<int:template_id>/<int:position>", delete_template_key),
)
