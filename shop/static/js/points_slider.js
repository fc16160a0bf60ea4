// The text follows the thumb at once; when it is let go, the server's bill is what counts.
import { onArrival } from "./arrival.js";

const whole = (number) => number.toLocaleString("en");
const yuan = (cents) => `${cents < 0 ? "−" : ""}¥${(Math.abs(cents) / 100).toLocaleString("en", { minimumFractionDigits: 2 })}`;

const readings = {
  points: ({ points }) => whole(points),
  off: ({ cents }) => yuan(-cents),
  cash: ({ cents }, base) => yuan(base - cents),
  pay: ({ points }, base) => whole(base + points),
  left: ({ points }, base) => whole(base - points),
};

const fill = (range) => {
  const share = (range.value - range.min) / (range.max - range.min || 1);
  range.style.setProperty("--fill", `${100 * share}%`);
};

const preview = (range) => {
  const points = +range.value;
  const cents = Math.floor((points * range.dataset.perCents) / range.dataset.perPoints);
  for (const text of document.querySelectorAll("[data-live]")) {
    text.textContent = readings[text.dataset.live]({ points, cents }, +text.dataset.base);
  }
};

onArrival("input[type=range]", fill);

document.addEventListener("input", ({ target }) => {
  if (!target.matches?.("input[type=range]")) return;
  fill(target);
  if (target.dataset.perPoints) preview(target);
});
