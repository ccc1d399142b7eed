// Draws a window of a timeline. It is called for each frame, so it looks only at what lies in the window, and where that is
// too much for single marks, it draws how much there is.
const LANE = 48;
const BAND = 20;
const GUTTER = 34;
const DENSE = 3000;

const layout = (line, width) => {
  const hasNetwork = line.raw.network.length > 0;
  const top = BAND + (hasNetwork ? BAND : 0) + 4;
  const lanes = Math.max(1, line.servers) * LANE;
  return { width, hasNetwork, top, lanes, height: top + lanes + BAND, y: (server) => top + server * LANE + LANE / 2 };
};

const hatch = (ctx, x, y, width, height, color, gap, slant) => {
  ctx.save();
  ctx.beginPath(); ctx.rect(x, y, width, height); ctx.clip();
  ctx.strokeStyle = color; ctx.lineWidth = 1;
  ctx.beginPath();
  // Only what is in sight: a span may be far longer than the window.
  const from = x - height - ((x - height) % gap);
  for (let at = from; at < x + width + height; at += gap) {
    ctx.moveTo(at, slant > 0 ? y + height : y); ctx.lineTo(at + height, slant > 0 ? y : y + height);
  }
  ctx.stroke();
  ctx.restore();
};

class Painter {
  constructor(ctx, line, view) {
    this.ctx = ctx; this.line = line; this.view = view;
  }

  x(us) { return GUTTER + ((us - this.view.from) / (this.view.to - this.view.from)) * (this.place.width - GUTTER); }

  // A span of time as pixels, cut to the window; none when it is out of sight.
  span(from, to) {
    const left = Math.max(GUTTER, this.x(from));
    const right = Math.min(this.place.width, this.x(to));
    return right > left ? [left, right - left] : null;
  }

  paint(place) {
    this.place = place;
    const { ctx } = this;
    ctx.clearRect(0, 0, place.width, place.height);
    ctx.font = "12px system-ui, sans-serif";
    ctx.textBaseline = "middle";
    this.background();
    this.roles();
    this.absences();
    const [first, last] = this.line.range(this.view.from, this.view.to);
    let seen = 0;
    for (let i = first; i < last; i += 1) seen += this.line.seen[i];
    this.isDense = seen > DENSE;
    if (this.isDense) this.density(first, last);
    else this.marks(first, last);
    this.steps();
    this.ending();
    this.axis();
    this.names();
  }

  background() {
    const { ctx, line, place } = this;
    for (let server = 0; server < line.servers; server += 1) {
      ctx.fillStyle = ink(server % 2 ? "raised" : "paper");
      ctx.fillRect(0, place.y(server) - LANE / 2, place.width, LANE);
    }
    for (const span of line.raw.network) {
      const drawn = this.span(span.from_us, span.to_us);
      if (drawn === null) continue;
      const [x, width] = drawn;
      ctx.fillStyle = ink("flaky-paper");
      ctx.fillRect(x, BAND + 2, width, BAND - 2);
      ctx.fillStyle = ink("flaky");
      this.label(span.text, x + 4, BAND + 2 + BAND / 2, width - 6);
      const most = Math.max(...(span.groups ?? []).map((group) => group.length));
      const main = (span.groups ?? []).findIndex((group) => group.length === most);
      (span.groups ?? []).forEach((group, i) => {
        if (i === main) return;
        for (const server of group) hatch(ctx, x, place.y(server) - LANE / 2, width, LANE, ink("flaky"), 14, i % 2 ? 1 : -1);
      });
    }
  }

  roles() {
    const { ctx, place } = this;
    for (const { server, from_us: from, to_us: to, role, term } of this.line.raw.roles) {
      const drawn = this.span(from, to);
      if (drawn === null) continue;
      const [x, width] = drawn;
      const y = place.y(server) - 11;
      ctx.fillStyle = ink(`${role}-paper`);
      ctx.fillRect(x, y, width, 22);
      ctx.strokeStyle = ink(role);
      ctx.lineWidth = role === "leader" ? 3 : 1;
      ctx.setLineDash(role === "candidate" ? [3, 3] : []);
      ctx.beginPath(); ctx.moveTo(x, y + 22); ctx.lineTo(x + width, y + 22); ctx.moveTo(x, y); ctx.lineTo(x + width, y); ctx.stroke();
      ctx.setLineDash([]);
      ctx.fillStyle = ink(role);
      const letter = role[0].toUpperCase();
      const name = term === 0 ? letter : `${letter} term ${term}`;
      this.label(ctx.measureText(name).width < width - 6 ? name : letter, x + 4, place.y(server), width - 6);
    }
  }

