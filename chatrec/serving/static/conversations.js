// Goes on from page.js, in the same scope: which conversation this tab is in, and their list.

// The tab remembers its conversation, so that a reload comes back to it.

const MEMORY = "chatrec.conversation";

function remember() {
  const mark = element.querySelector("[data-conversation]");
  if (mark) {
    sessionStorage.setItem(MEMORY, mark.dataset.conversation);
  }
}

// What was typed, and a message that was sent but not answered, come back after a reload: Gradio
// reloads the page by itself once it finds a server again that was gone. Nothing of an incognito
// conversation is kept.

const DRAFT = "chatrec.draft";
const SENT = "chatrec.sent"; // written where a message is sent, in ui.py
const INCOGNITO = "incognito"; // in place of a conversation
let isNew = true; // this page has not shown its conversation yet
let unanswered = ""; // what was brought back

function write(text) {
  messageBox().value = text;
  messageBox().dispatchEvent(new Event("input", { bubbles: true }));
}

function forgetTyped() {
  sessionStorage.removeItem(SENT);
  write("");
}

if (element.closest("#cr-thread")) {
  window.addEventListener("pagehide", () => {
    const kept = sessionStorage.getItem(MEMORY) !== INCOGNITO;
    sessionStorage.setItem(DRAFT, kept ? (messageBox()?.value.trim() ?? "") : "");
    sessionStorage.setItem(SENT, (kept && sessionStorage.getItem(SENT)) || "");
  });
  document.addEventListener(SENT, lookAgain);
}

const squeezed = (text) => text.replace(/\s+/g, "");

const newestTurn = () => [...element.querySelectorAll(".cr-turn")].pop();

// Whether the newest turn is this message.
function isSaid(message) {
  const said = newestTurn()?.querySelector(".cr-said").textContent ?? "";
  return squeezed(said).endsWith(squeezed(message));
}

// Whether it has its answer, too.
function isAnswered(message) {
  return isSaid(message) && !newestTurn().querySelector(".cr-answer[aria-busy]");
}

// Whether what was sent last, if anything, has come.
function bringBack() {
  const sent = sessionStorage.getItem(SENT) ?? "";
  const answered = sent && isAnswered(sent);
  if (answered) {
    sessionStorage.removeItem(SENT);
  }
  if (isNew && element.querySelector("[data-conversation]")) {
    isNew = false;
    unanswered = answered ? "" : sent;
    const draft = sessionStorage.getItem(DRAFT) ?? "";
    const typed = [...new Set([unanswered, draft, messageBox().value])].filter(Boolean);
    if (typed.length) {
      write(typed.join("\n"));
    }
  }
  if (unanswered && isAnswered(unanswered)) {
    if (messageBox().value === unanswered) {
      write(""); // the page before this one had got it through after all
    }
    unanswered = "";
  }
  return !sent || isSaid(sent);
}

// Times are written as they are where the visitor is.

function tellTimes() {
  const page = document.documentElement.lang || "en";
  const language = navigator.languages.find((name) => name.startsWith(page)) ?? page;
  const now = new Date();
  for (const part of element.querySelectorAll("time[datetime]")) {
    const then = new Date(part.dateTime);
    const same = (form) => form(then) === form(now);
    const format = same((date) => date.toDateString())
      ? { hour: "numeric", minute: "2-digit" }
      : same((date) => date.getFullYear())
        ? { day: "numeric", month: "short" }
        : { day: "numeric", month: "short", year: "numeric" };
    part.textContent = then.toLocaleString(language, format);
    part.title = then.toLocaleString(language);
  }
}

// On narrow windows the list is a drawer. While it is out the keyboard stays in it.

const side = () => document.getElementById("cr-side");
const isOut = () => side().classList.contains("is-out");

function pullDrawer(out) {
  side().classList.toggle("is-out", out);
  const button = document.querySelector(".cr-drawer");
  button?.setAttribute("aria-expanded", String(out));
  (out ? document.getElementById("cr-list-head") : button)?.focus();
}

element.addEventListener("click", (event) => {
  const pulled = event.target.closest("[data-drawer]");
  const chosen = event.target.closest(".cr-list :is([data-act=open], [data-act=new])");
  if (pulled) {
    pullDrawer(pulled.dataset.drawer === "open");
  } else if (chosen && isOut()) {
    pullDrawer(false);
  }
});

document.addEventListener("keydown", (event) => {
  const list = element.querySelector(".cr-list");
  if (!list || !isOut() || document.querySelector("[role=dialog]")) {
    return;
  }
  if (event.key === "Escape") {
    pullDrawer(false);
  } else if (event.key === "Tab") {
    stayIn(list, event);
  }
});

// A shared conversation is copied or saved here; the server has no part in it.

element.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  const save = event.target.closest("[data-save]");
  if (!copy && !save) {
    return;
  }
  const dialog = event.target.closest("[role=dialog]");
  const text = dialog.querySelector("textarea");
  if (copy) {
    const said = (await copied(text)) ? copy.dataset.copy : copy.dataset.failed;
    dialog.querySelector("[role=status]").textContent = said;
  } else {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text.value], { type: "text/plain" }));
    link.download = `${text.dataset.title.replace(/[^\p{L}\p{N} _-]/gu, "").trim() || "chatrec"}.txt`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }
});

// Without a secure connection browsers have no clipboard but that of a selection.
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text.value);
    return true;
  } catch {
    text.select();
    return document.execCommand("copy");
  }
}

remember();
