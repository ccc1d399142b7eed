// What is said of a timeline and of its events.
const seconds = (us) => `${(us / 1e6).toFixed(6)} s`;

const eventWords = (line, i) => {
  const server = line.server[i];
  const who = server < 0 || line.servers === 0 ? "" : `server ${server}`;
  return { when: seconds(line.at[i]), who, what: line.words(i) };
};

// The whole run in a few sentences.
const story = (line) => {
  const { raw } = line;
  const leaders = raw.roles.filter((span) => span.role === "leader");
  const elections = raw.roles.filter((span) => span.role === "candidate").length;
  const crashes = raw.absences.filter((absence) => absence.why === "crashed").length;
  const lost = line.fate.reduce((sum, fate) => sum + (fate === Fate.lost ? 1 : 0), 0);
  const many = (number, one, more = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : more}`;
  const parts = [
    many(raw.servers, "server"),
    `${((raw.end_us - raw.start_us) / 1e6).toFixed(3)} virtual seconds`,
    many(line.count, "event"),
    many(elections, "candidacy", "candidacies"),
    leaders.length === 0 ? "nobody led" : `leaders: ${[...new Set(leaders.map((span) => `${span.server} in term ${span.term}`))].slice(0, 6).join(", ")}${leaders.length > 6 ? " …" : ""}`,
  ];
  if (crashes > 0) parts.push(many(crashes, "crash", "crashes"));
  if (lost > 0) parts.push(many(lost, "message lost", "messages lost"));
  const left = raw.left_out > 0 ? ` The first ${many(raw.left_out, "event")} of the run are left out, because there are too many.` : "";
  const cut = raw.is_cut ? " The record of the run breaks off." : "";
  const end = raw.failure === null ? "" : ` It fails at ${seconds(raw.end_us)}: ${raw.failure[0]}.`;
  return `${parts.join("; ")}.${end}${left}${cut}`;
};
