# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the parts of files that follow from the tables of fields, the documentation of the modules and the layers.

A generated part stands between the lines ``# BEGIN name`` and ``# END name``. A key that the same mapping or list
already has outside of the markers is left out of it. Everything else is written by hand, except the sentences of the
options that say on which servers a field exists.

``make generate`` (or ``python -m support.generate``) writes the files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import GENERATIONS
from ansible_collections.xivo.confd.plugins.module_utils._model.masking import MASK
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import (
    RESOURCES,
    USER_PARTS,
    Field,
    Resource,
)
from ansible_collections.xivo.confd.plugins.module_utils._tasks.query import LISTINGS
from support import environment_docs, layer_docs, playbook_docs, report_docs
from support.entry_schema import schema_documents
from support.generated_yaml import render
from support.module_docs import MODULES, documentation_in
from support.paths import ROOT

LIST_MODULE = MODULES / "confd_provisioned_users.py"
LIST_OPTION = "users"
ROLE_DOES_IT = ("stepwise", "plan_only", "return_plan_document", "approved_plan_data")
NOT_IN_ROLE = frozenset({LIST_OPTION, *ROLE_DOES_IT, "existing_users", "report_beyond"})
"""Options of the list module that are no variables of the role."""
MASKED = "Masked. Null if it is not set."
BLOCK = re.compile(
    r"^(?P<indent> *)# BEGIN (?P<name>[^\n]+)\n(?P<body>.*?)^(?P=indent)# END (?P=name)$", re.MULTILINE | re.DOTALL
)
AVAILABILITY = re.compile(r"^ +- (?:Not|Only) available on .*\n", re.MULTILINE)
KEY = re.compile(r"(?:- )?(?P<key>\w+)(?::|$)")

Data = dict[str, Any]


