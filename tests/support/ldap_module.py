# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetch the module community.general.ldap_search, with which a guide is tried. `make ldap` runs it.

The collection is in the package ansible, whose release and hash are in requirements/ldap.txt. Only the module is
unpacked.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from support.ldap_server import COLLECTIONS
from support.paths import ROOT

LOCK = ROOT / "requirements" / "ldap.txt"
COLLECTION = "ansible_collections/community/general"
FILES = ("MANIFEST.json", "meta/runtime.yml", "plugins/modules/ldap_search.py", "plugins/module_utils/ldap.py")
DOWNLOAD = ("download", "-qq", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:", "--require-hashes")


def main() -> None:
    """Download the package, and unpack the module into .cache."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "pip", *DOWNLOAD, "-r", str(LOCK), "-d", folder], check=True)
        (package,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(package) as archive:
            for name in FILES:
                archive.extract(f"{COLLECTION}/{name}", COLLECTIONS)


if __name__ == "__main__":
    main()
