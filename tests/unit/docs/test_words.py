# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that texts for people use the terms of docs/glossary.md, British spelling and plain phrases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.paths import ROOT
from support.prose import Prose, prose_files, prose_of_file, prose_of_messages, prose_of_page, prose_of_yaml

TERMS = {
    r"(?-i:caller id|Caller id|Caller Id|[Cc]aller-ID|callerid|CallerID)s?": "caller ID",
    r"voice[ -]mails?|mail ?box(es)?": "voicemail",
    r"emails?": "e-mail",
    r"(?-i:telephones?)(?! (system|user|book|number|client))|handsets?": "phone",
    r"(?-i:DIDs?|DDIs?)|direct[ -]dial (number|in)s?": "direct number",
    r"auto-prov|auto ?provisioning": "autoprov",
    r"SIP passwords?": "SIP secret",
    r"check-mode|dry[ -]runs?": "check mode",
    r"user[ -]names?": "username",
    r"time-outs?": "timeout",
    r"change log": "changelog",
    r"plug-ins?": "plugin",
    r"(?-i:Xivo|XIVO)": "XiVO",
    r"(?-i:WAZO)": "Wazo",
    r"(?-i:PBX|IP-PBX)": "IPBX",
    r"homonyms?|namesakes?": "users of the same name",
    r"whitelists?|blacklists?": "allowlist, blocklist",
    r"data base": "database",
    r"e\.g\.|i\.e\.|etc\.": "for example, that is, and so on",
}
"""Words that are not used, and the term to use instead. Case matters only inside of (?-i:...)."""

SPELLING = {
    r"colors?": "colour",
    r"behaviors?": "behaviour",
    r"favorites?": "favourite",
    r"honor(s|ed)?": "honour",
    r"neighbors?": "neighbour",
    r"gray": "grey",
    r"centers?|centered": "centre",
    r"canceled|canceling": "cancelled, cancelling",
    r"labeled|labeling": "labelled, labelling",
    r"modeled|modeling": "modelled, modelling",
    r"catalogs?": "catalogue",
    r"licenses?": "licence (the noun)",
    r"analyz(e|es|ed|ing)": "analyse",
    r"fulfill(s)?": "fulfil",
    r"(\w*)(recogn|organ|synchron|initial|normal|serial|author|parametr|parameter|minim|optim|custom|summar|"
    r"categor|general|util|special|real|emphas|standard|capital|final|visual)iz(e|es|ed|er|ing|ation|ations)": "-is-",
}
"""American spellings, and the British ones."""

PHRASES = {
    r"is none of|are none of": "is not in",
    r"who leaves( by name)?": "a user who is removed",
    r"(nothing|everything|what) that the server made up|made up(?! of)": "generated",
    r"(any|every)body on the way|read along": "anyone who can intercept the connection",
    r"whatever else": "the other ...",
    r"take somebody apart|takes? apart": "remove",
    r"may still be at it|be at it|at work on it": "may still be running",
    r"(give|gives|giving) way": "stop",
    r"is taken away from anybody|from anybody": "from another user",
    r"(is|are|was|were) meant": "the entry identifies, the option selects",
    r"whom no entry means|no entry means": "unmanaged users",
    r"shall be": "should be, is to be",
    r"makes? it so": "changes the server to match",
    r"to the last one": "all of them",
    r"the people of the house": "the users",
    r"in vain|for nothing": "without success",
    r"picked silently": "chosen by the collection itself",
    r"two that fit|that fit are": "if two objects match",
    r"(is|are|was|were) gone": "is removed, does not exist",
    r"all the same": "still",
    r"but for": "except for",
    r"(of|from) nobody|nobody's": "without a user",
    r"of whichever|of whatever": "of any",
    r"since a moment ago": "now",
    r"anew": "again",
    r"mend(s|ed|ing)?": "correct",
    r"is lent|are lent|lends?": "is dissociated during the change",
    r"as good as": "the same as",
    r"younger": "newer",
    r"(is|are|was|were|be) left alone": "is not changed",
    r", say": "for example",
    r"goes? along": "is included",
    r"takes? (it|them|this|that) for": "treats it as",
    r"held against": "compared with",
    r"bec[oa]mes? of": "the result of",
    r"leads? (to nobody|nowhere)": "has no destination",
    r"none but|no other than": "only",
    r"(is|are) (his|hers|theirs)(?=[.,;:])": "belongs to the user",
    r"the like|and such": "and similar objects",
    r"who is who": "which entry identifies which user",
    r"(?<!there\s)is no (?!longer\b|more\b|way\b|need\b)\w+": "is not a ...",
    r"[,;] for (it|they|there|he|she|nobody|only|no|such|what)": "because",
}
"""Riddles, old-fashioned phrases and constructions of other languages, and what a technical writer writes."""

