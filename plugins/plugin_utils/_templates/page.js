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

  const plain = (value) => value.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  const makeFilter = (form) => {
    const name = form.dataset.table;
    const rows = [...document.getElementById(name).tBodies[0].rows];
    const contents = new Map(rows.map((row) => [row, plain([...row.cells].map((cell) => cell.textContent).join(" "))]));
    const search = form.querySelector("input[type=search]");
    const choices = [...form.querySelectorAll("select[data-filter]")];

    const filter = () => {
      const words = plain(search.value).split(/\s+/).filter(Boolean);
      let visible = 0;
      for (const row of rows) {
        const fits = choices.every((choice) => !choice.value || row.dataset[choice.dataset.filter] === choice.value)
          && words.every((word) => contents.get(row).includes(word));
        row.hidden = !fits;
        visible += fits ? 1 : 0;
      }
      form.querySelector("output").textContent = `${visible} of ${rows.length} ${form.dataset.unit}`;
      document.getElementById(`${name}-nothing`).hidden = visible > 0;
    };

    form.hidden = rows.length === 0;
    for (const event of ["input", "change"]) form.addEventListener(event, filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    filter();
  };

  document.querySelectorAll("form[data-table]").forEach(makeFilter);
})();
