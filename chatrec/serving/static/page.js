// Runs once for each of the page's HTML parts. Gradio gives `element`, `trigger` and `watch`.
// Buttons say what they do in data- attributes; this passes it on. It also keeps what Gradio's
// re-rendering would lose (which reasons are unfolded, where the keyboard is), says a new answer to
// screen readers, and brings a new turn into view.

const unfolded = new Set();
let newest = -1;

const messageBox = () => document.querySelector("#cr-box textarea");

function send(data) {
  tell(data);
  lookAgain();
}

// Every event says which conversation the tab is in, and has a name of its own.
function tell(data) {
  const conversation = sessionStorage.getItem("chatrec.conversation") ?? "";
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const name = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  trigger("act", { ...data, conversation, event: name });
}

// Gradio ends its stream of updates when nothing is under way, and what is sent at that very moment
// gets none. Where nothing came for a while the page asks how it looks, which opens a new stream.

const PATIENCE_MS = 3000;
let unseen = 0;

function lookAgain() {
  clearTimeout(unseen);
  unseen = setTimeout(() => tell({ act: "look" }), PATIENCE_MS);
}

function press(button) {
  if (!button.disabled) {
    send({ ...button.dataset });
    if (button.dataset.act === "edit") {
      messageBox().focus();
    }
  }
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  const details = event.target.closest("summary")?.parentElement;
  if (button) {
    press(button);
  } else if (details?.dataset.key && !details.open) {
    unfolded.add(details.dataset.key); // at once: it may be drawn anew before it says so itself
    const rest = details.querySelector("[data-ask]"); // what is only worked out on demand
    if (rest) {
      send({ act: rest.dataset.ask, turn: rest.dataset.turn, item: rest.dataset.item });
    }
  } else if (event.target.closest("[data-close]")) {
    send({ act: "close" });
  } else if (event.target.closest(".cr-skip")) {
    event.preventDefault();
    messageBox().focus();
  }
});

// What is drawn anew while the finger is on it gets no click; it is pressed all the same.

const PRESSED = "button[data-act], summary";
let held = null;
let heldKey = "";

element.addEventListener("pointerdown", (event) => {
  held = event.target.closest(PRESSED);
  heldKey = held ? keyOf(held) : "";
});

element.addEventListener("pointerup", (event) => {
  const stop = event.target.closest(PRESSED);
  if (stop && heldKey && !held.isConnected && keyOf(stop) === heldKey) {
    stop.click();
  }
  held = null;
  heldKey = "";
});

// The header says which language the page is in; a choice is remembered in a cookie.

const YEAR_S = 365 * 24 * 3600;

element.addEventListener("change", (event) => {
  if (event.target.dataset.act === "language") {
    const value = event.target.value;
    document.cookie = `chatrec_language=${value};path=/;max-age=${YEAR_S};samesite=lax`;
    send({ act: "language", value });
  }
});

function speak() {
  const head = element.querySelector("[data-lang]");
  if (head) {
    document.documentElement.lang = head.dataset.lang;
    nameSendButton(head.dataset.send);
  }
}

// Gradio draws the send button without a name of its own, some time after this part.
function nameSendButton(name) {
  const send = document.querySelector("#cr-box .submit-button");
  if (send) {
    send.setAttribute("aria-label", name);
  } else {
    requestAnimationFrame(() => nameSendButton(name));
  }
}

// One place that stays in the document tells screen readers what is new in the conversation.

function announce() {
  const news = element.querySelector("[data-spoken]");
  let live = document.getElementById("cr-live");
  if (!live) {
    live = document.createElement("div");
    live.id = "cr-live";
    live.className = "cr-hidden";
    live.setAttribute("role", "status");
    live.setAttribute("aria-live", "polite");
    document.body.append(live);
  }
  if (news && live.textContent !== news.dataset.spoken) {
    live.textContent = news.dataset.spoken;
  }
}

// A picture that can't be loaded leaves the drawn cover below it.

element.addEventListener(
  "error",
  (event) => {
    if (event.target.closest(".cr-tile")) {
      event.target.remove();
    }
  },
  true,
);

// The keyboard stays where it was when what it was on is drawn anew.

let focused = "";

function keyOf(stop) {
  const details = stop.tagName === "SUMMARY" ? stop.parentElement.dataset.key : "";
  return details || (stop.dataset.act ? JSON.stringify({ ...stop.dataset }) : "");
}

document.addEventListener("focusin", (event) => {
  focused = element.contains(event.target) ? keyOf(event.target) : "";
});

