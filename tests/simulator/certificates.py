# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Create a certificate authority for one run, in a temporary directory."""

from __future__ import annotations

import tempfile
from pathlib import Path

import trustme


class Certificates:
    """Create a CA, and a server certificate for the given host and localhost."""

    def __init__(self, host: str) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="confd-simulator-")
        directory = Path(self._directory.name)
        authority = trustme.CA()
        certificate = authority.issue_cert(*dict.fromkeys((host, "127.0.0.1", "localhost")))
        self.ca_pem = directory / "ca.pem"
        self.server_pem = directory / "server.pem"
        self.key_pem = directory / "server.key"
        authority.cert_pem.write_to_path(str(self.ca_pem))
        certificate.private_key_pem.write_to_path(str(self.key_pem))
        for blob in certificate.cert_chain_pems:
            blob.write_to_path(str(self.server_pem), append=True)

    def remove(self) -> None:
        self._directory.cleanup()
