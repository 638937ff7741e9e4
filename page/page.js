// Runs once for each part of the page (header, conversation, reader) with Gradio's `element`, `trigger` and `watch`.
// Elements carry data-event (sent to Python: "question", "cite", "open", "matter", "catalogue", "vote", "comment") or data-do (done here).

const narrow = () => matchMedia("(max-width: 899px)").matches;
const side = () => document.getElementById("side");
const page = (window.policyPage ??= { opener: null, asked: false });

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
    side()?.classList.remove("open");
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

// Enter that ends an input method's composition (pinyin) must not send the question.
if (element.closest("#reader")) {
  document.addEventListener("keypress", (event) => {
    if (event.isComposing || event.keyCode === 229) event.stopImmediatePropagation();
  }, true);
}

function fallback(text, done) {  // pages over plain http have no clipboard
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  if (document.execCommand("copy")) done();
  area.remove();
}

function show(target, focus = true) {
  if (!target) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  target.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  if (focus) target.focus({ preventScroll: true });
}

const inReader = () => element.closest("#reader") !== null;

element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-event], button[data-do]");
  if (!button) return;
  if (button.dataset.do) return acts[button.dataset.do]?.(button);
  if (["cite", "open", "matter", "catalogue"].includes(button.dataset.event)) {
    if (!inReader()) page.opener = button;
    page.asked = true;
    side()?.classList.add("open");
  }
  trigger(button.dataset.event, { ...button.dataset });
});

element.addEventListener("submit", (event) => {
  event.preventDefault();
  trigger(event.target.dataset.event, { ...event.target.dataset, comment: event.target.elements.comment.value });
});

if (inReader()) {
  side()?.addEventListener("keydown", (event) => {
    if (event.key === "Escape") acts.close();
  });
  if (!narrow()) document.querySelector("#question textarea")?.focus();
}

function readerChanged() {
  const focus = page.asked;
  page.asked = false;
  const cited = element.querySelector("#cited");
  if (cited) return show(cited, focus);
  element.querySelector(".page")?.scrollTo(0, 0);
  if (focus) element.querySelector("#reader-title")?.focus({ preventScroll: true });
}

function conversationChanged() {
  const last = element.querySelector(".exchange:last-child");
  if (!last || page.last === last.dataset.exchange) return;
  page.last = last.dataset.exchange;
  if (narrow()) document.activeElement?.blur();  // the keyboard would hide the answer
  last.scrollIntoView({ block: "start", behavior: "smooth" });
}

watch("value", () => (inReader() ? readerChanged() : conversationChanged()));