function keepFocus() {
  if (focused && document.activeElement === document.body) {
    const stops = [...element.querySelectorAll("button, select, summary")];
    const same = stops.find((stop) => keyOf(stop) === focused);
    const instead = element.closest("#cr-thread") ? messageBox() : null; // it has done its work
    (same ?? instead)?.focus({ preventScroll: true });
  }
}

element.addEventListener("submit", (event) => {
  if (!event.target.dataset.act) {
    forgetTyped(); // it goes to an address of its own, as signing out does
    return;
  }
  event.preventDefault();
  send({ ...event.target.dataset, ...Object.fromEntries(new FormData(event.target)) });
});

// A file goes to the server in parts: the next once the page says that the last has come.

const PART_BYTES = 30000;
let file = null;

element.addEventListener("change", (event) => {
  if (event.target.type === "file" && event.target.files.length) {
    file = { blob: event.target.files[0], sent: 0 };
    file.parts = Math.max(1, Math.ceil(file.blob.size / PART_BYTES));
    sendPart();
  }
});

async function sendPart() {
  const { blob, sent, parts } = file;
  file.sent += 1;
  const bytes = new Uint8Array(
    await blob.slice(sent * PART_BYTES, (sent + 1) * PART_BYTES).arrayBuffer(),
  );
  const data = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  send({ act: "history", part: sent, parts, data });
}

function sendRest() {
  const panel = element.querySelector("[data-got]");
  if (file && panel && Number(panel.dataset.got) === file.sent && file.sent < file.parts) {
    sendPart();
  }
}

// While a dialog is open the keyboard stays in it; Escape closes it and goes back to its button.

let dialogIsOpen = false;
let opener = "";

document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest("[aria-haspopup=dialog]");
    opener = button ? selectorOf(button) : opener;
  },
  true,
);

function selectorOf({ dataset }) {
  const which = dataset.session ? `[data-session="${CSS.escape(dataset.session)}"]` : "";
  return `[data-act=${dataset.act}]${which}`;
}

function stayIn(part, event) {
  const found = part.querySelectorAll("button, input, textarea, summary, [tabindex='0']");
  const stops = [...found].filter((stop) => !stop.disabled && stop.checkVisibility());
  const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
  if (document.activeElement === edge || !part.contains(document.activeElement)) {
    event.preventDefault();
    stops[event.shiftKey ? stops.length - 1 : 0].focus();
  }
}

document.addEventListener("keydown", (event) => {
  const panel = element.querySelector("[role=dialog]");
  if (!panel) {
    return;
  }
  if (event.key === "Escape") {
    send({ act: "close" });
  } else if (event.key === "Tab") {
    stayIn(panel, event);
  }
});

function moveFocus() {
  const panel = element.querySelector("[role=dialog]");
  if (panel && !panel.contains(document.activeElement)) {
    panel.querySelector("h2").focus({ preventScroll: dialogIsOpen });
  } else if (!panel && dialogIsOpen) {
    const button = opener && document.querySelector(opener);
    (button || messageBox()).focus();
  }
  dialogIsOpen = Boolean(panel);
}

element.addEventListener(
  "toggle",
  (event) => {
    const key = event.target.dataset.key;
    if (key && event.target.open) {
      unfolded.add(key);
    } else if (key && !rendering) {
      unfolded.delete(key);
    }
  },
  true,
);

// What was on its way when a conversation was left may come after the new one has been drawn. The
// page then asks once how it looks; what the server says again is so.

let newestTalk = 0;
let doubted = false;

function isLeft() {
  const number = Number(element.querySelector("[data-number]")?.dataset.number ?? newestTalk);
  doubted = number < newestTalk && !doubted;
  newestTalk = doubted ? newestTalk : number;
  return doubted;
}

let rendering = false;

function rendered() {
  if (isLeft()) {
    tell({ act: "look" });
    return;
  }
  rendering = true;
  for (const part of element.querySelectorAll("details[data-key]")) {
    part.open = unfolded.has(part.dataset.key);
  }
  setTimeout(() => {
    rendering = false;
  }, 50);
  sendRest();
  speak();
  announce();
  remember();
  tellTimes();
  keepFocus();
  if (!element.closest("#cr-thread") || bringBack()) {
    clearTimeout(unseen);
  }
  if (element.closest("#cr-profile, #cr-side")) {
    moveFocus();
  }
  const turns = element.querySelectorAll(".cr-turn");
  const last = turns.length ? Number(turns[turns.length - 1].dataset.turn) : -1;
  if (last > newest && last > 0) {
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    turns[turns.length - 1].scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  }
  newest = last;
}

watch("value", rendered);
speak();
announce();
