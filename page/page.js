// Runs once for each part of the page (header, conversation, reader) with Gradio's `element`, `trigger` and `watch`.
// Buttons carry data-event (sent to Python: "question", "cite", "open", "matter", "catalogue", "vote", "comment") or data-do (done here).

const narrow = () => matchMedia("(max-width: 899px)").matches;
const page = (window.policyPage ??= { opener: null });

const acts = {
  copy(button) {
    const done = () => {
      const label = button.textContent;
      button.textContent = "已复制";
      setTimeout(() => (button.textContent = label), 1500);
    };
    const text = button.dataset.text;
    if (navigator.clipboard) return navigator.clipboard.writeText(text).then(done, () => fallback(text, done));
    fallback(text, done);
  },
  close() {
    document.body.classList.remove("reading");
    page.opener?.focus();
  },
  cited() {
    show(document.getElementById("cited"));
  },
  jump(button) {
    const target = document.getElementById(button.dataset.to);
    target?.setAttribute("tabindex", "-1");
    show(target);
  },
  theme() {
    const dark = document.body.classList.toggle("dark");
    try { localStorage.setItem("qa-theme", dark ? "dark" : "light"); } catch (_) {}
  },
};

function fallback(text, done) {  // pages over plain http have no clipboard
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  if (document.execCommand("copy")) done();
  area.remove();
}

function show(target) {
  if (!target) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  target.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  target.focus({ preventScroll: true });
}

function openReader(button) {
  if (!element.closest("#reader") && !element.querySelector("#reader")) page.opener = button;
  document.body.classList.add("reading");
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-event], [data-do]");
  if (!button || button.tagName === "FORM") return;
  if (button.dataset.do) return acts[button.dataset.do]?.(button);
  if (["cite", "open", "matter", "catalogue"].includes(button.dataset.event)) openReader(button);
  trigger(button.dataset.event, { ...button.dataset });
});

element.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  trigger(form.dataset.event, { ...form.dataset, comment: form.elements.comment.value });
});

if (element.querySelector(".view") || element.closest("#reader")) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && narrow() && document.body.classList.contains("reading")) acts.close();
  });
}

watch("value", () => {
  if (element.closest("#reader")) {
    const cited = element.querySelector("#cited");
    if (cited) return show(cited);
    element.querySelector(".page")?.scrollTo(0, 0);
    if (document.body.classList.contains("reading")) element.querySelector("#reader-title")?.focus({ preventScroll: true });
    return;
  }
  const last = element.querySelector(".exchange:last-child");
  if (last && page.last !== last.dataset.exchange) {
    page.last = last.dataset.exchange;
    last.scrollIntoView({ block: "start", behavior: "smooth" });
  }
});
