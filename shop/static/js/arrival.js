// Tells the other modules of elements that have just come, with the page or with a fragment.

const expected = [];

/** Calls back once for each element that matches, now or later. */
export const onArrival = (selector, callback) => expected.push({ selector, callback, seen: new WeakSet() });

const arrive = (root) => {
  for (const { selector, callback, seen } of expected) {
    const matching = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) matching.unshift(root);
    for (const element of matching) {
      if (!seen.has(element)) {
        seen.add(element);
        callback(element);
      }
    }
  }
};

const watch = new MutationObserver((changes) => {
  for (const { addedNodes } of changes) {
    addedNodes.forEach((node) => node.nodeType === Node.ELEMENT_NODE && arrive(node));
  }
});

addEventListener("DOMContentLoaded", () => {
  arrive(document);
  watch.observe(document.documentElement, { childList: true, subtree: true });
});
