// The page: what is shown, what is open, single runs, and commands to copy.
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const find = (id) => document.getElementById(id);

  // A command to copy. Where the clipboard is refused it is at least selected.
  for (const button of all(".copy")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const code = button.parentElement.querySelector(".replay");
      try {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = "Copied";
        say("The command is copied.");
      } catch {
        getSelection().selectAllChildren(code);
        button.textContent = "Selected: press Ctrl-C";
        say("The command is selected.");
      }
      setTimeout(() => { button.textContent = "Copy the command"; }, 3000);
    });
  }

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

  const controls = find("controls");
  if (controls === null) return;

  // What is shown.
  controls.hidden = false;
  controls.addEventListener("submit", (event) => event.preventDefault());
  const tests = all("details.test");
  const show = () => {
    const wanted = find("filter").value.trim().toLowerCase();
    const onlyBad = find("show").value === "bad";
    for (const test of tests) {
      const isNamed = test.dataset.test.toLowerCase().includes(wanted);
      test.hidden = !isNamed || (onlyBad && test.dataset.verdict === "pass");
    }
    for (const suite of all("[data-suite]")) suite.hidden = all("details.test", suite).every((test) => test.hidden);
    const shown = tests.filter((test) => !test.hidden).length;
    find("shown").textContent = `${shown} of ${tests.length} shown`;
  };
  find("filter").addEventListener("input", show);
  find("show").addEventListener("change", show);
  find("expand").addEventListener("click", () => tests.filter((test) => !test.hidden).forEach((test) => { test.open = true; }));
  find("collapse").addEventListener("click", () => tests.forEach((test) => { test.open = false; }));
  show();

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

  // What did not pass is open, if it is little; so is what a link names, and on paper all that failed.
  const bad = tests.filter((test) => ["fail", "flaky"].includes(test.dataset.verdict));
  if (bad.length <= 3) bad.forEach((test) => { test.open = true; });
  const follow = () => {
    const named = find(decodeURIComponent(location.hash.slice(1)));
    if (named?.matches("details.test")) { named.open = true; named.scrollIntoView(); }
  };
  addEventListener("hashchange", follow);
  follow();
  addEventListener("beforeprint", () => { bad.forEach((test) => { test.open = true; all("details", test).forEach((inner) => { inner.open = true; }); }); });
})();
