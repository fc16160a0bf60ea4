// Opening and closing. Escape, the focus on the heading and its way back are the browser's own work.
import { onArrival } from "./arrival.js";

/** Shows a dialog above the page, also one that stood open in it for browsers without script. */
export const openDialog = (dialog) => {
  if (!dialog.isConnected || dialog.matches(":modal")) return;
  dialog.removeAttribute("open");
  dialog.showModal();
};

onArrival("dialog[data-show]", openDialog);

const isOutside = (dialog, { clientX, clientY }) => {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
};

// While the event goes down: a link that opens a dialog must not reach htmx.
document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-open]");
  const dialog = opener && document.getElementById(opener.dataset.open);
  if (dialog) {
    event.preventDefault();
    event.stopPropagation();
    openDialog(dialog);
  }
}, true);

document.addEventListener("click", (event) => {
  const { target } = event;
  if (target.closest?.("[data-close]")) target.closest("dialog")?.close();
  else if (target.matches?.("dialog[closedby=any]") && isOutside(target, event)) target.close();
});

// What came for one moment goes with it, or its id would stand in the page twice.
document.addEventListener("close", ({ target }) => {
  if (target.matches("[data-show], [data-walk]")) target.remove();
}, true);

// The drawer of the back office is a :target; leaving it is going elsewhere.
document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape" && location.hash === "#side") location.hash = "main";
});
