# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Create a certificate authority for one run, or keep one for all runs, and a certificate of the server."""

from __future__ import annotations

import tempfile
from pathlib import Path

import trustme

from .state_file import write_atomically


class Certificates:
    """Create a server certificate for the given host and localhost, in a temporary directory.

    authority_folder: where the authority is kept, so that clients trust all servers that use this folder.
    """

    def __init__(self, host: str, authority_folder: Path | None = None) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="confd-simulator-")
        directory = Path(self._directory.name)
        authority = _kept(authority_folder) if authority_folder else trustme.CA()
        certificate = authority.issue_cert(*dict.fromkeys((host, "127.0.0.1", "localhost")))
        self.ca_pem = (authority_folder or directory) / "ca.pem"
        self.server_pem = directory / "server.pem"
        self.key_pem = directory / "server.key"
        write_atomically(self.ca_pem, authority.cert_pem.bytes().decode())
        certificate.private_key_pem.write_to_path(str(self.key_pem))
        for blob in certificate.cert_chain_pems:
            blob.write_to_path(str(self.server_pem), append=True)

    def remove(self) -> None:
        self._directory.cleanup()


def _kept(folder: Path) -> trustme.CA:
    """Return the authority of a folder, which is created if there is none yet or if its file is damaged."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "authority.pem"
    try:
        pem = file.read_bytes()
        return trustme.CA.from_pem(pem, pem)
    except (FileNotFoundError, ValueError):
        authority = trustme.CA()
        write_atomically(file, (authority.private_key_pem.bytes() + authority.cert_pem.bytes()).decode())
        return authority
