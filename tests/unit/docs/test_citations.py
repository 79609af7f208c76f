# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that every citation of docs/servers and docs/design.md names a heading, a trap or a rule that exists.

docs/servers/README.md describes the one form of a citation.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from support.paths import ROOT

SERVERS = ROOT / "docs" / "servers"
DESIGN = ROOT / "docs" / "design.md"
FOLDERS = ("plugins", "tests", "docs", "roles")
PAGES = ("README.md", "CONTRIBUTING.md")
SUFFIXES = {".py", ".md", ".yml", ".txt"}

SERVER = r"\b(?:person-)?(?:xivo|wazo)-\d\d\.\d\d\b"
NAME = rf"(?:{SERVER}|\bobservations\b|\bdesign\b)"
TARGET = r'(?:"[^"]+"|(?:trap|rule) \d+\b)'
CITATION = re.compile(rf"({NAME})\.md, ({TARGET}(?:(?:,? and |, ){TARGET})*)(?! and \d)")
LINK = re.compile(rf"(?:\]\(|<)[^()<>\s]*?({NAME})(?:\.md(?:#[^()\s]*)?\)|>)")
"""A link of Markdown, or an entry of a table of contents, which has no ``.md``."""
MENTION = re.compile(
    rf"""
    {SERVER} (?! \.jsonl )      # a page, but not the recording of the same server
    | \b observations\.md | \b design\.md | \b DESIGN \b
    | \b facts \s files? \b
    | \b (?: [Tt]raps? | [Rr]ules? ) \s \d+ \b    # a trap or a rule of no page
    | \b [Ss]ections? \s ["\d]  # a section of no page
    """,
    re.VERBOSE,
)
SEPARATOR = re.compile(r" \(|:|,|;| - ")
"""Where a cited heading may end."""
LIST_BEGINS = re.compile(r"\btraps\b.*\bfirst\b|^## The rules$", re.IGNORECASE)
AROUND_LINE = re.compile(r"^\s*(?:#+\s+)?|\s+$")
"""What surrounds the text of a line of a comment, a docstring or a page."""


@dataclass
class Page:
    """A page that is cited: its headings by every text that cites them, and the numbers of its traps or rules."""

    headings: dict[str, set[str]] = field(default_factory=dict)
    numbered: set[int] = field(default_factory=set)

    @classmethod
    def read(cls, text: str) -> Page:
        """Return the page that a Markdown text describes."""
        page, in_list = cls(), False
        for line in text.splitlines():
            heading = re.match(r"#+ (.*)", line)
            if heading:
                page.add_heading(heading[1].replace("`", "").strip())
            # What introduces the list is a heading in some pages, and a sentence in others.
            if heading or LIST_BEGINS.search(line):
                in_list = bool(LIST_BEGINS.search(line))
            number = re.match(r"(\d+)\. ", line)
            if number and in_list:
                page.numbered.add(int(number[1]))
        return page

    def add_heading(self, heading: str) -> None:
        """Register a heading under its text and under each beginning by which it may be cited."""
        for end in (len(heading), *(separator.start() for separator in SEPARATOR.finditer(heading))):
            self.headings.setdefault(heading[:end], set()).add(heading)

    def problem(self, target: str) -> str:
        """Return why a target such as ``trap 3`` or ``"users"`` is dead, or ''."""
        kind, _blank, number = target.partition(" ")
        if kind in ("trap", "rule"):
            return "" if int(number) in self.numbered else f"has no such {kind}"
        quoted = target.strip('"')
        found = self.headings.get(quoted, set())
        if len(found) > 1 and quoted not in found:
            return "has several headings that begin like this"
        return "" if found else "has no such heading"


@dataclass(frozen=True)
class Text:
    """The text of a file on one line, without comment signs, and where its lines begin in it."""

    name: str
    content: str
    starts: tuple[int, ...]

    @classmethod
    def join(cls, name: str, text: str) -> Text:
        """Return the lines of a file joined by blanks, since a citation may continue on the next line."""
        lines = [AROUND_LINE.sub("", line) for line in text.splitlines()]
        starts = [0]
        for line in lines[:-1]:
            starts.append(starts[-1] + len(line) + 1)
        return cls(name, " ".join(lines), tuple(starts))

    def place(self, offset: int) -> str:
        """Return ``file:line`` of an offset in the content."""
        return f"{self.name}:{bisect_right(self.starts, offset)}"

    def dead(self, pages: dict[str, Page]) -> Iterator[str]:
        """Yield a sentence for each citation and link of something that does not exist."""
        for link in LINK.finditer(self.content):
            if link[1] not in pages:
                yield f"{self.place(link.start())}: {link[1]}.md does not exist"
        for citation in CITATION.finditer(self.content):
            where, page = self.place(citation.start()), pages.get(citation[1])
            if page is None:
                yield f"{where}: {citation[1]}.md does not exist"
                continue
            for target in re.findall(TARGET, citation[2]):
                problem = page.problem(target)
                if problem:
                    yield f"{where}: {citation[1]}.md, {target}: the page {problem}"

    def malformed(self) -> Iterator[str]:
        """Yield a sentence for each line that mentions a page, a trap or a section neither by citation nor by link."""
        formed = [match.span() for pattern in (CITATION, LINK) for match in pattern.finditer(self.content)]
        found: dict[str, str] = {}
        for mention in MENTION.finditer(self.content):
            if not any(start <= mention.start() < end for start, end in formed):
                around = self.content[max(0, mention.start() - 30) : mention.end() + 60]
                found.setdefault(self.place(mention.start()), around)
        yield from (f"{place}: not in the form of docs/servers: ...{around}..." for place, around in found.items())


