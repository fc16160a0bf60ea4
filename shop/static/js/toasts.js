// A toast goes by itself; bad news stays longer.
import { onArrival } from "./arrival.js";

const GOOD_NEWS_MS = 6000;
const BAD_NEWS_MS = 15000;

onArrival(".toasts > .toast", (toast) => {
  const region = toast.parentElement;
  // Above an open dialog, where the browser can.
  if (region.showPopover) {
    region.popover = "manual";
    region.hidePopover();
    region.showPopover();
  }
  setTimeout(() => toast.remove(), toast.classList.contains("rose") ? BAD_NEWS_MS : GOOD_NEWS_MS);
});

document.addEventListener("click", ({ target }) => target.closest?.("[data-dismiss]")?.closest(".toast").remove());
