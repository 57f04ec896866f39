/* The matrix is one tab stop: arrows move, Enter opens the panel; K, S and T choose a decision while a cell has focus.
   Every cell is a link already, so nothing here is needed to do the work. */
"use strict";
(() => {
  const table = document.querySelector("[data-matrix]");
  if (!table) return;
  const STEPS = { k: "agree", s: "differ", t: "return" };
  const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  const rows = [...table.tBodies[0].rows];
  const heads = [...table.tHead.rows[0].cells];
  const cells = [...table.querySelectorAll("a.tt-cell")];
  if (!cells.length) return;

  /* A screen reader that leaves the table's own navigation still hears which cell it is on. */
  function name(cell) {
    const place = cell.parentElement.cellIndex;
    const told = (head) => [...head.childNodes].map((part) => part.textContent.trim()).filter(Boolean).join(" ");
    const words = [cell.closest("tr").cells[0], heads[place]].map(told);
    cell.setAttribute("aria-label", `${words.join(", ")}: ${[...cell.children].map((part) => part.textContent).join(", ")}`);
  }

  function stop(cell) {
    for (const other of cells) other.tabIndex = other === cell ? 0 : -1;
  }

  function go(cell) {
    stop(cell);
    name(cell);
    cell.focus();
  }

  /* The next cell in this direction that can be opened, over blanks and ratios. */
  function beside(cell, [down, right]) {
    let row = rows.indexOf(cell.closest("tr")), place = cell.parentElement.cellIndex;
    for (;;) {
      row += down;
      place += right;
      const found = rows[row]?.cells[place];
      if (!found) return null;
      const link = found.querySelector("a.tt-cell");
      if (link && link.offsetParent) return link;
    }
  }

  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("a.tt-cell");
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key], step = STEPS[event.key.toLowerCase()];
    if (arrow) {
      event.preventDefault();
      const next = beside(cell, arrow);
      if (next) go(next);
    } else if (step && "mine" in cell.dataset) {
      event.preventDefault();
      /* Without a fragment: the browser would give the focus to what it names, after this script has placed it. */
      location.assign(cell.href.replace("#o", `&buoc=${step}`));
    }
  });

  const current = table.querySelector("[aria-current]") || cells[0];
  stop(current);
  for (const hint of document.querySelectorAll("[data-keys]")) hint.hidden = false;
  const asked = new URLSearchParams(location.search);
  if (asked.has("buoc")) {
    const step = document.querySelector(".tt-decision [name=step]:checked");
    const part = document.querySelector(`[data-part="${step?.value === "differ" ? "differ" : "reason"}"]`);
    const first = step && step.value !== "agree" && part?.querySelector("input, textarea");
    (first || document.getElementById("luu"))?.focus();
  } else if (asked.has("o") && !document.querySelector("[role=alert]")) {
    if (matchMedia("(min-width: 992px)").matches) go(current);
    else document.getElementById("o")?.focus();
  }
})();
