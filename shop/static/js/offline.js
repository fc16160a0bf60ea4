// The service worker keeps one page for the time without a network.

addEventListener("load", () => navigator.serviceWorker?.register("/sw.js").catch(() => {}));
