// Runs once for each of the page's HTML parts. Gradio gives `element`, `trigger` and `watch`.
// Buttons say what they do in data- attributes; this passes it on. It also keeps what Gradio's
// re-rendering would lose (which reasons are unfolded) and brings a new turn into view.

const unfolded = new Set();
let newest = -1;

element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  if (button && !button.disabled) {
    trigger("act", { ...button.dataset });
  }
});

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
