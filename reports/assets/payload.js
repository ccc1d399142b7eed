// Payloads: base64 of gzip of JSON, inside the page.
const unpack = async (base64) => {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
};

// Says something to who does not see the page.
const say = (text) => { document.getElementById("said").textContent = text; };

// Whoever draws is called when the colours have changed.
const onTheme = [];

// A colour of the page's style as it is now, as canvases take it.
const ink = (() => {
  const known = new Map();
  onTheme.push(() => known.clear());
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  return (name) => {
    if (!known.has(name)) {
      probe.style.color = `var(--${name})`;
      known.set(name, getComputedStyle(probe).color);
    }
    return known.get(name);
  };
})();