class Tree:
    """The files of the collection with their generated parts brought up to date, as far as that was asked for."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self._texts: dict[Path, str] = {}

    def read(self, path: Path) -> str:
        """Return the text of a file, with the generated parts that were updated already."""
        if path not in self._texts:
            self._texts[path] = (self.root / path).read_text(encoding="utf-8")
        return self._texts[path]

    def update(self, path: Path) -> None:
        """Write the generated parts of a file anew. Raises KeyError for a marker that no generator knows."""
        text = self.read(path)
        resource = RESOURCES.get(path.stem.removeprefix("confd_"))
        if resource and path.parent == MODULES:
            text = with_availability(text, resource)
        self._texts[path] = BLOCK.sub(lambda found: self._block(path, text, found), text)

    def outdated(self) -> dict[Path, str]:
        """Return {path: new text} of the files that differ from those on the disk."""
        return {path: text for path, text in self._texts.items() if text != (self.root / path).read_text("utf-8")}

    def documentation(self, path: Path, part: str = "DOCUMENTATION") -> Data:
        """Return DOCUMENTATION or RETURN of a module."""
        return documentation_in(self.read(path), part)

    def _block(self, path: Path, text: str, found: re.Match[str]) -> str:
        kind, _of, subject = found["name"].partition(" of ")
        data = GENERATORS[kind](self, path, subject)
        own = siblings(text, found)
        body = render(_without(data, own), found["indent"])
        return f"{found['indent']}# BEGIN {found['name']}\n{body}{found['indent']}# END {found['name']}"


def siblings(text: str, found: re.Match[str]) -> set[str]:
    """Return the keys beside a block that were written by hand: those of the same indentation in the same mapping."""
    before = text[: found.start()].splitlines()
    after = text[found.end() + 1 :].splitlines()
    return set(_keys(reversed(before), found["indent"])) | set(_keys(after, found["indent"]))


def _keys(lines: Iterable[str], indent: str) -> Iterable[str]:
    for line in lines:
        if line.strip() and not line.startswith(indent):
            return
        match = KEY.match(line[len(indent) :])
        if match:
            yield match["key"]


def _without(data: Any, own: set[str]) -> Any:
    if isinstance(data, dict):
        return {key: value for key, value in data.items() if key not in own}
    return [value for value in data if value not in own]


# What is generated


def availability(resource: Resource, field: Field) -> str:
    """Return the sentence that says on which servers a field exists; '' if it exists on all of them."""
    absent = [each.servers for each in GENERATIONS.values() if not each.has_field(resource, field.name)]
    present = [each.servers for each in GENERATIONS.values() if each.has_field(resource, field.name)]
    if not absent:
        return ""
    return min(
        f"Not available on {' and on '.join(absent)}.", f"Only available on {' and on '.join(present)}.", key=len
    )


def with_availability(text: str, resource: Resource) -> str:
    """Return a module's text in which the options of the resource's fields say on which servers they exist."""
    for field in () if is_part(resource) else resource.fields:
        sentence = availability(resource, field)
        item = f"      - {sentence}\n" if sentence else ""
        option = re.compile(rf"^  {field.name}:\n    description:\n(?:      .*\n)+", re.MULTILINE)
        text = option.sub(lambda found, item=item: AVAILABILITY.sub("", found[0]) + item, text, count=1)
    return text


def generations(_tree: Tree, _path: Path, _subject: str) -> list[str]:
    """Return the choices of confd_api besides auto."""
    return list(GENERATIONS)


def servers(_tree: Tree, _path: Path, _subject: str) -> list[str]:
    """Return the sentences that say which servers these choices stand for."""
    return [f"V({api}) stands for {backend.servers}." for api, backend in GENERATIONS.items()]


def names(_tree: Tree, _path: Path, subject: str) -> list[str]:
    """Return the keys by which an info module can filter and order."""
    listing = next(each for each in LISTINGS if each.resource.name == subject)
    return list(listing.keys)


def entry_options(tree: Tree, _path: Path, subject: str) -> Data:
    """Return the sub-options of an entry for a resource: short, with a reference to the module of the resource."""
    resource = RESOURCES[subject]
    documented = _module_options(tree, resource)
    return {name: _entry_option(resource, name, each, documented[name]) for name, each in resource.options.items()}


def _entry_option(resource: Resource, name: str, fields: Field | dict[str, Field], option: Data) -> Data:
    see = f"See O(xivo.confd.confd_{resource.name}#module:{name})"
    if isinstance(fields, dict):
        inner = option["suboptions"]
        return {
            "description": f"{_summary(option)} {see}.",
            "type": "dict",
            "suboptions": {
                key: {"description": _summary(inner[key]), "type": field.type} for key, field in fields.items()
            },
        }
    also = " and O(update_password)" if fields.secret and "update_password" in str(option["description"]) else ""
    servers = "" if is_part(resource) else availability(resource, fields)
    return {
        "description": " ".join(filter(None, (_summary(option), servers, f"{see}{also}."))),
        "type": fields.option_type,
    }


def is_part(resource: Resource) -> bool:
    """Return whether a resource is settings of a user, whose module says where all of them exist."""
    return resource in USER_PARTS.values()


def returned_fields(tree: Tree, path: Path, subject: str) -> Data:
    """Return the documentation of a resource's fields in the RETURN of its module or of its info module.

    Summaries come from the options of the resource's module, samples from the sample of its returned object.
    """
    resource = RESOURCES[subject]
    module = MODULES / f"confd_{resource.name}.py"
    returned = tree.documentation(module, "RETURN")[resource.name]
    options = _module_options(tree, resource)
    # A device is documented by what its module returns, because only few of its fields can be set.
    documented = options if options.keys() >= set(resource.options) else returned["contains"]
    samples = returned.get("sample") or {name: each.get("sample") for name, each in returned["contains"].items()}
    is_info = path != module
    can_reveal = "return_secrets" in tree.documentation(path)["options"]
    return {
        name: _returned_option(name, option, documented[name], samples)
        if isinstance(option, dict)
        else _returned_field(
            resource, option, _summary(documented[name]), samples, is_info=is_info, can_reveal=can_reveal
        )
        for name, option in resource.options.items()
    }


def _returned_option(name: str, fields: Mapping[str, Field], documented: Data, samples: Data) -> Data:
    inner = documented["suboptions"]
    contains = {
        key: {"description": _summary(inner[key]), "type": field.type, "returned": "always"}
        for key, field in fields.items()
    }
    sample = {"sample": samples[name]} if samples.get(name) else {}
    return {"description": _summary(documented), "type": "dict", "returned": "always", "contains": contains, **sample}


def _returned_field(
    resource: Resource, field: Field, summary: str, samples: Data, *, is_info: bool, can_reveal: bool
) -> Data:
    if is_part(resource):
        sample = {} if samples.get(field.name) is None else {"sample": samples[field.name]}
        elements = {"elements": "str"} if field.type == "list" else {}
        kind = "dict" if field.type == "raw" else field.type
        return {"description": summary, "type": kind, "returned": "always", **elements, **sample}
    servers = availability(resource, field)
    null = ("Null there." if servers.startswith("Not") else "Null on other servers.") if servers and not is_info else ""
    sample = MASK if field.secret else samples.get(field.name)
    masked = "Masked unless O(return_secrets=true). Null if it is not set." if can_reveal else MASKED
    text = " ".join(filter(None, (summary, servers, null, masked if field.secret else "")))
    returned = "on servers that have this field" if servers and is_info else "always"
    kind = "str" if field.type == "raw" else field.option_type
    return {
        "description": text,
        "type": kind,
        "returned": returned,
        **({} if sample is None else {"sample": sample}),
    }


def _module_options(tree: Tree, resource: Resource) -> Data:
    options: Data = tree.documentation(MODULES / f"confd_{resource.name}.py")["options"]
    return options


def _summary(documented: Mapping[str, Any]) -> str:
    """Return the first paragraph of a description."""
    description = documented["description"]
    return description if isinstance(description, str) else str(description[0])


# The role's argument specs


def role_entry(tree: Tree, _path: Path, _subject: str) -> Data:
    """Return the keys of an entry as the argument spec of the role has them."""
    options = tree.documentation(LIST_MODULE)["options"]
    return _role_options(options[LIST_OPTION]["suboptions"], options)


def role_options(tree: Tree, _path: Path, _subject: str) -> Data:
    """Return the options of the list module that the role has as variables."""
    options = tree.documentation(LIST_MODULE)["options"]
    shared = {name: option for name, option in options.items() if name not in NOT_IN_ROLE}
    return {f"provision_{name}": option for name, option in _role_options(shared, options).items()}


def _role_options(options: Mapping[str, Any], top: Mapping[str, Any]) -> Data:
    return {name: _role_option(option, top) for name, option in options.items()}


def _role_option(option: Mapping[str, Any], top: Mapping[str, Any]) -> Data:
    result: Data = {"description": _for_role(option["description"], top)}
    result.update((key, option[key]) for key in ("type", "elements", "required", "default", "choices") if key in option)
    if "suboptions" in option:
        result["options"] = _role_options(option["suboptions"], top)
    return result


def _for_role(description: str | Sequence[str], top: Mapping[str, Any]) -> str | list[str]:
    """Return a description whose references to options and results of the list module mean those of the role."""
    if not isinstance(description, str):
        return [str(_for_role(each, top)) for each in description]
    names = "|".join(map(re.escape, top))
    text = re.sub(rf"\bO\(({names})(?=[\[.=)])", r"O(provision_\1", description)
    return re.sub(r"\bRV\((?![^)]*#)", "RV(xivo.confd.confd_provisioned_users#module:", text)


Generator = Callable[[Tree, Path, str], Any]
GENERATORS: dict[str, Generator] = {
    "generations": generations,
    "servers": servers,
    "names": names,
    "options": entry_options,
    "results": returned_fields,
    "entry": role_entry,
    "variables": role_options,
}
"""{first word of a marker: what it stands for}. The rest of a marker names the resource or the module."""


def update_all(root: Path = ROOT) -> dict[Path, str]:
    """Return {path: new text} of all files whose generated parts are not up to date."""
    tree = Tree(root)
    for path in generated_files(root):
        tree.update(path)
    return tree.outdated()


def generated_files(root: Path = ROOT) -> list[Path]:
    """Return the files that have generated parts, each after those that it is made from."""
    found = (
        path.relative_to(root)
        for folder, ending in (("plugins", "*.py"), ("roles", "*.yml"))
        for path in sorted((root / folder).rglob(ending))
        if BLOCK.search(path.read_text(encoding="utf-8"))
    )
    return sorted(found, key=_rank)


def _rank(path: Path) -> tuple[int, str]:
    """Order modules of resources before the list module, and both before what repeats them."""
    if path.parent != MODULES:
        return (3, str(path))
    return (2 if path == LIST_MODULE else 1 if path.stem.endswith("_info") else 0, str(path))


def of_schema() -> dict[Path, str]:
    """Return {file: text} of the schema of entries."""
    return schema_documents(Tree().documentation(LIST_MODULE)["options"][LIST_OPTION]["suboptions"])


def main() -> None:
    """Bring all generated parts up to date."""
    _write(update_all())
    # These are made of the documentation that has just been written.
    _write(layer_docs.documents() | report_docs.documents() | of_schema())
    _write(playbook_docs.documents() | environment_docs.documents())


def _write(made: Mapping[Path, str]) -> None:
    for path, text in made.items():
        file = ROOT / path
        if not file.exists() or file.read_text("utf-8") != text:
            file.write_text(text, encoding="utf-8")
            print(file.relative_to(ROOT))


if __name__ == "__main__":
    main()
