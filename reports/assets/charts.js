// Time, RPCs and bytes of single runs, against the limits of their test; drawn when a test is opened.
const drawCharts = (test, runs) => {
  const figures = {
    virtual_s: { title: "time of a run, s", limit: runs.limits.time_s, scale: 1 },
    rpcs: { title: "RPCs of a run", limit: runs.limits.rpcs, scale: 1 },
    bytes: { title: "KiB of a run", limit: runs.limits.bytes, scale: 1 / 1024 },
  };
  // A limit that is far away would press all runs to the ground.
  const FAR = 4;
  for (const box of test.querySelectorAll(".chart")) {
    const { title, limit, scale } = figures[box.dataset.figure];
    const values = runs[box.dataset.figure].map((value) => (value === null ? null : value * scale));
    const most = values.reduce((most, value) => Math.max(most, value ?? 0), 0);
    if (most === 0) { box.hidden = true; continue; }
    const x = runs.iteration.map((iteration) => iteration + 1);
    const pick = (wanted) => values.map((value, i) => (runs.passed[i] === wanted ? value : null));
    const reach = limit === undefined || limit === null ? null : limit * scale;
    const isNear = reach !== null && reach <= most * FAR;
    const data = [x, pick(1), pick(0)];
    const width = () => Math.max(200, box.clientWidth);
    const axis = () => ({ stroke: () => ink("soft"), grid: { stroke: () => ink("line"), width: 1 }, ticks: { stroke: () => ink("line"), width: 1 }, font: "12px system-ui" });
    const cross = (chart, series) => {
      const { ctx } = chart;
      ctx.save();
      ctx.strokeStyle = ink("fail");
      ctx.lineWidth = 2 * devicePixelRatio;
      const half = 4 * devicePixelRatio;
      chart.data[series].forEach((value, i) => {
        if (value === null) return;
        const [cx, cy] = [chart.valToPos(chart.data[0][i], "x", true), chart.valToPos(value, "y", true)];
        ctx.beginPath();
        ctx.moveTo(cx - half, cy - half); ctx.lineTo(cx + half, cy + half);
        ctx.moveTo(cx - half, cy + half); ctx.lineTo(cx + half, cy - half);
        ctx.stroke();
      });
      ctx.restore();
    };
    const limitLine = (chart) => {
      if (!isNear) return;
      const { ctx, bbox } = chart;
      const y = chart.valToPos(reach, "y", true);
      ctx.save();
      ctx.strokeStyle = ctx.fillStyle = ink("fail");
      ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
      ctx.beginPath(); ctx.moveTo(bbox.left, y); ctx.lineTo(bbox.left + bbox.width, y); ctx.stroke();
      ctx.font = `${12 * devicePixelRatio}px system-ui`;
      ctx.fillText("limit", bbox.left + 4, y - 4);
      ctx.restore();
    };
    const chart = new uPlot({
      title, width: width(), height: 190,
      scales: { x: { time: false }, y: { range: (_, low, high) => [0, Math.max(high, isNear ? reach : 0) * 1.08 || 1] } },
      axes: [{ ...axis(), label: "run", labelSize: 18, size: 32 }, { ...axis(), size: 56 }],
      series: [{}, { label: "passed", stroke: () => ink("pass"), paths: () => null, points: { show: true, size: 4, fill: () => ink("pass") } }, { label: "failed", stroke: () => ink("fail"), paths: () => null, points: { show: false } }],
      hooks: { draw: [(chart) => { cross(chart, 2); limitLine(chart); }] },
      cursor: { drag: { x: true, y: false } },
    }, data, box);
    if (reach !== null && !isNear) {
      const note = document.createElement("p");
      note.textContent = `The limit, ${reach.toLocaleString("en")}, is far above.`;
      box.append(note);
    }
    new ResizeObserver(() => chart.setSize({ width: width(), height: 190 })).observe(box);
    onTheme.push(() => chart.redraw(false));
  }
};
