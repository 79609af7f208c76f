# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The looks and the behaviour of the HTML report: one file, nothing from elsewhere. ``_audit_html`` fills it."""

from __future__ import annotations

from string import Template

PAGE = Template("""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="$policy">
<title>$title</title>
<link rel="icon" href="data:,">
<style>$style</style>
</head>
<body>
<header>
<h1>$title</h1>
<p><strong class="badge $result_class">$result</strong> $verdict</p>
<p class="quiet">$time</p>
</header>
<main>
<section class="overview" aria-label="Summary">
$chart
<dl class="counts">
$counts
</dl>
</section>
<section>
<h2>Servers</h2>
<div class="scroll"><table id="servers" class="sortable">
<thead><tr>$server_columns</tr></thead>
<tbody>
$server_rows
</tbody>
</table></div>
</section>
<section>
<h2>Findings</h2>
<form id="filters" class="controls" hidden>
<label>Search <input type="search" id="search" autocomplete="off"></label>
<label>Server <select id="server"><option value="">all</option>$server_options</select></label>
<label>Finding <select id="kind"><option value="">all</option>$kind_options</select></label>
<output id="count" aria-live="polite"></output>
</form>
<div class="scroll"><table id="findings" class="sortable">
<thead><tr>$finding_columns</tr></thead>
<tbody>
$finding_rows
</tbody>
</table></div>
<p id="nothing" class="quiet"$nothing_hidden>Nothing to show.</p>
</section>
$unchecked
</main>
<footer class="quiet">xivo.confd.audit, schema version $schema_version</footer>
<script>$script</script>
</body>
</html>
""")

STYLE = """
:root {
  --ground: #f6f7f9; --card: #fff; --text: #1c2733; --quiet: #5a6776; --rule: #d9dfe6; --accent: #1f5fa8;
  --conforming: #2e7d4f; --different: #b26a00; --missing: #c2410c; --surplus: #7a4fb5; --conflict: #b3261e;
  --unmanaged: #56657a; --failed: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12181f; --card: #1b232d; --text: #e6ebf1; --quiet: #9aa8b8; --rule: #313c49; --accent: #7db4f0;
    --conforming: #58b883; --different: #e0a03c; --missing: #f0814f; --surplus: #b594e6; --conflict: #f27a72;
    --unmanaged: #9fb0c5; --failed: #f27a72;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 84rem; background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 2rem 0 .75rem; font-size: 1.2rem; }
header p { margin: .5rem 0 0; }
.quiet { color: var(--quiet); font-size: .9rem; }
.badge { display: inline-block; padding: .05rem .6rem; border: 1px solid currentColor; border-radius: 1rem;
  font-size: .85rem; font-weight: 600; white-space: nowrap; }
.conforming { color: var(--conforming); } .missing { color: var(--missing); } .different { color: var(--different); }
.drift { color: var(--different); } .surplus { color: var(--surplus); } .conflict { color: var(--conflict); }
.failed, .not-audited { color: var(--failed); } .unmanaged, .orphan { color: var(--unmanaged); }
.overview { display: flex; flex-wrap: wrap; gap: 1.5rem; align-items: center; margin-top: 1.5rem; padding: 1.25rem;
  background: var(--card); border: 1px solid var(--rule); border-radius: .6rem; }
.donut { width: 9rem; height: 9rem; flex: none; }
.donut text { fill: var(--text); font-size: 7px; font-weight: 600; text-anchor: middle; }
.donut .sub { fill: var(--quiet); font-size: 3.2px; font-weight: 400; }
circle { fill: none; stroke-width: 5; }
circle.track { stroke: var(--rule); } circle.part { stroke: currentColor; }
rect.track { fill: var(--rule); } rect.part { fill: currentColor; }
svg.bar { display: block; width: 100%; height: .7rem; }
.counts { display: grid; grid-template-columns: repeat(auto-fill, minmax(7.5rem, 1fr)); gap: .75rem 1rem;
  flex: 1 1 18rem; margin: 0; }
.counts div { border-left: .25rem solid currentColor; padding-left: .6rem; }
.counts dt { font-size: .85rem; } .counts dd { margin: 0; font-size: 1.4rem; font-weight: 600; line-height: 1.2; }
.counts div.zero { color: var(--quiet); } .counts div.zero dd { font-weight: 400; }
table { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--rule);
  font-size: .93rem; }
th, td { padding: .45rem .7rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); }
td.what, td.host, td.person, td.wanted, td.found { overflow-wrap: anywhere; }
td.host, td.person { min-width: 8.5rem; } td.wanted, td.found { min-width: 7rem; }
td.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.zero { color: var(--quiet); } td.bar { min-width: 7rem; } td.bar svg { margin-top: .4rem; }
.scroll { overflow-x: auto; }
td.found { color: var(--quiet); } td.wanted { font-weight: 600; }
thead th { padding: 0; background: var(--ground); }
th button, th span { display: block; width: 100%; padding: .45rem .7rem; border: 0; background: none; color: inherit;
  font-size: .93rem;
  font-family: inherit; font-weight: 600; text-align: inherit; white-space: nowrap; }
th.number button, th.number span { text-align: right; }
th button { cursor: pointer; } th button:hover { color: var(--accent); }
th button::after { content: "\\2195"; margin-left: .25em; opacity: .3; }
th[aria-sort=ascending] button::after { content: "\\2191"; opacity: 1; }
th[aria-sort=descending] button::after { content: "\\2193"; opacity: 1; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; }
.controls { display: flex; flex-wrap: wrap; gap: .75rem 1.25rem; align-items: center; margin-bottom: .75rem; }
.controls[hidden], [hidden] { display: none; }
.controls label { display: flex; gap: .4rem; align-items: center; font-size: .9rem; }
.controls input, .controls select { padding: .35rem .5rem; border: 1px solid var(--rule); border-radius: .35rem;
  background: var(--card); color: var(--text); font: inherit; max-width: 16rem; }
#count { margin-left: auto; color: var(--quiet); font-size: .9rem; }
.empty { color: var(--quiet); font-style: italic; font-weight: 400; }
footer { margin-top: 2rem; padding-top: .75rem; border-top: 1px solid var(--rule); }
@media (max-width: 46rem) {
  body { padding: .9rem; }
  .overview { justify-content: center; }
  table, tbody, tr, td { display: block; width: 100%; }
  table { border: 0; background: none; }
  thead { display: block; margin-bottom: .6rem; }
  thead tr { display: flex; flex-wrap: wrap; gap: .3rem; }
  thead th { display: block; border: 1px solid var(--rule); border-radius: 1rem; background: var(--card); }
  thead th span { display: none; } thead th:has(span) { display: none; }
  th button { padding: .1rem .6rem; font-size: .85rem; font-weight: 400; }
  tbody tr { margin-bottom: .6rem; padding: .35rem 0; background: var(--card); border: 1px solid var(--rule);
    border-radius: .5rem; }
  td { display: grid; grid-template-columns: 6.5rem 1fr; gap: .5rem; padding: .2rem .8rem; border: 0; }
  td.number { text-align: left; } td.host, td.person, td.wanted, td.found, td.bar { min-width: 0; }
  td:empty, td.zero { display: none; }
  td > div { overflow-wrap: anywhere; min-width: 0; }
  td::before { content: attr(data-label); color: var(--quiet); font-weight: 400; font-size: .85rem; }
  .controls label, .controls input, .controls select { flex: 1 1 100%; width: 100%; max-width: none; }
  .controls label { flex-direction: column; align-items: stretch; gap: .1rem; }
  #count { margin-left: 0; }
}
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  :root { --ground: #fff; --card: #fff; --text: #000; --quiet: #444; --rule: #bbb; --conforming: #1f6b3f;
    --different: #8a5200; --missing: #a8330a; --surplus: #5f3a96; --conflict: #96150f; --unmanaged: #444;
    --failed: #96150f; color-scheme: light; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .controls { display: none; } th button::after { content: none; }
  .scroll { overflow: visible; } thead { display: table-header-group; }
  tr { break-inside: avoid; } h2 { break-after: avoid; }
}
"""

