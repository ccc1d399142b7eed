//! Who is connected to whom, and which calls are being handled.
//!
//! Plain data behind the network's one lock: nothing here waits, wakes a thread, or runs or drops
//! user code. What must be woken or dropped is returned to be dealt with outside the lock.

use std::collections::BTreeMap;
use std::sync::Arc;

use labrt::sync::Slot;
use slab::Slab;

use crate::Name;
use crate::server::Instance;
use crate::service::Answer;

/// An end, by its place in the switchboard's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EndId(pub(crate) u32);

/// A server's name, by its place in the switchboard's list. Known from the first connect or add on,
/// and kept when the server is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ServerId(pub(crate) u32);

#[derive(Debug)]
struct End {
    leads_to: Option<ServerId>,
    enabled: bool,
}

#[derive(Debug, Default)]
struct Host {
    /// Calls that arrived, over all instances.
    incoming: u64,
    running: Option<Arc<Instance>>,
}

/// Where a request goes: a server's name, and what ran under it when the request was sent.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(crate) server: ServerId,
    pub(crate) instance: Arc<Instance>,
}

/// Where a caller waits for its handler's answer; `None` when the call is cut off.
pub(crate) type Caller = Slot<Option<Answer>>;

/// A call whose handler runs and whose caller waits.
#[derive(Debug)]
struct InFlight {
    call: u32,
    end: EndId,
    server: ServerId,
    caller: Caller,
}

/// What a handler shows when it has ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ticket {
    call: u32,
    place: usize,
}

/// The calls that a change of the switchboard cut off: their callers are to be woken.
#[derive(Debug)]
pub(crate) struct CutOff(pub(crate) Vec<Caller>);

/// What a change of a server leaves behind.
#[derive(Debug)]
pub(crate) struct Replaced {
    pub(crate) server: ServerId,
    pub(crate) cut_off: CutOff,
    /// Dropping it may run user code, so the lock must be free by then.
    pub(crate) old: Option<Arc<Instance>>,
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Switchboard {
    ends: Vec<End>,
    end_ids: BTreeMap<Name, EndId>,
    hosts: Vec<Host>,
    server_ids: BTreeMap<Name, ServerId>,
    in_flight: Slab<InFlight>,
}

impl Switchboard {
    /// Adds an end, disabled and leading nowhere; `None` when the name is taken.
    pub(crate) fn make_end(&mut self, name: Name) -> Option<EndId> {
        let id = EndId(self.ends.len() as u32);
        if self.end_ids.contains_key(&name) {
            return None;
        }
        self.end_ids.insert(name, id);
        self.ends.push(End { leads_to: None, enabled: false });
        Some(id)
    }

    /// The end of this name.
    pub(crate) fn end(&self, name: &str) -> Option<EndId> {
        self.end_ids.get(name).copied()
    }

    /// The server of this name, if it was ever mentioned.
    pub(crate) fn server(&self, name: &str) -> Option<ServerId> {
        self.server_ids.get(name).copied()
    }

    fn server_or_new(&mut self, name: &Name) -> ServerId {
        self.server(name).unwrap_or_else(|| {
            let id = ServerId(self.hosts.len() as u32);
            self.server_ids.insert(name.clone(), id);
            self.hosts.push(Host::default());
            id
        })
    }

    /// Leads an end to a server that may not be there yet.
    pub(crate) fn connect(&mut self, end: EndId, server: &Name) -> ServerId {
        let server = self.server_or_new(server);
        self.end_mut(end).leads_to = Some(server);
        server
    }

    /// Enables an end.
    pub(crate) fn enable(&mut self, end: EndId) {
        self.end_mut(end).enabled = true;
    }

    /// Disables an end and cuts off its calls.
    pub(crate) fn disable(&mut self, end: EndId) -> CutOff {
        self.end_mut(end).enabled = false;
        self.cut_off(|call| call.end == end)
    }

    /// Runs `instance` under its name from now on, instead of what ran there.
    pub(crate) fn add_server(&mut self, instance: Arc<Instance>) -> Replaced {
        let server = self.server_or_new(&instance.name);
        self.replace(server, Some(instance))
    }

    /// Removes what runs under a name.
    pub(crate) fn delete_server(&mut self, server: ServerId) -> Replaced {
        self.replace(server, None)
    }

    fn replace(&mut self, server: ServerId, with: Option<Arc<Instance>>) -> Replaced {
        let old = std::mem::replace(&mut self.host_mut(server).running, with);
        Replaced { server, cut_off: self.cut_off(|call| call.server == server), old }
    }

    /// Calls that arrived at a server.
    pub(crate) fn incoming(&self, server: ServerId) -> u64 {
        self.hosts[server.0 as usize].incoming
    }