FORBIDDEN = {**TERMS, **SPELLING, **PHRASES}


def compiled(phrase: str) -> re.Pattern[str]:
    """Return the pattern of a phrase as whole words, which may be divided between two lines."""
    across_lines = re.sub(r" (?![?\]-])", r"\\s+", phrase)
    return re.compile(rf"(?:(?<![\w-])|(?=[,;]))(?:{across_lines})(?![\w-])", re.IGNORECASE)


PATTERNS = {compiled(phrase): word for phrase, word in FORBIDDEN.items()}


def findings(prose: Prose) -> Iterator[str]:
    """Yield "file:line: found -> suggestion" for each forbidden phrase of a text."""
    for pattern, word in PATTERNS.items():
        for match in pattern.finditer(prose.text):
            found = " ".join(match[0].split())
            yield f"{prose.path}:{prose.line_at(match.start())}: {found} -> {word}"


@pytest.mark.parametrize("path", prose_files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_words_of_a_file(path: Path) -> None:
    found = sorted({each for prose in prose_of_file(path) for each in findings(prose)})
    if found:
        pytest.fail("\n".join(["", *found]), pytrace=False)


@pytest.mark.parametrize("word", FORBIDDEN.values())
def test_no_suggestion_is_forbidden_itself(word: str) -> None:
    assert list(findings(Prose("suggestion", 1, word))) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A desk telephone.\nAnother\nhand set, a handset.", ["x:1: telephone -> phone", "x:3: handset -> phone"]),
        ("Nobody is picked\nsilently.", ["x:1: picked silently -> chosen by the collection itself"]),
        ("a telephone number, `telephone`, [a](telephone.md), confd_telephone", []),
        (
            "```yaml\n# the telephone\n- name: Reset the telephone\n  telephone: telephone\n```",
            ["x:2: telephone -> phone", "x:3: telephone -> phone"],
        ),
        ("```text\nthe telephone\n```", []),
    ],
)
def test_words_of_a_page_are_found(text: str, expected: list[str]) -> None:
    assert sorted(each for prose in prose_of_page("x", text) for each in findings(prose)) == expected


def test_words_of_documentation_are_found() -> None:
    text = "options:\n  email:\n    description:\n      - The email, see O(email) and V(color).\n    type: str\n"
    assert [each for prose in prose_of_yaml("x", text) for each in findings(prose)] == ["x:4: email -> e-mail"]


def test_words_of_messages_are_found() -> None:
    code = '"""Colors."""\nKEY = "color"\nTEXT = f"{name}: the telephone has no email in {path}/color."\n'
    assert [each for prose in prose_of_messages("x", code) for each in findings(prose)] == ["x:3: telephone -> phone"]


def test_the_spelling_is_british() -> None:
    text = "Synchronize the colors of the organization, which nobody recognized."
    found = [each.split(": ")[1] for each in findings(Prose("x", 1, text))]
    assert found == ["colors -> colour", "Synchronize -> -is-", "organization -> -is-", "recognized -> -is-"]
