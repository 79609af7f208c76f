// Copyright (c) 2026 xivo.confd contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Tables and pictures that are wider than the window scroll by themselves. A line above them says so, and the keyboard
// reaches them.
"use strict";

function showHint(element, hint) {
  const scrolls = element.scrollWidth > element.clientWidth;
  hint.hidden = !scrolls;
  element.classList.toggle("scrolls", scrolls);
  if (scrolls) {
    element.tabIndex = 0;
  } else {
    element.removeAttribute("tabindex");
  }
}

function watch(element) {
  const hint = document.createElement("p");
  hint.className = "scroll-hint";
  hint.hidden = true;
  hint.textContent = element.tagName === "FIGURE" ? "Scroll sideways to see the whole picture" : "Scroll sideways to see the whole table";
  element.before(hint);
  showHint(element, hint);
  new ResizeObserver(() => showHint(element, hint)).observe(element);
  for (const image of element.querySelectorAll("img")) {
    image.addEventListener("load", () => showHint(element, hint));
  }
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("article .table-wrapper, article figure").forEach(watch);
});
