# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lets ansible-test install the tools of its sanity tests with nothing but the package index that pip is set up for.

ansible-test makes bare virtual environments, downloads get-pip.py from a server of its own and drops every environment
variable but HOME and PATH. So this puts into its HOME a get-pip that copies the pip of the calling Python, and the
settings (index, certificates, proxy) that pip has for the user who called make.
"""

from __future__ import annotations

import ast
import configparser
import os
import platform
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import SimpleNamespace

from ansible_test._internal.python_requirements import get_venv_packages

GET_PIP = """\
import os
import shutil
import sysconfig

for folder in {folders}:
    shutil.copytree(folder, os.path.join(sysconfig.get_path("purelib"), os.path.basename(folder)))
"""


def write_get_pip(home: Path) -> None:
    """Write the script under the name that this version of ansible-test looks for before it downloads."""
    python = SimpleNamespace(version=".".join(platform.python_version_tuple()[:2]))
    pip_version = get_venv_packages(python)["pip"].replace(".", "_")
    path = home / ".ansible" / "test" / "cache" / f"get_pip_{pip_version}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    folders = [str(folder) for folder in Path(sysconfig.get_path("purelib")).glob("pip*") if folder.is_dir()]
    path.write_text(GET_PIP.format(folders=folders))


def write_pip_conf(home: Path, user_home: str) -> None:
    """Gather the user's pip settings, from files and PIP_ variables alike, into one file."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    environment = {**os.environ, "HOME": user_home}
    settings = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    config = configparser.RawConfigParser()
    config.read_dict({"global": {"quiet": "2"}, "install": {"no-compile": "true"}})
    for line in settings.stdout.splitlines():
        name, value = line.split("=", 1)
        section, option = name.replace(":env:", "global").rsplit(".", 1)
        config.read_dict({section: {option: ast.literal_eval(value)}})
    path = home / ".config" / "pip" / "pip.conf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)  # the address of an index may hold a password
    with path.open("w") as file:
        config.write(file)


def prepare(home: Path, user_home: str) -> None:
    """Write both files into the home of ansible-test. user_home: the home with the user's settings of pip."""
    write_get_pip(home)
    write_pip_conf(home, user_home)