    /// Where a request sent by `end` goes; `None` when it reaches nobody.
    pub(crate) fn route(&self, end: EndId) -> Option<Route> {
        let end = &self.ends[end.0 as usize];
        let server = end.leads_to.filter(|_| end.enabled)?;
        let instance = self.hosts[server.0 as usize].running.clone()?;
        Some(Route { server, instance })
    }

    /// A call has arrived: counts it, and notes that its caller waits. `None` when the
    /// call was cut off on its way: the handler is to run, but nobody waits for it.
    pub(crate) fn arrive(
        &mut self,
        call: u32,
        end: EndId,
        route: &Route,
        caller: &Caller,
    ) -> Option<Ticket> {
        let enabled = self.ends[end.0 as usize].enabled;
        let host = self.host_mut(route.server);
        host.incoming += 1;
        let running = host.running.as_ref();
        let same = running.is_some_and(|running| Arc::ptr_eq(running, &route.instance));
        (enabled && same).then(|| Ticket {
            call,
            place: self.in_flight.insert(InFlight {
                call,
                end,
                server: route.server,
                caller: caller.clone(),
            }),
        })
    }

    /// The handler has ended. Whether its caller still waits; if so, nothing can cut it off any more.
    pub(crate) fn leave(&mut self, ticket: Ticket) -> bool {
        let place = self.in_flight.get(ticket.place);
        let waits = place.is_some_and(|call| call.call == ticket.call);
        if waits {
            self.in_flight.remove(ticket.place);
        }
        waits
    }

    fn cut_off(&mut self, gone: impl Fn(&InFlight) -> bool) -> CutOff {
        let mut callers = Vec::new();
        self.in_flight.retain(|_, call| {
            let gone = gone(call);
            if gone {
                callers.push(call.caller.clone());
            }
            !gone
        });
        CutOff(callers)
    }

    fn end_mut(&mut self, end: EndId) -> &mut End {
        &mut self.ends[end.0 as usize]
    }

    fn host_mut(&mut self, server: ServerId) -> &mut Host {
        &mut self.hosts[server.0 as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Server;

    fn instance(name: &str) -> Arc<Instance> {
        Arc::new(Instance { name: name.into(), server: Server::new() })
    }

    /// A switchboard with one enabled end that leads to a server that is there.
    fn connected() -> (Switchboard, EndId, ServerId) {
        let mut board = Switchboard::default();
        let end = board.make_end("end".into()).unwrap();
        let server = board.add_server(instance("server")).server;
        assert_eq!(board.connect(end, &"server".into()), server);
        board.enable(end);
        (board, end, server)
    }

    #[test]
    fn a_route_needs_an_enabled_end_that_leads_to_a_running_server() {
        let (mut board, end, server) = connected();
        assert_eq!(board.route(end).unwrap().server, server);
        board.disable(end);
        assert!(board.route(end).is_none());
        board.enable(end);
        board.delete_server(server);
        assert!(board.route(end).is_none());
        board.add_server(instance("server"));
        assert!(board.route(end).is_some());
        board.connect(end, &"not there".into());
        assert!(board.route(end).is_none());
    }

    #[test]
    fn a_taken_name_makes_no_end() {
        let (mut board, ..) = connected();
        assert!(board.make_end("end".into()).is_none());
    }

    #[test]
    fn a_call_leaves_once_and_its_place_is_used_again() {
        let (mut board, end, _) = connected();
        let route = board.route(end).unwrap();
        let first = board.arrive(1, end, &route, &Slot::new()).unwrap();
        assert!(board.leave(first));
        let second = board.arrive(2, end, &route, &Slot::new()).unwrap();
        assert_eq!(first.place, second.place);
        assert!(!board.leave(first), "the place belongs to another call now");
        assert!(board.leave(second));
    }

    #[test]
    fn disabling_an_end_cuts_off_its_calls_only() {
        let (mut board, end, _) = connected();
        let other = board.make_end("other".into()).unwrap();
        board.connect(other, &"server".into());
        board.enable(other);
        let route = board.route(end).unwrap();
        let cut = board.arrive(1, end, &route, &Slot::new()).unwrap();
        let kept = board.arrive(2, other, &route, &Slot::new()).unwrap();
        assert_eq!(board.disable(end).0.len(), 1);
        assert!(!board.leave(cut));
        assert!(board.leave(kept));
    }

    #[test]
    fn a_successor_of_the_same_name_inherits_the_count_but_no_calls() {
        let (mut board, end, server) = connected();
        let route = board.route(end).unwrap();
        let call = board.arrive(1, end, &route, &Slot::new()).unwrap();
        let replaced = board.add_server(instance("server"));
        assert_eq!(replaced.server, server);
        assert_eq!(replaced.cut_off.0.len(), 1);
        assert!(replaced.old.is_some());
        assert!(!board.leave(call));
        let late = board.arrive(2, end, &route, &Slot::new());
        assert!(late.is_none(), "the route leads to the old instance");
        assert_eq!(board.incoming(server), 2);
    }
}
