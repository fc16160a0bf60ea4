// The page wears the hue of a slider while it is moved; when it is saved, the server's stylesheet says so.
document.addEventListener("input", ({ target }) => {
  const token = target.dataset?.hue;
  if (token) document.documentElement.style.setProperty(token, target.value);
});
