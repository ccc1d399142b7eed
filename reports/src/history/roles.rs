//! Who leads, follows or runs, as far as traffic and the test show it.

use super::model::{Message, Reply, Role, Server};

/// The last role that each server showed.
#[derive(Debug, Default)]
pub(super) struct Roles(Vec<Option<Role>>);

impl Roles {
    /// A new life begins: nothing of the old one counts.
    pub(super) fn forget(&mut self, server: Server) {
        *self.of(server) = None;
    }

    /// `server` sends `message`. The role that this shows, if it is new.
    pub(super) fn sends(&mut self, server: Server, message: &Message) -> Option<Role> {
        match *message {
            Message::Vote { term, .. } => self.set(server, Role::Candidate { term }),
            Message::Append { term, .. } => self.set(server, Role::Leader { term }),
            Message::Other { .. } => None,
        }
    }

    /// `server` has said that it leads. The role that this shows, if it is new.
    pub(super) fn leads(&mut self, server: Server, term: u64) -> Option<Role> {
        self.set(server, Role::Leader { term })
    }

    /// `server` answers what `from` asked. The role that this shows, if it is new.
    pub(super) fn answers(
        &mut self,
        server: Server,
        from: Server,
        message: &Message,
        reply: &Reply,
    ) -> Option<Role> {
        match (message, reply) {
            (Message::Append { term: asked, .. }, Reply::Append { term, .. }) if asked == term => {
                let leader = Some(from);
                // A leader that answers another one of its term is no follower.
                let leads = *self.of(server) == Some(Role::Leader { term: *term });
                (!leads).then(|| self.set(server, Role::Follower { term: *term, leader }))?
            }
            (_, Reply::Vote { term, .. } | Reply::Append { term, .. }) => {
                self.reaches(server, *term)
            }
            (_, Reply::Other) => None,
        }
    }

    /// A server that shows a term later than that of its role follows, nobody knows whom. Worth
    /// telling only of one that ran or led.
    fn reaches(&mut self, server: Server, term: u64) -> Option<Role> {
        let before = *self.of(server);
        if before.is_some_and(|role| role.term() >= term) {
            return None;
        }
        let role = Role::Follower { term, leader: None };
        *self.of(server) = Some(role);
        matches!(before, Some(Role::Candidate { .. } | Role::Leader { .. })).then_some(role)
    }

    fn set(&mut self, server: Server, role: Role) -> Option<Role> {
        let place = self.of(server);
        // What was sent before the role changed may come after it.
        let is_late = place.is_some_and(|now| rank(now) >= rank(role));
        if is_late {
            return None;
        }
        *place = Some(role);
        Some(role)
    }

    fn of(&mut self, server: Server) -> &mut Option<Role> {
        if self.0.len() <= server {
            self.0.resize(server + 1, None);
        }
        &mut self.0[server]
    }
}

/// In a term a server may follow nobody, then run, and then lead or follow somebody.
fn rank(role: Role) -> (u64, u8) {
    let step = match role {
        Role::Follower { leader: None, .. } => 0,
        Role::Candidate { .. } => 1,
        Role::Leader { .. } | Role::Follower { leader: Some(_), .. } => 2,
    };
    (role.term(), step)
}

#[cfg(test)]
mod tests {
    use super::super::model::Position;
    use super::*;

    fn vote(term: u64) -> Message {
        Message::Vote { term, last: Position::default() }
    }

    fn append(term: u64) -> Message {
        let prev = Position::default();
        Message::Append { term, prev, entries: 0, last: prev, commit: 0 }
    }

    fn success(term: u64) -> Reply {
        Reply::Append { term, success: true, next: 1 }
    }

    #[test]
    fn a_role_shows_in_what_a_server_sends_and_is_told_once() {
        let mut roles = Roles::default();
        assert_eq!(roles.sends(1, &vote(3)), Some(Role::Candidate { term: 3 }));
        assert_eq!(roles.sends(1, &vote(3)), None);
        assert_eq!(roles.sends(1, &append(3)), Some(Role::Leader { term: 3 }));
        assert_eq!(roles.sends(1, &vote(3)), None, "it was on its way");
        assert_eq!(roles.leads(1, 3), None);
        roles.forget(1);
        assert_eq!(roles.leads(1, 3), Some(Role::Leader { term: 3 }));
    }

    #[test]
    fn a_follower_shows_in_what_it_answers() {
        let mut roles = Roles::default();
        let follower = Role::Follower { term: 3, leader: Some(1) };
        assert_eq!(roles.answers(0, 1, &append(3), &success(3)), Some(follower));
        assert_eq!(roles.answers(0, 1, &append(3), &success(3)), None);
        assert_eq!(roles.answers(0, 1, &append(3), &success(4)), None, "it refused");
    }

    #[test]
    fn a_leader_that_shows_a_later_term_leads_no_more() {
        let mut roles = Roles::default();
        roles.sends(0, &append(3));
        let voted = Reply::Vote { term: 4, granted: true };
        let follower = Role::Follower { term: 4, leader: None };
        assert_eq!(roles.answers(0, 1, &vote(4), &voted), Some(follower));
        assert_eq!(roles.answers(0, 1, &vote(4), &voted), None);
    }
}
