// A timeline as it is drawn: columns of numbers, and quick ways to find what lies in a window of time.
const Kind = { step: 0, driven: 1, role: 2, askVote: 3, append: 4, heartbeat: 5, idle: 6, ask: 7, vote: 8, noVote: 9, accept: 10, refuse: 11, idleAnswer: 12, answer: 13, outcome: 14, command: 15, apply: 16, agreed: 17, logError: 18, logTrace: 22, other: 23 };
const Fate = { none: 0, arrives: 1, lost: 2, unreachable: 3, cutOff: 4, tooLate: 5, open: 6 };

// Kinds that the reader switches on and off together.
const TOPICS = [
  { name: "elections", kinds: [Kind.role, Kind.askVote, Kind.vote, Kind.noVote], isOn: true },
  { name: "appends", kinds: [Kind.append, Kind.accept, Kind.refuse, Kind.heartbeat], isOn: true },
  { name: "idle heartbeats", kinds: [Kind.idle, Kind.idleAnswer], isOn: false },
  { name: "other calls", kinds: [Kind.ask, Kind.answer], isOn: true },
  { name: "ends of calls", kinds: [Kind.outcome], isOn: false },
  { name: "commands and applies", kinds: [Kind.command, Kind.apply, Kind.agreed], isOn: true },
  { name: "log", kinds: [18, 19, 20, 21, 22, Kind.other], isOn: true },
];
const LEVELS = ["error", "warn", "info", "debug", "trace"];

class Timeline {
  constructor(raw) {
    const { events } = raw;
    const count = events.kind.length;
    this.raw = raw;
    this.count = count;
    this.servers = raw.servers;
    this.start = raw.start_us;
    this.end = raw.end_us;
    this.at = new Float64Array(count);
    this.until = new Float64Array(count);
    let now = raw.start_us;
    let longest = 0;
    for (let i = 0; i < count; i += 1) {
      now += events.after_us[i];
      this.at[i] = now;
      this.until[i] = now + events.takes_us[i];
      longest = Math.max(longest, events.takes_us[i]);
    }
    this.longest = longest;
    this.server = Int16Array.from(events.server);
    // Without a cluster there is one lane for everything.
    if (raw.servers === 0) this.server.fill(0);
    this.peer = Int16Array.from(events.peer);
    this.kind = Uint8Array.from(events.kind);
    this.fate = Uint8Array.from(events.fate);
    this.text = events.text;
    this.texts = events.texts;
    this.seen = new Uint8Array(count);
    this.filter = { topics: TOPICS.map((topic) => topic.isOn), servers: Array(raw.servers).fill(true), level: 3, onlyLost: false, words: "" };
    this.sift();
  }

  words(i) { return this.texts[this.text[i]]; }

  isLost(i) { return this.fate[i] >= Fate.lost && this.fate[i] <= Fate.tooLate; }

  // Settles which events are seen.
  sift() {
    const { topics, servers, level, onlyLost, words } = this.filter;
    const wanted = words.trim().toLowerCase();
    const isOn = new Uint8Array(24).fill(1);
    TOPICS.forEach((topic, i) => topic.kinds.forEach((kind) => { isOn[kind] = topics[i] ? 1 : 0; }));
    for (let kind = Kind.logError + level + 1; kind <= Kind.logTrace; kind += 1) isOn[kind] = 0;
    const hasWords = wanted === "" ? null : this.texts.map((text) => text.toLowerCase().includes(wanted));
    for (let i = 0; i < this.count; i += 1) {
      const isShown = (server) => server < 0 || servers[server] !== false;
      this.seen[i] = isOn[this.kind[i]]
        && isShown(this.server[i]) && isShown(this.peer[i])
        && (!onlyLost || this.fate[i] === Fate.none ? 1 : this.isLost(i))
        && (hasWords === null || hasWords[this.text[i]]) ? 1 : 0;
    }
  }

  // The first event at or after a moment.
  firstAt(moment) {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at[middle] < moment) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // Indices of what may be seen between two moments: messages may have begun before.
  range(from, to) { return [this.firstAt(from - this.longest), this.firstAt(to + 1e-9)]; }

  // How many events that are seen lie between two moments.
  visible(from, to) {
    let visible = 0;
    for (let [i, end] = [this.firstAt(from), this.firstAt(to + 1e-9)]; i < end; i += 1) visible += this.seen[i];
    return visible;
  }

  // The next event that is seen, in a direction.
  next(i, step) {
    for (let next = i + step; next >= 0 && next < this.count; next += step) if (this.seen[next]) return next;
    return null;
  }
}
