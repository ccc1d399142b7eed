// Puts a timeline into an element: picture, controls, details and a list for who reads rather than looks.
//
// For tests and tools, the element gets a property `timeline`: window() and show(from_us, to_us), visible(), select(i), selected(), draws(), settled().
// Controls have data-do (in, out, left, right, whole, failure, previous, next), data-topic, data-server, data-level, data-lost, data-find.
const el = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

const mountTimeline = async (box, base64) => {
  box.textContent = "Drawing …";
  const line = new Timeline(await unpack(base64));
  const view = new View(line);
  const LIST = 200;

  // Elements.
  const control = (name, label, title) => {
    const button = el("button", { type: "button", textContent: label, title });
    button.dataset.do = name;
    // A mere sign has no name of its own.
    if (label.length === 1) button.setAttribute("aria-label", title);
    return button;
  };
  const bar = el("div", { className: "tl-bar" },
    control("failure", line.raw.failure === null ? "End" : "Failure", "Or press f"), control("whole", "Whole run", "Or press 0"),
    control("out", "−", "Zoom out (-)"), control("in", "+", "Zoom in (+)"), control("left", "←", "Earlier (left arrow)"), control("right", "→", "Later (right arrow)"),
    control("previous", "Previous event", "Or press p"), control("next", "Next event", "Or press n"));
  const check = (name, value, isOn, label) => { const input = el("input", { type: "checkbox", checked: isOn }); input.dataset[name] = value; return el("label", {}, input, label); };
  const level = el("select", {}, ...LEVELS.map((name, i) => el("option", { value: String(i), textContent: name, selected: i === 3 })));
  level.dataset.level = "";
  const lost = check("lost", "", false, "only lost messages");
  const find = el("input", { type: "search", placeholder: "words of an event", autocomplete: "off", spellcheck: false });
  find.dataset.find = "";
  find.setAttribute("aria-label", "Find events by words");
  const topics = el("fieldset", {}, el("legend", { textContent: "Show" }), ...TOPICS.map(({ name, isOn }, i) => check("topic", i, isOn, name)));
  const servers = el("fieldset", {}, el("legend", { textContent: "Servers" }), ...Array.from({ length: line.servers }, (_, server) => check("server", server, true, String(server))));
  const filter = el("div", { className: "tl-filter" }, topics, servers, el("label", {}, "log from", level), lost, find);
  const canvas = el("canvas");
  const overview = el("canvas", { className: "tl-overview" });
  const picture = el("div", { className: "tl-picture", tabIndex: 0 }, canvas, overview);
  picture.setAttribute("role", "group");
  picture.setAttribute("aria-label", "Timeline. Arrow keys move, plus and minus zoom, n and p go from event to event, f goes to the end, 0 shows all.");
  canvas.setAttribute("aria-hidden", "true");
  overview.setAttribute("aria-hidden", "true");
  const detail = el("p", { className: "tl-detail" });
  detail.setAttribute("aria-live", "polite");
  const key = el("p", { className: "tl-key", textContent: "Lanes: F follower, C candidate (dashed), L leader (thick). Solid arrows are requests, dotted ones answers, dashed ones with a cross do not arrive. ▲ applies, ▼ accepts a command, ▮ log. Cross-hatched: crashed; hatched: disconnected or parted. Drag to move; Ctrl and the wheel zoom." });
  const items = el("ol", {});
  const heading = el("summary");
  const list = el("details", { className: "tl-list" }, heading, items);
  box.replaceChildren(el("p", { className: "tl-story", textContent: story(line) }), bar, filter, picture, detail, key, list);

  // Drawing, once a frame at most.
  const ctx = canvas.getContext("2d");
  const small = overview.getContext("2d");
  const painter = new Painter(ctx, line, view);
  const BAND_HEIGHT = Math.max(24, Math.min(48, line.servers * 7));
  let [place, isAsked, draws, width] = [layout(line, 600), false, 0, 0];
  const fit = () => {
    const now = Math.max(280, Math.floor(picture.clientWidth));
    if (now === width) return;
    width = now;
    place = layout(line, width);
    const ratio = Math.min(2, devicePixelRatio || 1);
    for (const [of, height] of [[canvas, place.height], [overview, BAND_HEIGHT]]) {
      of.width = width * ratio; of.height = height * ratio;
      of.style.height = `${height}px`;
      of.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
    }
  };
  let listTimer = null;
  const draw = () => {
    isAsked = false;
    fit();
    painter.paint(place);
    paintOverview(small, line, view, width, BAND_HEIGHT);
    draws += 1;
    if (told === null) tell(null);
    clearTimeout(listTimer);
    listTimer = setTimeout(fillList, 120);
  };
  const redraw = () => { if (!isAsked) { isAsked = true; requestAnimationFrame(draw); } };

  // Words.
  let told = null;
  const tell = (i) => {
    told = i;
    if (i === null) { detail.textContent = painter.isDense ? "Too many events to tell apart: zoom in." : "Point at something, or press n."; return; }
    const { when, who, what } = eventWords(line, i);
    detail.replaceChildren(el("b", { textContent: when }), ` ${who}${who ? ": " : ""}${what}`);
  };
  const select = (i) => { if (i === null) return; view.select(i); tell(i); redraw(); };
  function fillList() {
    listTimer = null;
    const total = line.visible(view.from, view.to);
    heading.textContent = `Events in the window: ${total.toLocaleString("en")}${total > LIST ? `, of which the first ${LIST} are listed` : ""}`;
    if (!list.open) return;
    const rows = [];
    for (let i = line.firstAt(view.from); i < line.count && line.at[i] <= view.to && rows.length < LIST; i += 1) {
      if (!line.seen[i]) continue;
      const { when, who, what } = eventWords(line, i);
      const button = el("button", { type: "button", textContent: `${when}  ${who}${who ? ": " : ""}${what}` });
      button.dataset.event = i;
      if (i === view.selected) button.setAttribute("aria-current", "true");
      rows.push(el("li", {}, button));
    }
    items.replaceChildren(...rows);
  }
  list.addEventListener("toggle", fillList);
  items.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button === null) return;
    const i = Number(button.dataset.event);
    const half = (view.to - view.from) / 2;
    view.set(line.at[i] - half, line.at[i] + half);
    select(i);
  });

  // Moving.
  const part = (fraction) => (view.to - view.from) * fraction;
  const middle = () => (view.selected !== null && line.at[view.selected] >= view.from && line.at[view.selected] <= view.to ? line.at[view.selected] : (view.from + view.to) / 2);
  const moves = {
    in: () => view.zoom(0.5, middle()), out: () => view.zoom(2, middle()), left: () => view.pan(-part(0.25)), right: () => view.pan(part(0.25)),
    whole: () => view.whole(), failure: () => view.toFailure(),
    next: () => select(line.next(view.selected ?? line.firstAt(view.from) - 1, 1)), previous: () => select(line.next(view.selected ?? line.firstAt(view.to), -1)),
  };
  const move = (name) => { moves[name](); redraw(); };
  bar.addEventListener("click", (event) => { const name = event.target.closest("button")?.dataset.do; if (name) move(name); });
  const keys = { ArrowLeft: "left", ArrowRight: "right", "+": "in", "=": "in", "-": "out", 0: "whole", Home: "whole", End: "failure", f: "failure", n: "next", p: "previous" };
  picture.addEventListener("keydown", (event) => {
    const name = keys[event.key];
    if (name === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move(name);
  });
  const moment = (event) => { const { left } = canvas.getBoundingClientRect(); return view.from + ((event.clientX - left - GUTTER) / (width - GUTTER)) * (view.to - view.from); };
  canvas.addEventListener("wheel", (event) => {
    // The plain wheel scrolls the page.
    if (!event.ctrlKey && !event.shiftKey) return;
    event.preventDefault();
    view.zoom(Math.exp((event.deltaY || event.deltaX) * 0.002), moment(event));
    redraw();
  }, { passive: false });
  const fingers = new Map();
  let moved = 0;
  canvas.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, event.clientX);
    moved = 0;
    canvas.setPointerCapture(event.pointerId);
    canvas.classList.add("dragging");
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) {
      const { left, top } = canvas.getBoundingClientRect();
      tell(painter.at(event.clientX - left, event.clientY - top) ?? view.selected);
      return;
    }
    const by = event.clientX - fingers.get(event.pointerId);
    moved += Math.abs(by);
    if (fingers.size === 2) {
      const [other] = [...fingers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
      const [before, after] = [Math.abs(fingers.get(event.pointerId) - other), Math.abs(event.clientX - other)];
      if (before > 8 && after > 8) view.zoom(before / after, moment(event));
    } else {
      view.pan(-by * ((view.to - view.from) / (width - GUTTER)));
    }
    fingers.set(event.pointerId, event.clientX);
    redraw();
  });
  const release = (event) => {
    fingers.delete(event.pointerId);
    canvas.classList.remove("dragging");
    if (event.type === "pointerup" && moved < 4) {
      const { left, top } = canvas.getBoundingClientRect();
      select(painter.at(event.clientX - left, event.clientY - top));
    }
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  const jump = (event) => {
    if (event.buttons === 0) return;
    const { left } = overview.getBoundingClientRect();
    const at = line.start + ((event.clientX - left) / width) * (line.end - line.start);
    const half = (view.to - view.from) / 2;
    view.set(at - half, at + half);
    redraw();
  };
  overview.addEventListener("pointerdown", (event) => { overview.setPointerCapture(event.pointerId); jump(event); });
  overview.addEventListener("pointermove", jump);

  // Filters.
  filter.addEventListener("input", ({ target }) => {
    const { topic, server, level: isLevel, lost: isLost, find: isFind } = target.dataset;
    if (topic !== undefined) line.filter.topics[topic] = target.checked;
    if (server !== undefined) line.filter.servers[server] = target.checked;
    if (isLevel !== undefined) line.filter.level = Number(target.value);
    if (isLost !== undefined) line.filter.onlyLost = target.checked;
    if (isFind !== undefined) line.filter.words = target.value;
    line.sift();
    if (view.selected !== null && !line.seen[view.selected]) view.selected = null;
    redraw();
  });

  new ResizeObserver(redraw).observe(picture);
  onTheme.push(redraw);
  box.timeline = {
    window: () => ({ from_us: view.from, to_us: view.to }),
    show: (from, to) => { view.set(from, to); redraw(); },
    visible: () => line.visible(view.from, view.to),
    select, selected: () => view.selected, draws: () => draws, settled: () => !isAsked && listTimer === null,
  };
  tell(null);
  redraw();
};