SCRIPT = """
"use strict";
(() => {
  const collator = new Intl.Collator(undefined, {numeric: true, sensitivity: "base"});
  const text = (row, column) => row.cells[column].dataset.value ?? row.cells[column].textContent;

  const sortBy = (table, header) => {
    const ascending = header.getAttribute("aria-sort") !== "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", ascending ? "ascending" : "descending");
    const column = header.cellIndex;
    const rows = [...table.tBodies[0].rows];
    rows.sort((one, other) => collator.compare(text(one, column), text(other, column)) * (ascending ? 1 : -1));
    table.tBodies[0].append(...rows);
  };

  for (const table of document.querySelectorAll("table.sortable")) {
    for (const header of table.tHead.rows[0].cells) {
      if (header.firstElementChild.dataset.sort === undefined) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = header.textContent;
      button.addEventListener("click", () => sortBy(table, header));
      header.replaceChildren(button);
    }
  }

  const [search, server, kind] = ["search", "server", "kind"].map((id) => document.getElementById(id));
  const rows = [...document.getElementById("findings").tBodies[0].rows];
  const plain = (value) => value.normalize("NFD").replace(/\\p{M}/gu, "").toLowerCase();
  const contents = new Map(rows.map((row) => [row, plain([...row.cells].map((cell) => cell.textContent).join(" "))]));

  const filter = () => {
    const words = plain(search.value).split(/\\s+/).filter(Boolean);
    let visible = 0;
    for (const row of rows) {
      const fits = (!server.value || row.dataset.server === server.value)
        && (!kind.value || row.dataset.kind === kind.value)
        && words.every((word) => contents.get(row).includes(word));
      row.hidden = !fits;
      visible += fits ? 1 : 0;
    }
    document.getElementById("count").textContent = `${visible} of ${rows.length} findings`;
    document.getElementById("nothing").hidden = visible > 0;
  };

  const filters = document.getElementById("filters");
  filters.hidden = rows.length === 0;
  for (const event of ["input", "change"]) filters.addEventListener(event, filter);
  filters.addEventListener("submit", (event) => event.preventDefault());
  filter();
})();
"""
