//! The properties that must hold at every moment of every run (Figure 3 of the paper, and what they
//! rest on), checked from traffic, from what is applied, and from the state of open servers.

use contracts::raft::{Command, LogIndex, ServerId, Started, Term};

use super::observe::Life;
use super::traffic::{Reply, Request};
use crate::{Context, Watched};

/// Watches one cluster for the properties.
#[derive(Debug)]
pub struct Safety {
    ctx: Context,
    servers: usize,
}

impl Safety {
    /// Watches a cluster of this many servers that has not started yet.
    pub fn new(ctx: &Context, servers: usize) -> Self {
        Self { ctx: ctx.clone(), servers }
    }

    /// How closely the run was watched so far.
    pub fn watched(&self) -> Vec<Watched> {
        Vec::new()
    }

    pub(super) fn starts(&self, life: Life) {
        let _ = (life, &self.ctx, self.servers);
    }

    pub(super) fn crashes(&self, life: Life) {
        let _ = life;
    }

    pub(super) fn sent(&self, from: Life, to: ServerId, call: u32, request: &Request<'_>) {
        let _ = (from, to, call, request);
    }

    pub(super) fn begins(&self, at: Life, request: &Request<'_>) -> u64 {
        let _ = (at, request);
        0
    }

    pub(super) fn handled(
        &self,
        at: Life,
        ticket: u64,
        call: u32,
        request: &Request<'_>,
        reply: &Reply,
    ) {
        let _ = (at, ticket, call, request, reply);
    }

    pub(super) fn asks(&self, life: Life) -> Term {
        let _ = life;
        0
    }

    pub(super) fn state(&self, life: Life, asked: Term, term: Term, leads: bool) {
        let _ = (life, asked, term, leads);
    }

    pub(super) fn accepted(&self, life: Life, asked: Term, command: &Command, started: Started) {
        let _ = (life, asked, command, started);
    }

    pub(super) fn applied(&self, life: Life, index: LogIndex, command: &Command) {
        let _ = (life, index, command);
    }
}
