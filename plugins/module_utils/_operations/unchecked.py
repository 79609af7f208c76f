# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says what a generation cannot check before it carries out planned operations (design.md, rule 3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .._backends.base import Backend
from .._model.contexts import INTERNAL
from .._model.destinations import Destination
from .._model.func_keys import KeySet
from .associations import AssociateLineExtension, DissociateLineExtension
from .base import Create, Operation, Update


def unchecked_by(backend: Backend, operations: Sequence[Operation]) -> list[str]:
    """Return what a generation cannot check before these operations, in words for the administrator, each once."""
    found = [*backend.unchecked, *_unchecked_values(backend, operations)]
    if INTERNAL in backend.hides_owners_in and any(_free_extensions(operations)):
        found.append(backend.hidden_owners)
    return list(dict.fromkeys(found))


def _unchecked_values(backend: Backend, operations: Sequence[Operation]) -> Iterator[str]:
    for operation in operations:
        if isinstance(operation, (Create, Update)):
            values = operation.values if isinstance(operation, Create) else operation.changes
            for name, value in values.items():
                names = [name] if value is not None else []
                if isinstance(value, KeySet):
                    names += [f"{name}.{each.type}" for each in value.destinations]
                texts = (backend.unchecked_values.get((operation.record.resource.name, each)) for each in names)
                yield from filter(None, texts)
                if isinstance(value, Destination) and value.type in backend.unchecked_destinations:
                    yield f"whether the server has the {value.type} of a fallback"


def _free_extensions(operations: Sequence[Operation]) -> Iterator[bool]:
    """Yield True for each extension that exists without a line, and gets one."""
    released = [each.extension for each in operations if isinstance(each, DissociateLineExtension)]
    for operation in operations:
        if isinstance(operation, AssociateLineExtension):
            yield not operation.extension.predicted and operation.extension not in released
