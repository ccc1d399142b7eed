//! Each check, told what happened step by step: it finds what is wrong, and leaves alone what looks
//! wrong and is not.

use contracts::raft::{
    AppendEntriesReply, Command, LogIndex, RequestVoteArgs, RequestVoteReply, ServerId, Started,
    Term,
};

use super::property::Property::{self, *};
use super::violation::Verdict;
use super::{Life, State};
use crate::events::{command_hash, int_hash};
use crate::raft::traffic::{Append, EntrySeen, Position, Request};

/// A cluster of three as it is seen. Commands are their entries' indices unless said otherwise.
struct Cluster(State);

const NOTHING: Position = Position { index: 0, term: 0 };

fn at(index: LogIndex, term: Term) -> Position {
    Position { index, term }
}

/// What the leader of `term` sends: entries of these terms after `prev`.
fn append(
    term: Term,
    leader: ServerId,
    prev: Position,
    terms: &[Term],
    commit: LogIndex,
) -> Append {
    let commands = (prev.index + 1..).map(|index| int_hash(index.cast_signed()));
    let entries = terms.iter().zip(commands).map(|(&term, command)| EntrySeen { term, command });
    Append { term, leader, prev, entries: entries.collect(), commit }
}

impl Cluster {
    fn new() -> Self {
        let mut cluster = Self(State::new(3, true));
        (0..3).for_each(|server| cluster.0.starts(Life { server, number: 1 }));
        cluster
    }

    fn life(&self, server: ServerId) -> Life {
        Life { server, number: self.0.servers[server].life }
    }

    fn restart(&mut self, server: ServerId) {
        let life = self.life(server);
        self.0.crashes(life);
        self.0.starts(Life { number: life.number + 1, ..life });
    }

    fn asks(&mut self, candidate: ServerId, term: Term, last: Position) -> Verdict {
        let args = ballot(candidate, term, last);
        self.0.asks_for_votes(self.life(candidate), &args)
    }

    fn votes(
        &mut self,
        voter: ServerId,
        candidate: ServerId,
        term: Term,
        last: Position,
    ) -> Verdict {
        let before = self.0.servers[voter].term;
        let reply = RequestVoteReply { term, vote_granted: true };
        self.0.ballot(self.life(voter), before, &ballot(candidate, term, last), &reply)
    }

    /// `candidate` becomes leader of `term` by the votes of itself and `voter`.
    fn elect(
        &mut self,
        candidate: ServerId,
        voter: ServerId,
        term: Term,
        last: Position,
    ) -> Verdict {
        self.asks(candidate, term, last)?;
        self.votes(voter, candidate, term, last)?;
        self.0.vote_comes(self.life(candidate), voter, term);
        self.0.leads(candidate, term)
    }

    /// `append` is sent, and comes to `to`, which answers in its term; the leader gets the answer.
    fn answer(&mut self, to: ServerId, append: &Append, success: bool) -> Verdict {
        self.answer_is_lost(to, append, success)?;
        if success {
            let leader = self.life(append.leader);
            self.0.acknowledgement_comes(leader, to, append.term, append.last().index);
        }
        Ok(())
    }

    /// The same, and the leader does not get the answer.
    fn answer_is_lost(&mut self, to: ServerId, append: &Append, success: bool) -> Verdict {
        self.0.leader_sends(append.leader, append)?;
        let ticket = self.0.append_comes(to, append);
        self.end(to, ticket, append, success)
    }

    fn end(&mut self, at: ServerId, ticket: u64, append: &Append, success: bool) -> Verdict {
        let term = append.term.max(self.0.servers[at].term);
        let reply = AppendEntriesReply { term, success, next_index: 0 };
        self.0.append_ends(at, ticket, append, &reply)
    }

    fn applies(&mut self, server: ServerId, index: LogIndex) -> Verdict {
        self.0.applies(server, index, &Command::Int(index.cast_signed()))
    }
}