@cache
def read_pages() -> dict[str, Page]:
    """Return the pages that may be cited by their name without ``.md``."""
    paths = [*SERVERS.glob("*-*.md"), SERVERS / "observations.md", DESIGN]
    return {path.stem: Page.read(path.read_text(encoding="utf-8")) for path in paths}


@cache
def read_texts() -> tuple[Text, ...]:
    """Return the texts that may cite, without the pages themselves and without this file, which has dead samples."""
    paths = [ROOT / name for name in PAGES]
    for folder in FOLDERS:
        paths += sorted(path for path in (ROOT / folder).rglob("*") if path.suffix in SUFFIXES)
    return tuple(
        Text.join(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
        for path in paths
        if SERVERS not in path.parents and path not in (DESIGN, Path(__file__).resolve())
    )


def test_cited_headings_and_traps_exist() -> None:
    pages, texts = read_pages(), read_texts()

    assert any(CITATION.search(text.content) for text in texts)
    assert [sentence for text in texts for sentence in text.dead(pages)] == []


def test_pages_are_named_in_the_one_form() -> None:
    malformed = [sentence for text in read_texts() for sentence in text.malformed()]

    if malformed:
        pytest.fail("\n".join([f"{len(malformed)} places:", *malformed]), pytrace=False)


@pytest.mark.parametrize(
    ("name", "numbered", "heading"),
    [
        ("xivo-15.12", 8, "users list"),
        ("xivo-16.16", 8, "Speed"),
        ("wazo-26.08", 0, "5.2 Line"),
        ("person-xivo-15.12", 12, "Lengths of users"),
        ("person-xivo-16.16", 11, "callpermissions"),
        ("person-wazo-26.08", 18, "1.1 Through confd"),
        ("observations", 0, "Wazo 26.08: users"),
        ("design", 20, "Identity"),
    ],
)
def test_pages_are_read(name: str, numbered: int, heading: str) -> None:
    page = read_pages()[name]

    assert page.numbered == set(range(1, numbered + 1))
    assert page.problem(f'"{heading}"') == ""


@pytest.mark.parametrize(
    "text",
    [
        '"""See xivo-15.12.md, "users list"."""',
        "# (xivo-15.12.md, trap 3)",
        '    # Slow: see xivo-16.16.md,\n    # "users list" and trap 4.',
        'xivo-15.12.md, "users", trap 1 and trap 5',
        'xivo-15.12.md, "users" and "users\nlist", and xivo-16.16.md, "users"',
        'wazo-26.08.md, "How fast"',
        "[What a Wazo answers](servers/wazo-26.08.md#3-auth-tenants-base-url)",
        "Wazo 26.08 <servers/wazo-26.08>",
        'read("xivo-15.12.jsonl")',
        "Undo what this run made (design.md, rule 13)",
    ],
)
def test_a_citation_is_found_alive(text: str) -> None:
    joined = Text.join("sample.py", text)

    assert [*joined.dead(read_pages()), *joined.malformed()] == []
    assert CITATION.search(joined.content) or ".jsonl" in text or LINK.search(joined.content)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('\nxivo-15.12.md, "nothing"', 2, "no such heading"),
        ('xivo-15.12.md, "user"', 1, "no such heading"),
        ("xivo-15.12.md, trap 9", 1, "no such trap"),
        ("wazo-26.08.md, trap 1", 1, "no such trap"),
        ("design.md, rule 99", 1, "no such rule"),
        ('xivo-17.01.md, "users"', 1, "does not exist"),
        ("[XiVO](servers/xivo-17.01.md)", 1, "does not exist"),
        ('#\n# xivo-15.12.md, "users" and\n# "nothing"', 2, "no such heading"),
    ],
)
def test_a_dead_citation_is_found(text: str, line: int, words: str) -> None:
    (sentence,) = Text.join("sample.py", text).dead(read_pages())

    assert sentence.startswith(f"sample.py:{line}: ")
    assert words in sentence


@pytest.mark.parametrize(
    "text",
    [
        "facts file, users",
        "see xivo-16.16",
        "xivo-15.12.md, users",
        "xivo-15.12.md",
        "xivo-15.12.md, traps 3 and 6",
        "xivo-15.12.md, trap 3 and 6",
        "xivo-15.12.md, trap 13 and 6",
        "the PUT is dropped (trap 1)",
        "secrets stay secret (rule 10)",
        '(section "users list")',
        "embedded (section 6)",
    ],
)
def test_another_form_is_found(text: str) -> None:
    (sentence,) = Text.join("sample.py", f"first line\n{text}").malformed()

    assert sentence.startswith("sample.py:2: ")
