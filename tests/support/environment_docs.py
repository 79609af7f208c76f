# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents the environment variables: a page of the reference, which antsibull-docs cannot make of modules.

Those of the options come from the argument specs and the documentation of the options, the others from
docs/variables.yml.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import CONNECTION_SPEC, JOURNAL_SPEC
from support.doc_markup import convert, first_sentence, paragraphs
from support.generated_yaml import render
from support.module_docs import options_of_fragment
from support.paths import ROOT
from support.playbook_variables import source

DOCSITE = ROOT / "docs" / "docsite"
PAGE = DOCSITE / "rst" / "environment_variables.rst"
CONFIG = DOCSITE / "config.yml"
LABEL = "ansible_collections.xivo.confd.docsite.environment_variables"
INTRODUCTION = """\
.. From docs/variables.yml, the argument specs and the documentation of the modules, by make generate.

.. _{label}:

Environment variables
=====================

The modules read these environment variables of the ``ansible-playbook`` process. An option that is set has precedence
over its environment variable, and an environment variable that is empty counts as not set. AWX sets those of the
connection from a credential of the type that ``playbooks/awx/controller.yml`` defines.
"""
FURTHER = """\
Variables of other programs
---------------------------

These variables are also read by other programs.
"""


def options() -> dict[str, str]:
    """Return {environment variable: the option that it stands for}."""
    return {name: option for option, names in fallbacks(CONNECTION_SPEC | JOURNAL_SPEC).items() for name in names}


def fallbacks(spec: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return {option: environment variables that it is read from} of an argument spec."""
    return {name: each["fallback"][1] for name, each in spec.items() if "fallback" in each}


def own() -> list[str]:
    """Return the environment variables of this collection."""
    return [*options(), *(name for name, each in source()["environment"].items() if "of" not in each)]


def documents() -> dict[Path, str]:
    """Return {file: text} of the page, and of what tells antsibull-docs which variables it documents."""
    config = "---\n# By make generate.\n" + render({"envvar_directives": own()}, "")
    return {PAGE: "\n".join(_page()), CONFIG: config}


def _page() -> Iterator[str]:
    yield INTRODUCTION.format(label=LABEL)
    documented = options_of_fragment("connection") | options_of_fragment("journal")
    for name, option in options().items():
        module = "confd_user" if option in JOURNAL_SPEC else "confd_user_info"
        text = f"{convert(first_sentence(documented[option]['description']), mark='``')}."
        see = f"Is used if the option :ansopt:`xivo.confd.{module}#module:{option}` is omitted."
        yield _entry(name, text, see)
    for name, each in source()["environment"].items():
        if "of" not in each:
            yield _entry(name, *(convert(text, mark="``") for text in paragraphs(each["description"])))
    yield FURTHER
    for name, each in source()["environment"].items():
        if "of" in each:
            texts = " ".join(convert(text, mark="``") for text in paragraphs(each["description"]))
            reader = f"*Read by:* {each['of']}."
            yield f"``{name}``\n{_indented(f'{texts} {reader}')}\n"


def _entry(name: str, *texts: str) -> str:
    return "\n".join([f".. envvar:: {name}\n", *(f"{_indented(text)}\n" for text in texts)])


def _indented(text: str) -> str:
    return textwrap.fill(
        text, 120, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False, break_long_words=False
    )
