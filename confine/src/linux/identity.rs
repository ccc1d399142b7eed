//! Another user.

use nix::unistd::{Gid, Uid, geteuid, setgroups, setresgid, setresuid};
use rustix::thread::{CapabilitySet, CapabilitySets, set_capabilities};

/// Becomes the user and the group `id`, with no other groups. Without an id, stays who it is; but root
/// then gives up its privileges, and with [no new ones](rustix::thread::set_no_new_privs) they do not
/// come back.
pub(super) fn take(id: Option<u32>) -> Result<(), String> {
    match id {
        Some(id) => switch(id).map_err(|error| format!("cannot become the user {id}: {error}")),
        None if geteuid().is_root() => {
            let none = CapabilitySet::empty();
            let sets = CapabilitySets { effective: none, permitted: none, inheritable: none };
            set_capabilities(None, sets)
                .map_err(|error| format!("cannot give up root's privileges: {error}"))
        }
        None => Ok(()),
    }
}

fn switch(id: u32) -> nix::Result<()> {
    let (user, group) = (Uid::from_raw(id), Gid::from_raw(id));
    setgroups(&[])?;
    setresgid(group, group, group)?;
    setresuid(user, user, user)
}
