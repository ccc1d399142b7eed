//! Files, TCP, and signals and abstract sockets to the outside, by landlock.

use ::landlock::{
    ABI, Access, AccessFs, AccessNet, LandlockStatus, RestrictionStatus, Ruleset, RulesetAttr,
    RulesetCreated, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope, path_beneath_rules,
};

use crate::Rules;

/// The newest interface whose meaning for us is known. Of an older kernel's the crate takes what there
/// is.
const ABI_WANTED: ABI = ABI::V9;

/// A program's own entry in `/proc`: all of it.
const ENTRY: &[&str] = &["/proc/self"];

/// What of it is no way to its memory. A program that forbids others to read that forbids it to itself as
/// well, but not if it is root.
const ENTRY_OF_ROOT: &[&str] = &["/proc/self/maps", "/proc/self/stat", "/proc/self/status"];

/// What `rules` say, ready to be enforced on a program that `stays_root`, or does not. Paths are looked up
/// now, with the rights that we still have.
pub(super) fn prepare(rules: &Rules, stays_root: bool) -> Result<RulesetCreated, String> {
    let entry = if stays_root { ENTRY_OF_ROOT } else { ENTRY };
    try_prepare(rules, entry).map_err(|error| format!("landlock: {error}"))
}

fn try_prepare(rules: &Rules, entry: &[&str]) -> Result<RulesetCreated, RulesetError> {
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    let write = AccessFs::from_all(ABI_WANTED) & !AccessFs::Execute;
    Ruleset::default()
        .handle_access(AccessFs::from_all(ABI_WANTED))?
        .handle_access(AccessNet::from_all(ABI_WANTED))?
        .scope(Scope::from_all(ABI_WANTED))?
        .create()?
        .add_rules(path_beneath_rules(entry, read))?
        .add_rules(path_beneath_rules(&rules.read, read))?
        .add_rules(path_beneath_rules(&rules.execute, read | AccessFs::Execute))?
        .add_rules(path_beneath_rules(&rules.write, write))
}

/// Enforces them on this thread, and so on all that it becomes or starts; the version of the kernel's
/// interface.
pub(super) fn enforce(rules: RulesetCreated) -> Result<u32, String> {
    let status = rules.restrict_self().map_err(|error| format!("landlock: {error}"))?;
    match status {
        RestrictionStatus { ruleset: RulesetStatus::NotEnforced, landlock, .. } => {
            Err(match landlock {
                LandlockStatus::NotEnabled => "landlock is not enabled in this kernel",
                _ => "this kernel has no landlock",
            }
            .into())
        }
        RestrictionStatus {
            landlock: LandlockStatus::Available { effective_abi, kernel_abi },
            ..
        } => Ok(kernel_abi.map_or(effective_abi as u32, i32::cast_unsigned)),
        _ => Err("landlock does not say what it enforces".into()),
    }
}