fn ballot(candidate_id: ServerId, term: Term, last: Position) -> RequestVoteArgs {
    let Position { index: last_log_index, term: last_log_term } = last;
    RequestVoteArgs { term, candidate_id, last_log_index, last_log_term }
}

/// A cluster in which server 0 leads term 1, and 1 and 2 have acknowledged two entries.
fn replicated() -> Cluster {
    let mut cluster = Cluster::new();
    cluster.elect(0, 1, 1, NOTHING).unwrap();
    for to in [1, 2] {
        cluster.answer(to, &append(1, 0, NOTHING, &[1, 1], 0), true).unwrap();
    }
    cluster
}

#[track_caller]
fn violates(verdict: Verdict, property: Property, words: &str) {
    let violation = verdict.expect_err("it is wrong");
    assert_eq!(violation.property, property, "{}", violation.message);
    assert!(violation.message.contains(words), "{words:?} is not in {:?}", violation.message);
}

#[test]
fn two_leaders_of_a_term() {
    let mut cluster = replicated();
    violates(cluster.0.leads(2, 1), ElectionSafety, "servers 0 and 2 both claim to lead term 1");
}

#[test]
fn a_leader_without_a_majority() {
    let mut cluster = Cluster::new();
    cluster.asks(2, 1, NOTHING).unwrap();
    violates(cluster.0.leads(2, 1), ElectionSafety, "only server 2 voted for it");
}

#[test]
fn one_vote_a_term_also_over_a_restart() {
    let mut cluster = Cluster::new();
    cluster.votes(1, 0, 3, NOTHING).unwrap();
    cluster.votes(1, 0, 3, NOTHING).unwrap();
    cluster.votes(1, 2, 4, NOTHING).unwrap();
    violates(cluster.votes(1, 0, 4, NOTHING), OneVoteATerm, "in which it had voted for server 2");

    let mut cluster = Cluster::new();
    cluster.votes(1, 0, 3, NOTHING).unwrap();
    cluster.restart(1);
    violates(cluster.votes(1, 2, 3, NOTHING), OneVoteATerm, "server 0, before its restart");

    let mut cluster = Cluster::new();
    cluster.asks(1, 3, NOTHING).unwrap();
    violates(cluster.votes(1, 2, 3, NOTHING), OneVoteATerm, "had voted for server 1");
}

#[test]
fn terms_go_on_over_a_restart_and_when_asked() {
    let mut cluster = replicated();
    cluster.votes(2, 1, 5, at(2, 1)).unwrap();
    // A message that was put together in an earlier term of the same life.
    cluster.asks(2, 4, at(2, 1)).unwrap();
    violates(cluster.0.says_term(2, 5, 4), TermsNeverGoBack, "it was in term 5 already");
    cluster.restart(2);
    violates(cluster.asks(2, 2, at(2, 1)), TermsNeverGoBack, "before it, it was in term 5");
}

#[test]
fn a_request_of_an_older_term_is_refused() {
    let mut cluster = replicated();
    cluster.votes(2, 1, 5, at(2, 1)).unwrap();
    let late = append(1, 0, at(2, 1), &[1], 0);
    cluster.answer(2, &late, false).unwrap();
    violates(cluster.answer(2, &late, true), StaleTermsAreRefused, "it was in term 5 already");
    let mut cluster = replicated();
    cluster.votes(2, 1, 5, at(2, 1)).unwrap();
    violates(
        cluster.votes(2, 0, 4, at(2, 1)),
        StaleTermsAreRefused,
        "in term 4, when it was in term 5",
    );
}

#[test]
fn a_vote_for_a_log_that_is_less_up_to_date() {
    let mut cluster = replicated();
    cluster.votes(2, 1, 2, at(2, 1)).unwrap();
    violates(
        cluster.votes(2, 0, 3, at(1, 1)),
        ElectionRestriction,
        "its own has index 2 of term 1",
    );
}

