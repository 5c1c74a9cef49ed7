// Everything by keyboard. Off while somebody is typing.
const TYPING = "textarea, select, input:not([type=radio]), [contenteditable]";
const HAS_SPACE = "button, summary, a.button, input";

const STEPS = { a: "do-claim", p: "do-prompt", t: "do-arrive", b: "do-take_back", k: "do-risks" };
const PLACES = { c: "go-call", d: "go-dispatch", r: "go-resolve", x: "go-close", h: "go-hold", o: "go-hand-over" };

const READ_MS = 1000; // so long what one is asked to agree to, or to accept, must have been in view
const ANSWERED_MS = 2000; // so long after a question has left the view "no" is not taken for "new incident"

/**
 * `actions`: takeNext(), move(step), go(link), leave(), filter(): shows all or goes to the choices; look(): shows where one's agreement is asked for, or what is offered
 * to one; askedAt(): since when what is in view asks for it; answeredAt(): when a question last left the view. Both by
 * performance.now().
 */
export function listenToKeys(actions) {
  const dialog = document.getElementById("keys");
  document.getElementById("show-keys")?.addEventListener("click", () => dialog.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || dialog?.open) return;
    const typing = event.target.matches?.(TYPING);
    if (event.key === "Escape") {
      event.target.blur?.();
      actions.leave();
      return;
    }
    if (typing) {
      if (event.key === "Enter" && event.target.matches("textarea, select") && !event.shiftKey) {
        event.preventDefault();
        if (!event.repeat) event.target.form?.requestSubmit();
      }
      return;
    }
    if (onKey(event, actions, dialog)) event.preventDefault();
  });
}

function onKey(event, actions, dialog) {
  const key = event.key.toLowerCase();
  const radio = event.target.matches?.("input[type=radio]");
  if (event.repeat && !key.startsWith("arrow")) return key === " " && !event.target.matches?.(HAS_SPACE); // held is once
  if (radio && key === "enter") return event.target.form.requestSubmit(), true;
  if (radio && key.startsWith("arrow")) return false;
  if (key === " ") return event.target.matches?.(HAS_SPACE) ? false : (actions.takeNext(), true);
  if (key === "arrowdown" || key === "arrowup") return actions.move(key === "arrowdown" ? 1 : -1), true;
  if (key === "?") return dialog?.showModal(), true;
  if (key === "n") return press("do-refuse") || isJustAnswered(actions) || press("new-incident");
  if (key === "y") return agree(actions);
  if (key === "f") return actions.filter?.(), true;
  if (key === "m") return focus("note-text");
  if (key === "s") return focus("script-next");
  if (key >= "1" && key <= "9") return choose(key);
  if (STEPS[key]) return press(STEPS[key]);
  if (PLACES[key]) return go(PLACES[key], actions);
  return false;
}

/** What has only just come into view is read first; until then the key does nothing. */
function agree(actions) {
  const asked = document.getElementById("do-agree") ?? document.getElementById("do-accept");
  if (!asked) return actions.look();
  if (performance.now() - actions.askedAt() > READ_MS) asked.click();
  return true;
}

/** Whoever says no twice in a hurry does not mean a new incident. */
function isJustAnswered(actions) {
  return performance.now() - actions.answeredAt() < ANSWERED_MS;
}

function press(id) {
  const element = document.getElementById(id);
  element?.click();
  return Boolean(element);
}

function focus(id) {
  const element = document.getElementById(id);
  element?.focus();
  element?.scrollIntoView({ block: "nearest" });
  return Boolean(element);
}

function go(id, actions) {
  const link = document.getElementById(id);
  if (link) actions.go(link);
  return Boolean(link);
}

/** A number chooses an outcome while the closing form is open. */
function choose(number) {
  const radio = document.getElementById(`outcome-${number}`);
  if (!radio?.closest("details")?.open) return false;
  radio.checked = true;
  radio.focus();
  return true;
}
