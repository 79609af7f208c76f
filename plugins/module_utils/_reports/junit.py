# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes JUnit XML, which CI servers show: suites of test cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree

from .._model.printable import printable_lines


class Suite:
    """A suite of test cases, of which no two have one name."""

    def __init__(self, name: Any, **attributes: Any) -> None:
        self._name = _text(name)
        self._attributes = {key: _text(value) for key, value in attributes.items()}
        self._names: Counter[str] = Counter()
        self._element = ElementTree.Element("testsuite")

    def case(self, name: str) -> ElementTree.Element:
        """Return a new test case, which has passed so far."""
        self._names[name] += 1
        unique = f"{name} [{self._names[name]}]" if self._names[name] > 1 else name
        case = ElementTree.SubElement(self._element, "testcase")
        case.attrib.update(classname=self._name, name=_text(unique), time="0")
        return case

    @property
    def element(self) -> ElementTree.Element:
        """Return the suite with the numbers of its cases."""
        self._element.attrib.update(name=self._name, **self._attributes, **_counts([self._element]))
        return self._element


def add_problem(case: ElementTree.Element, tag: str, kind: str, text: str, advice: str = "") -> None:
    """Add to a test case what is wrong. tag: failure, error or skipped; kind: a word for it; advice: what to do."""
    first, _newline, more = text.partition("\n")
    summary = f"{kind}: {first} ..." if more else f"{kind}: {first}"
    problem = ElementTree.SubElement(case, tag, {"message": _text(summary)})
    if tag != "skipped":
        problem.set("type", kind)
        problem.text = _text(f"{text}\n{advice}" if advice else text)


def document(title: Any, suites: Iterable[Suite]) -> str:
    """Return a document <testsuites>."""
    elements = [each.element for each in suites]
    root = ElementTree.Element("testsuites", {"name": _text(title), **_counts(elements)})
    root.extend(elements)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _counts(elements: list[ElementTree.Element]) -> dict[str, str]:
    tags = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}
    return {name: str(sum(len(list(each.iter(tag))) for each in elements)) for name, tag in tags.items()}


def _text(value: Any) -> str:
    """Return any text with printable characters and line breaks only. XML 1.0 cannot hold some others, even escaped."""
    return printable_lines(str(value))