#[test]
fn what_was_acknowledged_stays() {
    let mut cluster = replicated();
    cluster.restart(2);
    violates(cluster.asks(2, 2, NOTHING), AcknowledgedEntriesStay, "its log ends with nothing");

    let mut cluster = replicated();
    let next = append(1, 0, at(2, 1), &[1], 0);
    violates(cluster.answer(2, &next, false), AcknowledgedEntriesStay, "refuses an AppendEntries");

    let mut cluster = replicated();
    cluster.elect(2, 1, 2, at(2, 1)).unwrap();
    let started = Started { index: 2, term: 2 };
    let verdict = cluster.0.leader_accepts(2, started, int_hash(9));
    violates(verdict, LeaderAppendOnly, "although its log ended with index 2 of term 1");
}

#[test]
fn a_refusal_is_fine_when_something_conflicting_came_meanwhile() {
    let mut cluster = replicated();
    // Server 1 has more than a majority holds, and leads on without it.
    cluster.answer(2, &append(1, 0, at(2, 1), &[1], 0), true).unwrap();
    cluster.elect(1, 0, 2, at(2, 1)).unwrap();
    let other = append(2, 1, at(2, 1), &[2], 0);
    cluster.0.leader_sends(1, &other).unwrap();
    let ticket = cluster.0.append_comes(2, &other);
    // The entry of term 1 may be gone by now.
    cluster.answer(2, &append(2, 1, at(3, 2), &[2], 0), false).unwrap();
    cluster.end(2, ticket, &other, true).unwrap();
    cluster.answer(2, &append(2, 1, at(3, 2), &[2], 0), true).unwrap();
}

#[test]
fn a_leader_never_overwrites() {
    let mut cluster = replicated();
    violates(
        cluster.answer(1, &append(1, 0, NOTHING, &[1], 0), true).and_then(|()| {
            let started = Started { index: 2, term: 1 };
            cluster.0.leader_accepts(0, started, int_hash(9))
        }),
        LeaderAppendOnly,
        "gives index 2 to two commands",
    );

    let mut cluster = Cluster::new();
    cluster.elect(0, 1, 1, NOTHING).unwrap();
    cluster.0.leader_accepts(0, Started { index: 1, term: 1 }, int_hash(9)).unwrap();
    violates(
        cluster.answer(1, &append(1, 0, NOTHING, &[1], 0), true),
        LeaderAppendOnly,
        "told a client that its command is at index 1, and has another one there",
    );
}

#[test]
fn a_follower_accepts_only_after_what_it_holds() {
    let mut cluster = replicated();
    cluster.0.leader_sends(0, &append(1, 0, at(2, 1), &[1, 1], 0)).unwrap();
    violates(
        cluster.answer(2, &append(1, 0, at(4, 1), &[], 0), true),
        LogMatching,
        "follows index 4 of term 1, which it was never sent",
    );
}

#[test]
fn what_comes_while_a_server_crashes_may_be_in_its_storage() {
    let mut cluster = Cluster::new();
    cluster.elect(0, 1, 1, NOTHING).unwrap();
    let late = append(1, 0, NOTHING, &[1], 0);
    cluster.0.leader_sends(0, &late).unwrap();
    let life = cluster.life(2);
    cluster.0.crashes(life);
    cluster.0.begins(life, &Request::Append(late));
    cluster.0.starts(Life { number: 2, ..life });
    cluster.answer(2, &append(1, 0, at(1, 1), &[], 0), true).unwrap();

    let later = append(1, 0, at(1, 1), &[1], 0);
    cluster.0.leader_sends(0, &later).unwrap();
    cluster.restart(2);
    cluster.0.begins(Life { number: 2, ..life }, &Request::Append(later));
    let verdict = cluster.answer(2, &append(1, 0, at(2, 1), &[], 0), true);
    violates(verdict, LogMatching, "which it was never sent");
}

#[test]
fn a_server_holds_what_it_sent_as_leader() {
    let mut cluster = Cluster::new();
    cluster.elect(0, 1, 1, NOTHING).unwrap();
    // Its client never learnt of this entry: the leader crashed first.
    cluster.answer(1, &append(1, 0, NOTHING, &[1], 0), true).unwrap();
    cluster.restart(0);
    cluster.elect(1, 2, 2, at(1, 1)).unwrap();
    cluster.answer(0, &append(2, 1, at(1, 1), &[], 0), true).unwrap();
}