  absences() {
    const { ctx, place } = this;
    for (const { server, from_us: from, to_us: to, why } of this.line.raw.absences) {
      const drawn = this.span(from, to);
      if (drawn === null) continue;
      const [x, width] = drawn;
      const y = place.y(server) - LANE / 2 + 2;
      ctx.globalAlpha = why === "crashed" ? 0.35 : 0.15;
      ctx.fillStyle = ink("away");
      ctx.fillRect(x, y, width, LANE - 4);
      ctx.globalAlpha = 1;
      hatch(ctx, x, y, width, LANE - 4, ink("away"), why === "crashed" ? 6 : 12, 1);
      if (why === "crashed") hatch(ctx, x, y, width, LANE - 4, ink("away"), 6, -1);
      ctx.fillStyle = ink("ink");
      this.label(why, x + 4, y + 8, width - 6);
    }
  }

  // Text, if there is room for it.
  label(text, x, y, room) {
    const { ctx } = this;
    if (room < 8) return;
    let shown = text;
    if (ctx.measureText(shown).width > room) {
      const fits = Math.floor(text.length * room / ctx.measureText(text).width) - 1;
      if (fits < 3) { if (text.length > 1) return; } else shown = `${text.slice(0, fits)}…`;
    }
    ctx.fillText(shown, x, y);
  }

  marks(first, last) {
    const { line } = this;
    for (let i = first; i < last; i += 1) {
      if (line.seen[i] && i !== this.view.selected) this.mark(i, false);
    }
    if (this.view.selected !== null) this.mark(this.view.selected, true);
  }

  mark(i, isChosen) {
    const { ctx, line, place } = this;
    const kind = line.kind[i];
    if (line.fate[i] !== Fate.none) { this.arrow(i, isChosen); return; }
    if (line.server[i] < 0) return;
    const x = this.x(line.at[i]);
    if (x < GUTTER - 6 || x > place.width + 6) return;
    const y = place.y(line.server[i]);
    const big = isChosen ? 3 : 0;
    ctx.lineWidth = 1.5 + big;
    if (kind === Kind.apply) {
      ctx.fillStyle = ink("apply");
      ctx.beginPath(); ctx.moveTo(x, y + 12 - big); ctx.lineTo(x + 4 + big, y + 21 + big); ctx.lineTo(x - 4 - big, y + 21 + big); ctx.fill();
    } else if (kind === Kind.command) {
      ctx.fillStyle = ink("apply");
      ctx.beginPath(); ctx.moveTo(x, y - 12 + big); ctx.lineTo(x + 4 + big, y - 21 - big); ctx.lineTo(x - 4 - big, y - 21 - big); ctx.fill();
    } else if (kind === Kind.role) {
      ctx.strokeStyle = ink("ink");
      ctx.beginPath(); ctx.moveTo(x, y - 14 - big); ctx.lineTo(x, y + 14 + big); ctx.stroke();
    } else if (kind >= Kind.logError) {
      ctx.fillStyle = ink(kind === Kind.logError ? "fail" : kind === Kind.logError + 1 ? "flaky" : "soft");
      ctx.fillRect(x - 1.5 - big / 2, y + 15 - big, 3 + big, 7 + big);
    } else {
      ctx.fillStyle = ink("soft");
      ctx.beginPath(); ctx.arc(x, y - 17, 2.5 + big, 0, 7); ctx.fill();
    }
  }

