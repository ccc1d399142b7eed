// The window through which a timeline is seen: where it is, and how it moves.
class View {
  constructor(line) {
    this.line = line;
    this.selected = null;
    this.stepEvents = [];
    for (let i = 0; i < line.count; i += 1) if (line.kind[i] === Kind.step) this.stepEvents.push(i);
    // A little beyond the end, so that the last moment is not at the edge.
    this.last = line.end + Math.max(1, line.end - line.start) * 0.01;
    this.toFailure();
  }

  set(from, to) {
    const { line } = this;
    const width = Math.min(Math.max(to - from, 20), this.last - line.start + 1);
    const start = Math.min(Math.max(from, line.start - width * 0.5), this.last - width * 0.5);
    this.from = start;
    this.to = start + width;
  }

  whole() { this.set(this.line.start, this.last); }

  // The last part of the run: so much that there is something to see, and not so much that nothing can be told apart.
  toFailure() {
    const { line } = this;
    const [ENOUGH, LONGEST] = [250, 2e6];
    let [i, seen] = [line.count, 0];
    while (i > 0 && seen < ENOUGH && line.end - line.at[i - 1] < LONGEST) { i -= 1; seen += line.seen[i]; }
    const from = i < line.count ? line.at[i] : line.start;
    const width = Math.max(1000, line.end - from);
    this.set(line.end - width, line.end + width * 0.06);
  }

  pan(us) { this.set(this.from + us, this.to + us); }

  zoom(factor, around) {
    this.set(around - (around - this.from) * factor, around + (this.to - around) * factor);
  }

  // Chooses an event and brings it into sight.
  select(i) {
    this.selected = i;
    const at = this.line.at[i];
    if (at < this.from || at > this.to) {
      const half = (this.to - this.from) / 2;
      this.set(at - half, at + half);
    }
  }
}
