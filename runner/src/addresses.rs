//! Switches the randomisation of addresses off.
//!
//! A hasher that mixes addresses into its seed (hashbrown's default does) orders a map differently
//! in every process. With fixed addresses the same seed gives the same order.

/// Asks the kernel for the same addresses in every process that this one starts from now on. Call
/// it once, before the first run.
///
/// # Errors
/// Says, for a report, why addresses stay random: the platform has no such switch, or a sandbox
/// forbids it.
#[cfg(target_os = "linux")]
pub fn fix() -> Result<(), String> {
    use nix::sys::personality::{self, Persona};

    personality::get()
        .and_then(|persona| personality::set(persona | Persona::ADDR_NO_RANDOMIZE))
        .map(drop)
        .map_err(|error| format!("addresses stay random: the kernel answered {error}"))
}

/// Asks the kernel for the same addresses in every process that this one starts from now on.
///
/// # Errors
/// Always: this platform has no such switch.
#[cfg(not(target_os = "linux"))]
pub fn fix() -> Result<(), String> {
    Err("addresses stay random: only Linux lets a process switch that off".into())
}
