// Runs once for each of the page's HTML parts. Gradio gives `element`, `trigger` and `watch`.
// Buttons say what they do in data- attributes; this passes it on. It also keeps what Gradio's
// re-rendering would lose (which reasons are unfolded) and brings a new turn into view.

const unfolded = new Set();
let newest = -1;

element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  if (button && !button.disabled) {
    trigger("act", { ...button.dataset });
  } else if (event.target.closest("[data-close]")) {
    trigger("act", { act: "close" });
  }
});

element.addEventListener("submit", (event) => {
  event.preventDefault();
  trigger("act", { ...event.target.dataset, ...Object.fromEntries(new FormData(event.target)) });
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
  trigger("act", { act: "history", part: sent, parts, data });
}

function sendRest() {
  const panel = element.querySelector("[data-got]");
  if (file && panel && Number(panel.dataset.got) === file.sent && file.sent < file.parts) {
    sendPart();
  }
}

// While the profile is open the keyboard stays in it; Escape closes it.

let opener = null;

document.addEventListener("keydown", (event) => {
  const panel = element.querySelector("[role=dialog]");
  if (!panel) {
    return;
  }
  if (event.key === "Escape") {
    trigger("act", { act: "close" });
  } else if (event.key === "Tab") {
    const stops = [...panel.querySelectorAll("button, input, summary")].filter(
      (stop) => !stop.disabled && stop.checkVisibility(),
    );
    const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
    if (document.activeElement === edge || !panel.contains(document.activeElement)) {
      event.preventDefault();
      stops[event.shiftKey ? stops.length - 1 : 0].focus();
    }
  }
});

function moveFocus() {
  const panel = element.querySelector("[role=dialog]");
  if (panel && !opener) {
    opener = document.querySelector("[data-act=profile]");
    panel.querySelector("h2").focus();
  } else if (panel && !panel.contains(document.activeElement)) {
    panel.querySelector("h2").focus({ preventScroll: true }); // what had the focus was drawn anew
  } else if (!panel && opener) {
    opener.focus();
    opener = null;
  }
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

let rendering = false;

function rendered() {
  rendering = true;
  for (const part of element.querySelectorAll("details[data-key]")) {
    part.open = unfolded.has(part.dataset.key);
  }
  setTimeout(() => {
    rendering = false;
  }, 50);
  sendRest();
  if (element.closest("#cr-profile")) {
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

// Gradio draws the send button without a name of its own, some time after this part.
function nameSendButton() {
  const send = document.querySelector("#cr-box .submit-button");
  if (send) {
    send.setAttribute("aria-label", "Send");
  } else {
    requestAnimationFrame(nameSendButton);
  }
}

nameSendButton();