#[test]
fn two_logs_that_differ_below_an_entry_they_share() {
    let mut cluster = replicated();
    cluster.elect(1, 2, 2, at(2, 1)).unwrap();
    violates(
        cluster.answer(2, &append(2, 1, at(1, 1), &[2, 1], 0), true),
        LeaderAppendOnly,
        "conflicts",
    );
    let mut cluster = replicated();
    let other = [EntrySeen { term: 1, command: command_hash(&Command::from("other")) }];
    let append = Append { entries: other.to_vec(), ..append(1, 0, NOTHING, &[], 0) };
    violates(cluster.answer(2, &append, true), LogMatching, "different commands at index 1");
}

#[test]
fn a_majority_of_an_entry_of_the_leaders_own_term_commits() {
    let mut cluster = replicated();
    cluster.applies(0, 1).unwrap();
    cluster.answer(1, &append(1, 0, at(2, 1), &[], 2), true).unwrap();
    cluster.applies(1, 1).unwrap();
    violates(cluster.applies(1, 3), CommitRule, "only the entries up to index 2 can be committed");

    let mut cluster = Cluster::new();
    cluster.elect(0, 1, 1, NOTHING).unwrap();
    cluster.0.leader_sends(0, &append(1, 0, NOTHING, &[1], 0)).unwrap();
    violates(cluster.applies(0, 1), CommitRule, "server 0 applies index 1");
    violates(
        cluster.answer(1, &append(1, 0, NOTHING, &[1], 1), true),
        CommitRule,
        "says that index 1 is committed",
    );
}

#[test]
fn an_entry_commits_although_the_leaders_later_ones_were_sent_first() {
    let mut cluster = Cluster::new();
    cluster.elect(0, 1, 1, NOTHING).unwrap();
    cluster.0.leader_sends(0, &append(1, 0, at(2, 1), &[1], 0)).unwrap();
    cluster.answer(1, &append(1, 0, NOTHING, &[1], 0), true).unwrap();
    cluster.applies(0, 1).unwrap();
}

/// Figure 8 of the paper, (c): the entry of term 2 is on a majority, and the leader of term 4 must not
/// count that.
#[test]
fn replicas_of_an_older_terms_entry_do_not_commit() {
    let mut cluster = Cluster::new();
    cluster.elect(0, 1, 2, NOTHING).unwrap();
    cluster.0.leader_sends(0, &append(2, 0, NOTHING, &[2], 0)).unwrap();
    cluster.elect(0, 2, 4, at(1, 2)).unwrap();
    cluster.answer(2, &append(4, 0, NOTHING, &[2], 0), true).unwrap();
    let committed = append(4, 0, at(1, 2), &[4], 1);
    violates(cluster.0.leader_sends(0, &committed), CommitRule, "of its leader's own term");

    let honest = append(4, 0, at(1, 2), &[4], 0);
    cluster.answer(2, &honest, true).unwrap();
    cluster.answer(2, &append(4, 0, at(2, 4), &[], 2), true).unwrap();
}

#[test]
fn a_leader_without_what_was_committed_before() {
    let mut cluster = replicated();
    cluster.answer(1, &append(1, 0, at(2, 1), &[], 2), true).unwrap();
    // Nobody looks into the logs of those who vote, for what they hold is not known.
    for server in 0..3 {
        cluster.0.servers[server].held = super::server::Held::default();
    }
    violates(cluster.elect(1, 2, 2, at(1, 1)), LeaderCompleteness, "without index 2 of term 1");
}

#[test]
fn another_command_than_the_one_committed() {
    let mut cluster = replicated();
    let verdict = cluster.0.applies(1, 2, &Command::from("x"));
    violates(verdict, StateMachineSafety, "a majority holds another command");
}