  arrow(i, isChosen) {
    const { ctx, line, place } = this;
    const fate = line.fate[i];
    const [from, to] = [line.server[i], line.peer[i]];
    if (from < 0 || to < 0) return;
    const isRequest = line.kind[i] <= Kind.ask;
    const down = to > from ? 1 : -1;
    const [x0, y0] = [this.x(line.at[i]), place.y(from) + down * 11];
    const [x1, y1] = [this.x(fate === Fate.arrives ? line.until[i] : line.at[i]) + (fate === Fate.arrives ? 0 : 6), place.y(to) - down * 11];
    if (Math.max(x0, x1) < GUTTER || Math.min(x0, x1) > place.width) return;
    const isBroken = fate !== Fate.arrives;
    // What is lost ends on its way; what reaches nobody ends at once.
    const part = { [Fate.lost]: 0.55, [Fate.unreachable]: 0.25, [Fate.cutOff]: 0.75, [Fate.tooLate]: 0.9 }[fate] ?? 1;
    const [xe, ye] = [x0 + (x1 - x0) * part, y0 + (y1 - y0) * part];
    const isWeak = line.kind[i] === Kind.idle || line.kind[i] === Kind.idleAnswer;
    ctx.strokeStyle = ctx.fillStyle = ink(isBroken && fate !== Fate.open ? "fail" : isRequest ? "request" : "reply");
    ctx.globalAlpha = isWeak && !isChosen ? 0.45 : 1;
    ctx.lineWidth = isChosen ? 3.5 : 1.2;
    ctx.setLineDash(isBroken ? [5, 4] : isRequest ? [] : [2, 2]);
    ctx.beginPath(); ctx.moveTo(x0, y0); ctx.lineTo(xe, ye); ctx.stroke();
    ctx.setLineDash([]);
    ctx.beginPath();
    if (isBroken && fate !== Fate.open) {
      ctx.moveTo(xe - 4, ye - 4); ctx.lineTo(xe + 4, ye + 4); ctx.moveTo(xe - 4, ye + 4); ctx.lineTo(xe + 4, ye - 4); ctx.stroke();
    } else {
      const angle = Math.atan2(ye - y0, xe - x0);
      for (const turn of [2.7, -2.7]) { ctx.moveTo(xe, ye); ctx.lineTo(xe + 7 * Math.cos(angle + turn), ye + 7 * Math.sin(angle + turn)); }
      ctx.stroke();
    }
    ctx.globalAlpha = 1;
  }

  // How much happens, lane by lane: messages above the middle, applies and the log below, losses in red.
  density(first, last) {
    const { ctx, line, place, view } = this;
    const columns = Math.max(1, Math.floor((place.width - GUTTER) / 2));
    const size = line.servers * columns;
    const [sent, lost, rest] = [new Uint32Array(size), new Uint32Array(size), new Uint32Array(size)];
    const perUs = columns / (view.to - view.from);
    for (let i = first; i < last; i += 1) {
      if (!line.seen[i] || line.server[i] < 0) continue;
      const column = Math.floor((line.at[i] - view.from) * perUs);
      if (column < 0 || column >= columns) continue;
      const cell = line.server[i] * columns + column;
      if (line.fate[i] === Fate.none) rest[cell] += 1;
      else if (line.isLost(i)) lost[cell] += 1;
      else sent[cell] += 1;
    }
    const most = Math.max(1, ...[sent, rest].map((cells) => cells.reduce((most, cell) => Math.max(most, cell), 0)));
    const bar = (cells, cell, up) => (cells[cell] === 0 ? 0 : up * (3 + 8 * Math.log1p(cells[cell]) / Math.log1p(most)));
    for (const [cells, color, up] of [[sent, "request", -1], [rest, "apply", 1], [lost, "fail", -1]]) {
      ctx.fillStyle = ink(color);
      for (let server = 0; server < line.servers; server += 1) {
        const y = place.y(server) + up * 12;
        for (let column = 0; column < columns; column += 1) {
          const height = bar(cells, server * columns + column, up);
          if (height !== 0) ctx.fillRect(GUTTER + column * 2, y, 1.6, height);
        }
      }
    }
  }

  steps() {
    const { ctx, line, place } = this;
    let free = GUTTER;
    for (const i of this.view.stepEvents) {
      const x = this.x(line.at[i]);
      if (x > place.width) break;
      if (x >= GUTTER) {
        ctx.strokeStyle = ink("soft"); ctx.lineWidth = 1;
        ctx.setLineDash([1, 3]);
        ctx.beginPath(); ctx.moveTo(x, BAND); ctx.lineTo(x, place.top + place.lanes); ctx.stroke();
        ctx.setLineDash([]);
      }
      const from = Math.max(x, free);
      const next = this.view.stepEvents.find((step) => step > i);
      const room = Math.min(place.width, next === undefined ? place.width : this.x(line.at[next])) - from - 8;
      ctx.fillStyle = ink("ink");
      if (room > 20) this.label(line.words(i), from + 4, BAND / 2, room);
    }
  }

  ending() {
    const { ctx, line, place } = this;
    const x = this.x(line.end);
    if (x < GUTTER || x > place.width) return;
    const failed = line.raw.failure !== null;
    ctx.strokeStyle = ctx.fillStyle = ink(failed ? "fail" : "soft");
    ctx.lineWidth = failed ? 3 : 1;
    ctx.beginPath(); ctx.moveTo(x, BAND); ctx.lineTo(x, place.top + place.lanes); ctx.stroke();
    const word = failed ? "✗ fails" : "end";
    const width = ctx.measureText(word).width;
    ctx.font = "bold 12px system-ui, sans-serif";
    ctx.fillText(word, Math.min(x + 5, place.width - width - 6), place.top + place.lanes - 6);
    ctx.font = "12px system-ui, sans-serif";
  }

