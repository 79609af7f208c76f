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
  const plain = (value) => value.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const contents = new Map(rows.map((row) => [row, plain([...row.cells].map((cell) => cell.textContent).join(" "))]));

  const filter = () => {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
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