#[test]
fn an_entry_that_no_message_brought() {
    let mut cluster = Cluster::new();
    cluster.elect(0, 1, 1, NOTHING).unwrap();
    cluster.answer(1, &append(1, 0, NOTHING, &[1], 0), true).unwrap();
    cluster.0.leader_sends(0, &append(1, 0, at(1, 1), &[], 1)).unwrap();
    cluster.applies(0, 1).unwrap();
    violates(cluster.applies(2, 1), NothingButMessages, "applies 1 at index 1, and no message has");

    // Nor does it have it as a candidate, or as a leader that passes it on.
    violates(
        cluster.asks(2, 2, at(1, 1)),
        NothingButMessages,
        "up to index 1 of term 1, which it was",
    );
    let mut cluster = Cluster::new();
    cluster.elect(0, 1, 1, NOTHING).unwrap();
    cluster.answer(1, &append(1, 0, NOTHING, &[1], 0), true).unwrap();
    cluster.elect(2, 0, 2, NOTHING).unwrap();
    let passed_on = append(2, 2, NOTHING, &[1, 2], 0);
    violates(cluster.0.leader_sends(2, &passed_on), NothingButMessages, "sends index 1 of term 1");
}

#[test]
fn an_entry_may_be_ones_own_before_that_is_seen() {
    let mut cluster = Cluster::new();
    cluster.elect(0, 1, 1, NOTHING).unwrap();
    // It put a command into its log, crashed before it sent it, and comes back.
    cluster.restart(0);
    cluster.elect(0, 1, 2, at(1, 1)).unwrap();
    cluster.answer(1, &append(2, 0, NOTHING, &[1, 2], 0), true).unwrap();
}

#[test]
fn a_commit_that_nobody_told() {
    let mut cluster = replicated();
    cluster.0.leader_sends(0, &append(1, 0, at(2, 1), &[], 2)).unwrap();
    cluster.applies(0, 2).unwrap();
    violates(cluster.applies(1, 1), NothingButMessages, "go up to index 0 only");
    cluster.answer(1, &append(1, 0, at(2, 1), &[], 1), true).unwrap();
    cluster.applies(1, 1).unwrap();
    violates(cluster.applies(1, 2), NothingButMessages, "go up to index 1 only");
}

#[test]
fn what_followers_say_counts_when_the_leader_hears_it() {
    let mut cluster = Cluster::new();
    cluster.elect(0, 1, 1, NOTHING).unwrap();
    cluster.answer_is_lost(1, &append(1, 0, NOTHING, &[1], 0), true).unwrap();
    violates(cluster.applies(0, 1), CommitRule, "that it has got as leader, go up to index 0 only");
    let claim = append(1, 0, at(1, 1), &[], 1);
    violates(cluster.0.leader_sends(0, &claim), CommitRule, "go up to index 0 only");
    let life = cluster.life(0);
    cluster.0.acknowledgement_comes(life, 1, 1, 1);
    cluster.0.leader_sends(0, &claim).unwrap();
    cluster.applies(0, 1).unwrap();
}

#[test]
fn a_vote_counts_when_the_candidate_hears_of_it() {
    let mut cluster = Cluster::new();
    cluster.asks(2, 1, NOTHING).unwrap();
    cluster.votes(1, 2, 1, NOTHING).unwrap();
    violates(cluster.0.leads(2, 1), ElectionSafety, "it has heard that of no server only");
}

#[test]
fn traffic_that_is_not_understood_stops_the_checks_that_need_it() {
    let mut cluster = Cluster::new();
    cluster.0.coverage.unknown_call("Raft.Install");
    cluster.applies(0, 1).unwrap();
    cluster.asks(2, 1, NOTHING).unwrap();
    cluster.0.leads(2, 1).unwrap();
    let watched = cluster.0.coverage.watched(true);
    let of = |property: Property| watched[property as usize].not_observed.is_some();
    assert!(of(CommitRule) && of(OneVoteATerm) && !of(ElectionSafety));
}
