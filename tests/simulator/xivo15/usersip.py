# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List the columns of the table usersip, which an error text of POST /lines_sip shows (xivo-15.12.md, "lines_sip")."""

from __future__ import annotations

COLUMN_NAMES = """
name type username secret context language accountcode allowtransfer fromuser fromdomain mailbox buggymwi
callerid fullname cid_number maxcallbitrate insecure nat promiscredir usereqphone videosupport trustrpid
sendrpid allowsubscribe allowoverlap dtmfmode rfc2833compensate qualify g726nonstandard disallow allow
autoframing mohinterpret useclientcode progressinband t38pt_udptl t38pt_usertpsource rtptimeout rtpholdtimeout
rtpkeepalive deny permit defaultip port regexten subscribecontext fullcontact vmexten callingpres regserver
parkinglot protocol category outboundproxy transport remotesecret directmedia callcounter busylevel
ignoresdpversion session-timers session-expires session-minse session-refresher callbackextension registertrying
timert1 timerb qualifyfreq contactpermit contactdeny unsolicited_mailbox use_q850_reason encryption
snom_aoc_enabled maxforwards disallowed_methods textsupport
"""
USERSIP_COLUMNS = tuple(COLUMN_NAMES.split())
