// One less, one more: buttons around a number that can also be typed.
import { onArrival } from "./arrival.js";

const limit = (input) => {
  for (const button of input.closest(".stepper").querySelectorAll("[data-step]")) {
    button.disabled = button.dataset.step < 0 ? +input.value <= +input.min : input.max !== "" && +input.value >= +input.max;
  }
};

onArrival(".stepper input", limit);

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-step]");
  const input = button?.closest(".stepper").querySelector("input");
  if (!input) return;
  if (button.dataset.step < 0) input.stepDown();
  else input.stepUp();
  for (const name of ["input", "change"]) input.dispatchEvent(new Event(name, { bubbles: true }));
});

document.addEventListener("input", ({ target }) => target.matches?.(".stepper input") && limit(target));
