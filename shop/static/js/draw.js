// The server has decided before the lights move: they walk to its answer and slow down.
import { onArrival } from "./arrival.js";
import { openDialog } from "./dialogs.js";

const AROUND = [0, 1, 2, 5, 8, 7, 6, 3]; // the places of the board, clockwise without the middle
const ROUNDS = 2;
const REST_MS = 450;

const stillness = matchMedia("(prefers-reduced-motion: reduce)");

const light = (ring, lit) => ring.forEach((cell, place) => cell.classList.toggle("lit", place === lit));

const walk = (ring, stop, done) => {
  const last = ROUNDS * ring.length + stop;
  const step = (count) => {
    light(ring, count % ring.length);
    if (count === last) setTimeout(done, REST_MS);
    else setTimeout(step, 70 + Math.max(0, count - 9) * 26, count + 1);
  };
  step(0);
};

onArrival("dialog[data-walk]", (dialog) => {
  const board = document.querySelector(".board");
  const ring = AROUND.map((place) => board?.children[place]).filter(Boolean);
  const stop = ring.findIndex((cell) => cell.dataset.cell === dialog.dataset.walk);
  if (stop < 0 || stillness.matches) {
    light(ring, stop);
    openDialog(dialog);
    return;
  }
  dialog.removeAttribute("open");
  board.setAttribute("aria-busy", "true");
  walk(ring, stop, () => {
    board.removeAttribute("aria-busy");
    openDialog(dialog);
  });
});

// One draw at a time: the next may start when the lights stand.
document.addEventListener("submit", (event) => {
  if (!event.target.closest(".board[aria-busy]") && !event.target.querySelector(".board[aria-busy]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
