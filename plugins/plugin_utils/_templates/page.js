"use strict";
(() => {
  const collator = new Intl.Collator(undefined, {numeric: true, sensitivity: "base"});
  const text = (row, column) => row.cells[column].dataset.value ?? row.cells[column].textContent;

  const sortBy = (table, header) => {
    const ascending = header.getAttribute("aria-sort") !== "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", ascending ? "ascending" : "descending");
    const column = header.cellIndex;
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => [text(row, column), row]);
    rows.sort(([one], [other]) => collator.compare(one, other) * (ascending ? 1 : -1));
    // A browser takes a minute to move thousands of rows one by one.
    body.remove();
    body.replaceChildren();
    body.append(...rows.map(([, row]) => row));
    table.append(body);
    table.dispatchEvent(new Event("sorted"));
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

  // A browser needs seconds to lay out thousands of rows. Those beyond the first ones are shown on request.
  const limitRows = (table, show) => {
    const most = Number(table.dataset.most);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "more";
    button.addEventListener("click", () => {
      delete table.dataset.most;
      button.remove();
      show();
    });
    table.parentElement.after(button);
    return (visible) => {
      button.hidden = visible <= most;
      button.textContent = `Show all ${visible} rows`;
    };
  };

  const makeFilter = (form) => {
    const name = form.dataset.table;
    const table = document.getElementById(name);
    const body = table.tBodies[0];
    const total = body.rows.length;
    const contents = new Map();
    const content = (row) => {
      if (!contents.has(row)) contents.set(row, plain([...row.cells].map((cell) => cell.textContent).join(" ")));
      return contents.get(row);
    };
    const search = form.querySelector("input[type=search]");
    const choices = [...form.querySelectorAll("select[data-filter]")];

    const filter = () => {
      const words = plain(search.value).split(/\s+/).filter(Boolean);
      const most = Number(table.dataset.most ?? Infinity);
      let visible = 0;
      for (const row of body.rows) {
        const fits = choices.every((choice) => !choice.value || row.dataset[choice.dataset.filter] === choice.value)
          && words.every((word) => content(row).includes(word));
        row.hidden = !fits;
        visible += fits ? 1 : 0;
        row.classList.toggle("beyond-most", fits && visible > most);
      }
      form.querySelector("output").textContent = `${visible} of ${total} ${form.dataset.unit}`;
      document.getElementById(`${name}-nothing`).hidden = visible > 0;
      limit(visible);
    };
    const limit = table.dataset.most ? limitRows(table, filter) : () => {};

    form.hidden = total === 0;
    table.addEventListener("sorted", filter);
    for (const event of ["input", "change"]) form.addEventListener(event, filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    filter();
    table.classList.add("filtered");
  };

  document.querySelectorAll("form[data-table]").forEach(makeFilter);
})();
