// The page of a report: pictures, what is shown, and single runs.
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const find = (id) => document.getElementById(id);

  // Pictures are drawn when they are seen first.
  const mount = (box) => {
    const payload = box.dataset.payload;
    if (payload === undefined) return;
    delete box.dataset.payload;
    mountTimeline(box, payload).catch((error) => { box.textContent = `The timeline cannot be drawn: ${error.message}`; });
  };
  for (const failure of all("details.failure")) {
    failure.addEventListener("toggle", () => { if (failure.open) all(":scope > .inside > .timeline", failure).forEach(mount); });
  }
  all(".timeline[data-open]").forEach(mount);

  if (find("controls") === null) return;

  // What is shown; on paper all that failed is open.
  const tests = all("details.test");
  listItems(tests, {
    words: (test) => test.dataset.test,
    isGood: (test) => test.dataset.verdict === "pass",
    isBad: (test) => ["fail", "flaky"].includes(test.dataset.verdict),
    onShown: () => { for (const suite of all("[data-suite]")) suite.hidden = all("details.test", suite).every((test) => test.hidden); },
  });

  // Single runs.
  const runs = unpack(find("runs").textContent).then((tests) => new Map(tests.map((test) => [test.id, test])));
  const number = (value, unit) => (value === null ? null : `${value.toLocaleString("en")} ${unit}`);
  const words = (of, i) => {
    const outcome = of.passed[i] ? (of.slow[i] ? "passed, close to a limit" : "passed") : of.failure[i] === null ? "failed" : `failed as number ${of.failure[i] + 1}`;
    return [`run ${of.iteration[i] + 1}`, outcome, number(of.virtual_s[i], "s"), number(of.rpcs[i], "RPCs"), number(of.bytes[i], "bytes"), `seed ${of.seed[i]}`].filter((part) => part !== null).join(" · ");
  };
  const pick = (test, of) => {
    const box = test.querySelector(".pick");
    const slider = box.querySelector("input");
    const output = box.querySelector("output");
    const tell = () => { output.textContent = words(of, slider.value - 1); slider.setAttribute("aria-valuetext", output.textContent); };
    const failed = of.passed.flatMap((passed, i) => (passed ? [] : [i + 1]));
    const next = box.querySelector(".next-failed");
    next.hidden = failed.length === 0;
    next.addEventListener("click", () => {
      slider.value = failed.find((run) => run > slider.value) ?? failed[0];
      tell();
      const failure = of.failure[slider.value - 1];
      if (failure !== null) test.querySelector(`[data-failure="${failure + 1}"]`).open = true;
    });
    slider.addEventListener("input", tell);
    // Whoever points at a mark means its run.
    const strip = test.querySelector("svg.runs");
    const at = (event) => {
      const { left, width } = strip.getBoundingClientRect();
      slider.value = 1 + Math.min(of.passed.length - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * of.passed.length)));
      tell();
    };
    strip.addEventListener("pointermove", at);
    strip.addEventListener("click", at);
    box.hidden = false;
    tell();
  };
  const opened = new Set();
  for (const test of tests) {
    test.addEventListener("toggle", async () => {
      if (!test.open || opened.has(test)) return;
      opened.add(test);
      const of = (await runs).get(test.dataset.test);
      if (of === undefined || test.querySelector(".pick") === null) return;
      pick(test, of);
      drawCharts(test, of);
    });
  }
})();
