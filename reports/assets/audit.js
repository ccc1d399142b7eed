// The page of an audit: which solutions are shown, in the matrix and below it.
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const isLapse = (item) => item.dataset.lapse !== undefined;
  const items = all("details.entry");
  listItems(items, {
    words: (item) => item.querySelector("summary").textContent,
    isGood: (item) => !isLapse(item),
    isBad: isLapse,
    onShown: () => {
      for (const row of all("tr[data-item]")) row.hidden = document.getElementById(row.dataset.item).hidden;
      for (const lab of all("[data-lab]")) lab.hidden = all("details.entry", lab).every((item) => item.hidden);
    },
  });
})();
