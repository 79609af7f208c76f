# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve users/ID/funckeys, /funckeys/templates.

Facts: person-xivo-15.12.md, "users/ID/funckeys/POS"; person-xivo-15.12.md, "funckeys/templates,
users/ID/funckeys/templates/T".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import func_keys as store
from ..database.person import FuncKeyTemplate
from ..errors import ConfdError, input_error, not_found, unexpected_error
from ..func_keys import Keys
from ..generation import Answer, Call, Route
from ..listing import Paging
from ..postgres.collation import collation_key
from ..postgres.like import ilike
from ..postgres.sorting import sort_page
from .fields import list_body
from .func_key_bodies import check_headers, load_key, load_template, read_body
from .phone_keys import write_phones
from .users import find_user


def _check(database: Any, keys: Keys, owner: Any | None) -> None:
    for key in keys.values():
        store.check_destination(database, key["destination"], owner)
        if not store.has_row(database, key["destination"]):
            raise unexpected_error("'NoneType' object has no attribute 'func_key_id'")


def _change(database: Any, template: FuncKeyTemplate, change: Callable[[Keys], Keys], position: int) -> Answer:
    """Write a set anew, as one request sees it, and then the phones.

    A request that comes second at the same moment overwrites what the first one wrote, with 204; at the same position
    it is a 500 (person-xivo-15.12.md, trap 2).
    """
    seen = template.keys
    wanted = change(seen)
    store.check_unique(wanted)
    database.wait_for_race()
    place = str(position)
    if template.keys.get(place) != seen.get(place):
        raise unexpected_error("(ConcurrentModificationError) DELETE statement on table 'func_key_mapping'")
    store.write_keys(database, template, wanted)
    write_phones(database, template)
    return Answer(204)


def _write_position(call: Call, template: FuncKeyTemplate, position: int, owner: Any | None) -> Answer:
    database: Any = call.database
    key = load_key(read_body(call), in_template=owner is None and not template.private)
    _check(database, {str(position): key}, owner)
    return _change(database, template, lambda keys: {**keys, str(position): key}, position)


def _delete_position(call: Call, template: FuncKeyTemplate, position: int) -> Answer:
    def without(keys: Keys) -> Keys:
        return {each: key for each, key in keys.items() if each != str(position)}

    return _change(call.database, template, without, position)


def _own(call: Call, user_id: int) -> tuple[Any, FuncKeyTemplate]:
    database: Any = call.database
    person = find_user(database, user_id)
    return person, store.own_keys(database, person)


def _key_answer(call: Call, template: FuncKeyTemplate, position: int) -> Answer:
    key = template.keys.get(str(position))
    if key is None:
        raise not_found("FuncKey", position=position, template_id=template.id)
    return Answer(body={**store.key_view(call, key, inherited=not template.private), "links": []})


def get_keys(call: Call, user_id: int) -> Answer:
    return Answer(body=store.unified_view(call, find_user(call.database, user_id)))


def get_key(call: Call, user_id: int, position: int) -> Answer:
    """Return an own key; an inherited one is not found."""
    return _key_answer(call, _own(call, user_id)[1], position)


def update_key(call: Call, user_id: int, position: int) -> Answer:
    person, template = _own(call, user_id)
    return _write_position(call, template, position, person)


def delete_key(call: Call, user_id: int, position: int) -> Answer:
    return _delete_position(call, _own(call, user_id)[1], position)


# Templates


def find_template(database: Any, template_id: int) -> FuncKeyTemplate:
    template = database.func_key_templates.get(template_id)
    if template is None:
        raise not_found("FuncKeyTemplate", id=template_id)
    return template  # type: ignore[no-any-return]


def list_templates(call: Call) -> Answer:
    """List the templates by name; those without a name come last."""
    database: Any = call.database
    paging = Paging.read(call.query)
    order = call.query.get("order") or "name"
    if order != "name":
        raise input_error(f"order: column '{order}' was not found")
    term = call.query.get("search", "")
    found = [row for row in database.func_key_templates.where(private=False) if not term or ilike(row.name, term)]
    page = sort_page(
        found,
        lambda row: (row.name is None, collation_key(row.name or "")),
        descending=paging.descending,
        limit=paging.limit,
        skip=paging.skip,
    )
    return Answer(body=list_body([store.template_view(call, row) for row in page], len(found)))


def create_template(call: Call) -> Answer:
    database: Any = call.database
    name, keys = load_template(read_body(call))
    _check(database, keys, None)
    store.check_unique(keys)
    store.check_template_name(name)
    template = database.func_key_templates.insert(name=name)
    try:
        store.write_keys(database, template, keys)
    except ConfdError:
        database.func_key_templates.delete(template)
        raise
    return Answer(201, store.template_view(call, template), location=f"/funckeys/templates/{template.id}")


def get_template(call: Call, template_id: int) -> Answer:
    template = find_template(call.database, template_id)
    return Answer(body=store.template_view(call, template), location=f"/funckeys/templates/{template.id}")


def delete_template(call: Call, template_id: int) -> Answer:
    """Delete a template; its users lose it."""
    database: Any = call.database
    template = find_template(database, template_id)
    people = database.users.where(template_id=template.id)
    store.delete_template(database, template)
    for person in people:
        write_phones(database, store.own_keys(database, person))
    return Answer(204)


def get_template_key(call: Call, template_id: int, position: int) -> Answer:
    return _key_answer(call, find_template(call.database, template_id), position)


def update_template_key(call: Call, template_id: int, position: int) -> Answer:
    return _write_position(call, find_template(call.database, template_id), position, None)


def delete_template_key(call: Call, template_id: int, position: int) -> Answer:
    return _delete_position(call, find_template(call.database, template_id), position)


# Templates of users


def associate_template(call: Call, user_id: int, template_id: int) -> Answer:
    """Put a template on a user, instead of another one. The body is not read."""
    database: Any = call.database
    person, own = _own(call, user_id)
    store.put_template(person, find_template(database, template_id))
    write_phones(database, own)
    return Answer(204)


def dissociate_template(call: Call, user_id: int, template_id: int) -> Answer:
    person, own = _own(call, user_id)
    if person.template_id != template_id:
        raise not_found("FuncKeyTemplate", template_id=template_id)
    person.template_id = None
    write_phones(call.database, own)
    return Answer(204)


def _route(method: str, rule: str, view: Any) -> Route:
    return Route(method, rule, view, check_headers=check_headers)


OF_USER, OF_TEMPLATE = "/users/<int:user_id>/funckeys/<int:position>", "/funckeys/templates/<int:template_id>"
TEMPLATE_OF_USER = "/users/<int:user_id>/funckeys/templates/<int:template_id>"
ROUTES = (
    _route("GET", "/users/<int:user_id>/funckeys", get_keys),
    _route("GET", OF_USER, get_key),
    _route("PUT", OF_USER, update_key),
    _route("DELETE", OF_USER, delete_key),
    _route("GET", "/funckeys/templates", list_templates),
    _route("POST", "/funckeys/templates", create_template),
    _route("GET", OF_TEMPLATE, get_template),
    _route("DELETE", OF_TEMPLATE, delete_template),
    _route("GET", f"{OF_TEMPLATE}/<int:position>", get_template_key),
    _route("PUT", f"{OF_TEMPLATE}/<int:position>", update_template_key),
    _route("DELETE", f"{OF_TEMPLATE}/<int:position>", delete_template_key),
    _route("PUT", TEMPLATE_OF_USER, associate_template),
    _route("DELETE", TEMPLATE_OF_USER, dissociate_template),
)
