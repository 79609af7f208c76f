"use strict";
(() => {
  const collator = new Intl.Collator(undefined, {numeric: true, sensitivity: "base"});
  const plain = (value) => value.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  // A table whose rows are in the page only while they are shown: a browser needs seconds for thousands of them.
  class Table {
    constructor(element) {
      this.element = element;
      this.body = element.tBodies[0];
      this.rows = [...this.body.rows];
      this.most = Number(element.dataset.most ?? Infinity);
      this.fits = () => true;
      this.fitting = this.rows;
      this.makeButtons();
      if (element.dataset.most) this.makeMore();
    }

    show() {
      this.fitting = this.rows.filter(this.fits);
      this.body.replaceChildren(...this.fitting.slice(0, this.most));
      if (!this.more) return;
      this.more.hidden = this.fitting.length <= this.most;
      this.more.textContent = `Show all ${this.fitting.length} rows`;
    }

    print() {
      if (this.fitting.length > this.most) this.body.replaceChildren(...this.fitting);
    }

    makeButtons() {
      for (const header of this.element.tHead.rows[0].cells) {
        if (header.firstElementChild.dataset.sort === undefined) continue;
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = header.textContent;
        button.addEventListener("click", () => this.sort(header));
        header.replaceChildren(button);
      }
    }

    sort(header) {
      const direction = header.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      for (const other of this.element.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      header.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
      // A cell of several columns has the values of the first one.
      const value = (cell) => cell?.dataset.value ?? cell?.textContent ?? "";
      const keyed = this.rows.map((row) => [value(row.cells[header.cellIndex]), row]);
      keyed.sort(([one], [other]) => collator.compare(one, other) * direction);
      this.rows = keyed.map(([, row]) => row);
      this.show();
    }

    makeMore() {
      this.more = document.createElement("button");
      this.more.type = "button";
      this.more.className = "more";
      this.more.addEventListener("click", () => this.showAll());
      this.element.parentElement.after(this.more);
      this.show();
    }

    // The columns keep their widths, so that the browser need not look at rows outside of the window.
    showAll() {
      const widths = [...this.element.tHead.rows[0].cells].map((cell) => cell.getBoundingClientRect().width);
      this.element.style.setProperty("--columns", widths.map((width) => `minmax(0, ${width}fr)`).join(" "));
      this.element.classList.add("long");
      this.most = Infinity;
      this.show();
    }
  }

  class Filters {
    constructor(form, table) {
      this.form = form;
      this.table = table;
      this.contents = new Map();
      this.search = form.querySelector("input[type=search]");
      this.choices = [...form.querySelectorAll("select[data-filter]")];
      form.hidden = table.rows.length === 0;
      for (const event of ["input", "change"]) form.addEventListener(event, () => this.apply());
      form.addEventListener("submit", (event) => event.preventDefault());
      this.apply();
    }

    content(row) {
      if (!this.contents.has(row)) {
        this.contents.set(row, plain([...row.cells].map((cell) => cell.textContent).join(" ")));
      }
      return this.contents.get(row);
    }

    apply() {
      const words = plain(this.search.value).split(/\s+/).filter(Boolean);
      this.table.fits = (row) =>
        this.choices.every((choice) => !choice.value || row.dataset[choice.dataset.filter] === choice.value)
          && words.every((word) => this.content(row).includes(word));
      this.table.show();
      const visible = this.table.fitting.length;
      this.form.querySelector("output").textContent =
        `${visible} of ${this.table.rows.length} ${this.form.dataset.unit}`;
      document.getElementById(`${this.form.dataset.table}-nothing`).hidden = visible > 0;
    }

    // Shows the rows that have the values of a link, and no others.
    choose(link) {
      this.form.reset();
      for (const choice of this.choices) choice.value = link.dataset[choice.dataset.filter] ?? "";
      this.apply();
      const heading = this.form.parentElement.querySelector("h2");
      heading.tabIndex = -1;
      heading.focus({preventScroll: true});
      heading.scrollIntoView();
    }
  }

  const day = {year: "numeric", month: "long", day: "numeric"};
  const minute = {...day, hour: "2-digit", minute: "2-digit", timeZoneName: "short"};
  for (const time of document.querySelectorAll("time[datetime]")) {
    const words = new Intl.DateTimeFormat("en-GB", time.dataset.show === "date" ? day : minute);
    time.textContent = words.format(new Date(time.dateTime));
  }

  const tables = [...document.querySelectorAll("table.sortable")].map((element) => new Table(element));
  window.addEventListener("beforeprint", () => tables.forEach((table) => table.print()));
  window.addEventListener("afterprint", () => tables.forEach((table) => table.show()));

  const filters = {};
  for (const form of document.querySelectorAll("form[data-table]")) {
    const {table: name} = form.dataset;
    filters[name] = new Filters(form, tables.find((table) => table.element.id === name));
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-choose]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    filters[link.dataset.choose].choose(link);
  });
})();
