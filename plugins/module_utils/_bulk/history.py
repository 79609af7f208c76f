# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records what a run has performed for each item, undoes it if the item fails, and decides which items may begin.

Both strategies of the role use it. In bulk, the run performs the operations itself. In stepwise, the role performs them
and passes on what it has performed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from .._backends.base import Backend
from .._model.errors import LEFT_BEHIND, NOT_PUT_BACK, ConfdError, TimedOutError, as_sentence
from .._model.records import Voicemail, id_of
from .._model.resources import USER
from .._operations.apply import rollback
from .._operations.associations import AssociateLineExtension, AssociateUserLine
from .._operations.base import Operation
from .._operations.extension import UpdateExtension
from .._operations.recording import perform
from .._operations.user import CreateUser, UpdateUser
from .._operations.voicemail import AssociateVoicemail
from .._state.state import ServerState
from .concurrency import overwritten_parts, second_comers, used_by_others
from .work_items import WorkItem, dependents_of, depends_on

UNIQUE_FIELDS = frozenset(field.name for field in USER.unique_fields)


class RunHistory:
    """Holds the performed operations of each item, and whether the run has stopped.

    performed: the operations of each item in order, without those that were undone. stopped: whether no other item
    may begin. is_built: says whether everything of an item but its linking operations was carried out.
    """

    def __init__(self, continue_on_error: bool, is_built: Callable[[WorkItem], bool] | None = None) -> None:
        self.continue_on_error = continue_on_error
        self._is_built = is_built or self._has_performed_builds
        self.performed: dict[WorkItem, list[Operation]] = {}
        self.stopped = False

    def operations_of(self, item: WorkItem) -> list[Operation]:
        """Return the list of performed operations of an item, for ``apply`` to extend."""
        return self.performed.setdefault(item, [])

    def is_performed(self, item: WorkItem, operation: Operation) -> bool:
        """Return whether an operation was performed and not undone."""
        return any(operation is each for each in self.performed.get(item, ()))

    def may_begin(self, item: WorkItem, backend: Backend, links: bool = False) -> bool:
        """Return whether a batch of an item may be carried out. An item that depends on a failed one fails too.

        links: whether the batch has the linking operations. They complete an item that was built, also after the run
        was stopped, if all that they lead to was built.
        """
        if not item.active or (self.stopped and not (links and self.performed.get(item))):
            return False
        failed = {each for each in (item.links_to if links else item.waits_for) if not each.active}
        if failed:
            self.fail(item, depends_on(failed), backend)
        elif self.stopped:
            return all(map(self._is_built, (item, *item.links_to)))
        return not failed

    def _has_performed_builds(self, item: WorkItem) -> bool:
        built = (*item.teardown_operations, *item.build_operations)
        return all(self.is_performed(item, operation) for operation in built)

    def fail(self, item: WorkItem, problem: object, backend: Backend, gives_way: bool = False) -> None:
        """Put back what was changed for an item and for the items that depend on it, and nothing else.

        Stop the run unless ``continue_on_error`` is set. problem: the error, or a sentence. After a time-out, nothing
        of the item itself is put back (see ``rollback``).
        What others link to stays, and of such an item only the links are put back: the next run completes it.
        gives_way: whether it must not stay; then the others fail, and their links are put back instead.
        """
        item.fail(problem)
        dependents = self._dependents_of({item})
        for each in dependents:
            each.fail(depends_on([item]))
        items = {item, *dependents}
        partial = self._fail_linkers(items) if gives_way else self._targets(items)
        self._put_back(items | partial, backend, item if isinstance(problem, TimedOutError) else None, partial)
        self.stopped = not self.continue_on_error

    def put_back_unfinished(self, items: Collection[WorkItem], backend: Backend) -> None:
        """Put back what was changed for items that have begun and that a stopped run has not finished."""
        begun = {item for item in items if item.active and self.performed.get(item)}
        dependents = self._dependents_of(begun)
        for each in dependents:
            each.fail(depends_on(sorted(begun, key=lambda item: item.index)))
        items = begun | dependents
        self._put_back(items, backend, partial=self._targets(items))

    def _linkers_of(self, items: Collection[WorkItem]) -> set[WorkItem]:
        """Return the other active items whose links lead to what one of these has created."""
        return {
            each
            for each, done in self.performed.items()
            if each.active
            and each not in items
            and not each.links_to.isdisjoint(items)
            and any(operation.is_link for operation in done)
        }

    def _targets(self, items: Collection[WorkItem]) -> set[WorkItem]:
        """Return those of these items that others link to."""
        return {target for each in self._linkers_of(items) for target in each.links_to if target in items}

    def _fail_linkers(self, items: Collection[WorkItem]) -> set[WorkItem]:
        """Fail the other items that link to these, and return them."""
        linkers = self._linkers_of(items)
        for each in linkers:
            each.fail(depends_on(each.links_to & {*items}))
        return linkers

    def _dependents_of(self, items: Collection[WorkItem]) -> set[WorkItem]:
        """Return the items with changes that wait for one of these, directly or not."""
        return dependents_of(items, [each for each, done in self.performed.items() if done])

    def _put_back(
        self,
        items: set[WorkItem],
        backend: Backend,
        timed_out: WorkItem | None = None,
        partial: Collection[WorkItem] = (),
    ) -> None:
        """Reverse the operations of items, the last one first. What cannot be reversed becomes part of the problem.

        A removal that has deleted a line or a user stays as it is: the next run removes the rest. timed_out: the item
        whose last operation timed out. partial: the items of which only the links are reversed.
        """
        final = {item for item in items if item.absent and any(each.is_final for each in self.operations_of(item))}
        work = {
            id(operation): (item, operation)
            for item in items
            if item not in final
            for operation in self.operations_of(item)
            if operation.is_link or item not in partial
        }
        used = {id(each) for item in items - final for each in used_by_others(item, self.operations_of(item), backend)}
        unanswered = self.operations_of(timed_out) if timed_out else ()
        outcome = rollback(backend, [each for _item, each in work.values() if id(each) not in used], unanswered)
        undone = {id(operation) for operation in outcome.reversed}
        for item in items:
            done = self.operations_of(item)
            done[:] = [each for each in done if id(each) not in undone]
            own = {id(operation) for owner, operation in work.values() if owner is item}
            left = [text for operation, text in outcome.left if id(operation) in own]
            if left:
                item.problem = f"{as_sentence(item.problem)} {LEFT_BEHIND}{'; '.join(left)}.".strip()
            failed = {id(operation) for operation, _text in outcome.left}
            kept = [operation.text for operation in done if id(operation) not in failed]
            kept += [text for operation, text in outcome.lasting if id(operation) in own]
            if kept:
                advice = self._advice(item in final, item in partial, not used.isdisjoint(map(id, done)))
                item.problem = f"{as_sentence(item.problem)} {NOT_PUT_BACK}{'; '.join(kept)}.{advice}"

    @staticmethod
    def _advice(is_final: bool, is_partial: bool, is_used: bool) -> str:
        """Return what to do about what was not put back; '' for nothing."""
        if is_used:
            return " Another run has changed the same user."
        if is_partial:
            return " Run again to complete it."
        return " Run again to remove the rest." if is_final else ""

    def users_given(self, voicemail: Voicemail) -> set[int]:
        """Return the ids of the users whom the run has associated with a voicemail."""
        return {
            id_of(operation.user)
            for operations in self.performed.values()
            for operation in operations
            if isinstance(operation, AssociateVoicemail) and operation.voicemail is voicemail
        }

    def verify(self, state: ServerState, backend: Backend) -> None:
        """Let the items fail that have to give way to another run. state: read after all operations.

        Write again what another run has overwritten without looking.
        """
        for item, problem in second_comers(self.performed, state):
            self.fail(item, problem, backend, gives_way=True)
        # A later item may have written the same settings: a leaver is taken out of fallbacks that an entry then sets.
        owners = {id(each): item for item, done in self.performed.items() if item.active for each in done}
        done = [each for item, many in self.performed.items() if item.active for each in many]
        for overwritten in overwritten_parts(sorted(done, key=lambda each: each.performed_at), state):
            try:
                perform(overwritten, backend)
            except ConfdError as error:
                self.fail(owners[id(overwritten)], error, backend)

    def needs_verification(self, backend: Backend) -> bool:
        """Return whether another run could have done the same, or have overwritten what this one wrote.

        This is so if users were created, or got lines, numbers, unique values, or settings that others can overwrite.
        """
        kinds = (CreateUser, AssociateUserLine, AssociateLineExtension)
        return any(
            isinstance(operation, kinds)
            or (isinstance(operation, UpdateExtension) and operation.moves)
            or (isinstance(operation, UpdateUser) and not UNIQUE_FIELDS.isdisjoint(operation.old))
            or operation.resource_type in backend.overwritable_parts
            for item, operations in self.performed.items()
            if item.active
            for operation in operations
        )
