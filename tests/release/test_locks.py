# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lock files: every release that is installed is named with its hashes, and is one that the ranges allow."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from support.paths import ROOT

FOLDER = ROOT / "requirements"
LOCKS = ("demo", "test", "matrix", "lock", "ldap")
PYTHONS = {
    "demo": ("3.11", "3.14"),
    "test": ("3.11", "3.14"),
    "matrix": ("3.10", "3.13"),
    "lock": ("3.11", "3.14"),
    "ldap": ("3.11",),
}
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def wanted(name: str) -> Iterator[Requirement]:
    """Yield the ranges of an .in file, and of those that it includes."""
    for line in (FOLDER / f"{name}.in").read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            yield from wanted(line[3:].removesuffix(".in"))
        elif line and not line.startswith("#"):
            yield Requirement(line)


def locked(name: str) -> dict[Requirement, list[str]]:
    """Return {pinned release: its hashes}. Comments are left out."""
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    lines = re.sub(r"(?m)^ *#.*\n", "", text).replace("\\\n", " ").splitlines()
    pinned = [line.split(" --hash=", 1) for line in lines if line]
    return {Requirement(release): f"--hash={hashes}".split() for release, hashes in pinned}


@pytest.mark.parametrize("name", LOCKS)
def test_every_release_is_pinned_with_its_hashes(name: str) -> None:
    for release, hashes in locked(name).items():
        assert re.fullmatch(r"==[^*,]+", str(release.specifier)), release
        assert hashes, release
        assert all(HASH.fullmatch(each) for each in hashes), release


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_names_a_server_or_a_path(name: str) -> None:
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")

    assert not re.search(r"://|--(index|extra-index|find-links|trusted-host)|file:|(?m:^/)", text)


@pytest.mark.parametrize(("name", "python"), [(name, python) for name in LOCKS for python in PYTHONS[name]])
def test_a_lock_holds_what_its_ranges_allow(name: str, python: str) -> None:
    """On each Python; run `make lock` after a change of an .in file."""
    here = {"python_version": python, "python_full_version": f"{python}.9"}
    pinned = {
        canonicalize_name(each.name): str(each.specifier).removeprefix("==")
        for each in locked(name)
        if each.marker is None or each.marker.evaluate(here)
    }

    for each in wanted(name):
        if each.marker is None or each.marker.evaluate(here):
            assert each.specifier.contains(pinned[canonicalize_name(each.name)]), each


def test_tests_run_with_what_the_demo_has() -> None:
    """The one virtual environment has both. In which cases a release is meant, may differ."""
    demo, test = ({(each.name, str(each.specifier)) for each in locked(name)} for name in ("demo", "test"))

    assert demo <= test


def test_pip_asks_for_hashes() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    noxfile = (ROOT / "noxfile.py").read_text(encoding="utf-8")

    assert re.search(r"(?m)^LOCKED .*--require-hashes", makefile)
    installs = re.findall(r"-m pip install (\S+ \S+)", makefile)
    assert installs == ["$(LOCKED) -r"] * 3
    assert '"--require-hashes"' in noxfile
