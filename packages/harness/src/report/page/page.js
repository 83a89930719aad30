// The page's own script: filters of the log, and the log of the moment that is pointed at in the timeline.
const lines = [...document.querySelectorAll(".log > li")].map((element) => ({
  element,
  at: element.dataset.at === "" ? Number.NaN : Number(element.dataset.at),
  level: Number(element.dataset.level),
  node: element.querySelector("b").textContent,
  daemon: element.querySelector("i").textContent,
  text: element.textContent.toLowerCase(),
}));

const filters = document.getElementById("filters");

/** Shows the lines that pass all filters. A step's lines are those from its begin to its end. */
function filter() {
  const { daemon, node, level, step, words, count } = filters.elements;
  const [from, to] = step.value ? step.value.split(" ").map(Number) : [];
  const wanted = words.value.trim().toLowerCase();
  let shown = 0;
  for (const line of lines) {
    const passes =
      (!daemon.value || line.daemon === daemon.value) &&
      (!node.value || line.node === node.value) &&
      line.level <= Number(level.value) &&
      (from === undefined || (line.at >= from && line.at <= to)) &&
      (!wanted || line.text.includes(wanted));
    line.element.hidden = !passes;
    if (passes) shown++;
  }
  count.value = `${shown} of ${lines.length} lines`;
}

filters.hidden = false;
filters.addEventListener("input", filter);
filters.addEventListener("submit", (event) => event.preventDefault());
filter();

/** Most lines that a moment shows; the log itself has the rest. */
const MOST = 8;
/** Slurm writes of what it did a little before or after it shows, in milliseconds. */
const AROUND = 300;
const moment = document.getElementById("moment");

/** Shows what a mark means, and the log lines of its time: of a stretch those around its begin. */
function show(mark) {
  const from = Number(mark.dataset.from);
  const to = Number(mark.dataset.to);
  const near = lines.filter((line) => line.at >= from - AROUND && line.at <= to + AROUND);
  const title = document.createElement("p");
  title.textContent = mark.getAttribute("aria-label");
  const list = document.createElement("ol");
  list.className = "log";
  for (const line of near.slice(0, MOST)) {
    const copy = line.element.cloneNode(true);
    copy.hidden = false;
    list.append(copy);
  }
  const more = document.createElement("p");
  more.className = "hint";
  more.textContent =
    near.length === 0
      ? "No log has a line of this moment."
      : near.length > MOST
        ? `and ${near.length - MOST} more lines`
        : "";
  moment.replaceChildren(title, list, more);
  document.querySelector(".mark[aria-current]")?.removeAttribute("aria-current");
  mark.setAttribute("aria-current", "true");
}

const timeline = document.querySelector(".timeline");
for (const kind of ["mouseover", "focusin", "click"]) {
  timeline?.addEventListener(kind, (event) => {
    const mark = event.target.closest(".mark");
    if (mark) show(mark);
  });
}

/** The arrow keys go along a lane, so that Tab passes from lane to lane. */
timeline?.addEventListener("keydown", (event) => {
  const way = { ArrowRight: "nextElementSibling", ArrowLeft: "previousElementSibling" }[event.key];
  const next = way && event.target.closest(".mark")?.[way];
  if (!next) return;
  event.preventDefault();
  next.focus();
});
