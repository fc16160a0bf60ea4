// The server says how many seconds are left. At the end the element says so, and htmx asks again.
import { onArrival } from "./arrival.js";

const running = new Map();

onArrival("[data-countdown]", (element) => running.set(element, Date.now() + element.dataset.countdown * 1000));

const twoDigits = (number) => String(Math.floor(number)).padStart(2, "0");

const paintTime = (element, seconds) => {
  const digits = [...element.querySelectorAll("i")];
  if (!digits.length) element.textContent = seconds;
  const parts = [seconds / 3600, (seconds / 60) % 60, seconds % 60].slice(-digits.length).map(twoDigits);
  digits.forEach((place, index) => { place.textContent = parts[index]; });
};

setInterval(() => running.forEach((end, element) => {
  const seconds = Math.max(0, Math.ceil((end - Date.now()) / 1000));
  if (element.isConnected) paintTime(element, seconds);
  if (!element.isConnected || !seconds) running.delete(element);
  if (!seconds) element.dispatchEvent(new Event("countdown-end", { bubbles: true }));
}), 1000);
