# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory: OpenLDAP's slapd on a free port of this machine, with TLS, in a folder of its own."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType

from simulator.certificates import Certificates
from support.helpers import free_port
from support.paths import ROOT

SUFFIX = "dc=example,dc=org"
ADMINISTRATOR, READER = f"cn=admin,{SUFFIX}", f"cn=reader,{SUFFIX}"
PASSWORD, READER_PASSWORD = "Example-Admin-1", "Example-Reader-1"
PLACES = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin:/sbin:/bin"
PYTHON = "/usr/bin/python3"
"""The Python that has Debian's package python3-ldap, as the guide says: python-ldap has no wheel."""
COLLECTIONS = ROOT / ".cache" / "ldap"
"""Where `make ldap` puts community.general.ldap_search."""
PATIENCE = 60.0
CONFIGURATION = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCertificateFile {server_pem}
TLSCertificateKeyFile {key_pem}
database mdb
suffix {suffix}
rootdn {administrator}
rootpw {password}
directory {folder}
maxsize 10485760
access to attrs=userPassword by anonymous auth
access to * by dn.exact={reader} read
"""
TREE = f"""
dn: {SUFFIX}
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: {READER}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: {READER_PASSWORD}
"""


def missing() -> list[str]:
    """Return what this machine does not have of a directory and of what reads it."""
    programs = [name for name in ("slapd", "ldapmodify") if not shutil.which(name, path=PLACES)]
    python = shutil.which(PYTHON) and subprocess.run([PYTHON, "-c", "import ldap"], capture_output=True, check=False)
    return [
        *programs,
        *([] if python and python.returncode == 0 else [f"python-ldap in {PYTHON}"]),
        *([] if COLLECTIONS.is_dir() else ["community.general (make ldap)"]),
    ]


class LdapServer:
    """A directory with a reader, and nobody else. It ends with the context."""

    def __init__(self, folder: Path) -> None:
        self.url = f"ldaps://127.0.0.1:{free_port()}"
        self._folder = folder

    def __enter__(self) -> LdapServer:
        self._certificates = Certificates("127.0.0.1")
        self._folder.mkdir()
        configuration = self._folder / "slapd.conf"
        configuration.write_text(
            CONFIGURATION.format(
                folder=self._folder,
                suffix=SUFFIX,
                administrator=ADMINISTRATOR,
                reader=READER,
                password=PASSWORD,
                key_pem=self._certificates.key_pem,
                server_pem=self._certificates.server_pem,
            )
        )
        slapd = str(shutil.which("slapd", path=PLACES))
        # With -d, slapd stays in the foreground.
        command = [slapd, "-d", "0", "-h", self.url, "-f", str(configuration)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._wait()
        self.change(TREE)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)
        self._certificates.remove()

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables by which clients trust the server."""
        return {"LDAPTLS_CACERT": str(self._certificates.ca_pem)}

    def change(self, ldif: str) -> None:
        """Make the changes of a text in LDIF. Entries without a changetype are added."""
        done = self._client("ldapmodify", "-a", text=ldif)
        assert done.returncode == 0, done.stderr

    def _client(self, name: str, *options: str, text: str = "") -> subprocess.CompletedProcess[str]:
        program = str(shutil.which(name, path=PLACES))
        command = [program, "-x", "-H", self.url, "-D", ADMINISTRATOR, "-w", PASSWORD, *options]
        return subprocess.run(
            command, input=text, env=self.environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while self._client("ldapwhoami").returncode != 0:
            assert self._process.poll() is None, "slapd has ended"
            assert time.monotonic() < deadline, "slapd does not answer"
