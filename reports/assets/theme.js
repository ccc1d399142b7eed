// Colours: those of the system, or what the reader prefers on this page.
(() => {
  const button = document.getElementById("theme");
  const order = ["system", "dark", "light"];
  let now = 0;
  const tell = () => onTheme.forEach((redraw) => redraw());
  button.hidden = false;
  button.addEventListener("click", () => {
    now = (now + 1) % order.length;
    const theme = order[now];
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    button.textContent = `Colours: ${theme}`;
    tell();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tell);
})();