  axis() {
    const { ctx, place, view } = this;
    const about = (view.to - view.from) / Math.max(2, (place.width - GUTTER) / 110);
    const power = 10 ** Math.floor(Math.log10(about));
    const step = power * [1, 2, 5, 10].find((factor) => factor * power >= about);
    const digits = Math.max(0, 6 - Math.floor(Math.log10(step)));
    ctx.fillStyle = ink("paper"); ctx.fillRect(0, place.top + place.lanes, place.width, BAND);
    ctx.strokeStyle = ctx.fillStyle = ink("soft"); ctx.lineWidth = 1;
    for (let at = Math.ceil(view.from / step) * step; at <= view.to; at += step) {
      const x = this.x(at);
      ctx.beginPath(); ctx.moveTo(x, place.top + place.lanes); ctx.lineTo(x, place.top + place.lanes + 4); ctx.stroke();
      ctx.fillText(`${(at / 1e6).toFixed(digits)} s`, Math.min(x + 3, place.width - 60), place.top + place.lanes + 12);
    }
  }

  names() {
    const { ctx, line, place } = this;
    ctx.fillStyle = ink("paper"); ctx.fillRect(0, 0, GUTTER - 2, place.top + place.lanes);
    ctx.font = "bold 13px system-ui, sans-serif";
    ctx.fillStyle = ink("ink");
    for (let server = 0; server < line.servers; server += 1) ctx.fillText(`S${server}`, 6, place.y(server));
    ctx.font = "12px system-ui, sans-serif";
  }

  // The event that a point on the canvas means; none when there is none close by.
  at(px, py) {
    const { line, place, view } = this;
    if (this.isDense) return null;
    const [first, last] = line.range(view.from, view.to);
    let [best, distance] = [null, 9];
    for (let i = first; i < last; i += 1) {
      if (!line.seen[i] || line.server[i] < 0) continue;
      const away = this.away(i, px, py);
      if (away < distance) [best, distance] = [i, away];
    }
    return best;
  }

  away(i, px, py) {
    const { line, place } = this;
    const x0 = this.x(line.at[i]);
    const y0 = place.y(line.server[i]);
    const kind = line.kind[i];
    if (line.fate[i] === Fate.none || line.peer[i] < 0) {
      const y = kind === Kind.apply || kind >= Kind.logError ? y0 + 17 : kind === Kind.role ? y0 : y0 - 17;
      return Math.hypot(px - x0, (py - y) * 0.7);
    }
    const down = line.peer[i] > line.server[i] ? 1 : -1;
    const [ax, ay, bx, by] = [x0, y0 + down * 11, this.x(line.until[i]), place.y(line.peer[i]) - down * 11];
    const along = Math.max(0, Math.min(1, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2 || 1)));
    return Math.hypot(px - ax - along * (bx - ax), py - ay - along * (by - ay));
  }
}

// The whole run in a narrow band: who led, what was away, where the window is.
const paintOverview = (ctx, line, view, width, height) => {
  const span = line.end - line.start || 1;
  const x = (us) => ((us - line.start) / span) * width;
  ctx.clearRect(0, 0, width, height);
  const lane = height / Math.max(1, line.servers);
  for (const { server, from_us: from, to_us: to, role } of line.raw.roles) {
    ctx.fillStyle = ink(role === "follower" ? "follower-paper" : role);
    ctx.fillRect(x(from), server * lane, Math.max(1, x(to) - x(from)), lane - 1);
  }
  for (const { server, from_us: from, to_us: to } of line.raw.absences) {
    ctx.fillStyle = ink("away");
    ctx.fillRect(x(from), server * lane, Math.max(1, x(to) - x(from)), lane - 1);
  }
  if (line.raw.failure !== null) { ctx.fillStyle = ink("fail"); ctx.fillRect(width - 3, 0, 3, height); }
  const [left, right] = [x(view.from), x(view.to)];
  ctx.fillStyle = ink("ink");
  ctx.globalAlpha = 0.18;
  ctx.fillRect(0, 0, left, height); ctx.fillRect(right, 0, width - right, height);
  ctx.globalAlpha = 1;
  ctx.strokeStyle = ink("ink"); ctx.lineWidth = 2;
  ctx.strokeRect(Math.max(1, left), 1, Math.max(4, Math.min(width - 1, right) - left - 1), height - 2);
};
