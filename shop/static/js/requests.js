// What every htmx request carries, and what the person hears when none gets through.

const region = () => document.getElementById("toasts");

const sign = (headers) => {
  const token = region()?.dataset.csrfToken;
  if (token) headers["X-CSRFToken"] = token;
};

document.addEventListener("htmx:configRequest", ({ detail }) => sign(detail.headers));
document.addEventListener("htmx:config:request", ({ detail }) => sign(detail.ctx.request.headers)); // htmx 4

const tell = ({ detail }) => {
  if (detail.errorInfo) return; // htmx 2 says "error" for refusals too, and those bring words of their own
  const words = document.getElementById("toast-no-answer");
  if (words) region()?.replaceChildren(words.content.cloneNode(true));
};

for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:error"]) document.addEventListener(failure, tell);
