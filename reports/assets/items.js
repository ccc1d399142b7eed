// A list of things that fold: which are shown, which are open, and the one that a link names. `words` are what an item is
// found by; what is good is left out on request, and what is bad is open if it is little. `onShown` is called when others are shown.
const listItems = (items, { words, isGood, isBad, onShown }) => {
  const find = (id) => document.getElementById(id);
  const controls = find("controls");
  controls.hidden = false;
  controls.addEventListener("submit", (event) => event.preventDefault());
  const show = () => {
    const wanted = find("filter").value.trim().toLowerCase();
    const onlyBad = find("show").value === "bad";
    for (const item of items) item.hidden = !words(item).toLowerCase().includes(wanted) || (onlyBad && isGood(item));
    const shown = items.filter((item) => !item.hidden).length;
    find("shown").textContent = `${shown} of ${items.length} shown`;
    onShown();
  };
  find("filter").addEventListener("input", show);
  find("show").addEventListener("change", show);
  find("expand").addEventListener("click", () => items.filter((item) => !item.hidden).forEach((item) => { item.open = true; }));
  find("collapse").addEventListener("click", () => items.forEach((item) => { item.open = false; }));
  show();

  const bad = items.filter(isBad);
  if (bad.length <= 3) bad.forEach((item) => { item.open = true; });
  const follow = () => {
    const named = find(decodeURIComponent(location.hash.slice(1)));
    if (items.includes(named)) { named.open = true; named.scrollIntoView(); }
  };
  addEventListener("hashchange", follow);
  follow();
  // On paper nothing can be opened.
  addEventListener("beforeprint", () => { bad.forEach((item) => { item.open = true; item.querySelectorAll("details").forEach((inner) => { inner.open = true; }); }); });
};
