//! Which system calls are refused.
//!
//! Some are refused whatever they are asked, others for some of their arguments. The tables name what a program can do to others: to the machine, to other processes, to files that
//! landlock does not watch over. What a call can do to the program itself is its own business.

use std::collections::BTreeMap;

use libc::c_long;
use seccompiler::SeccompCmpArgLen::{Dword, Qword};
use seccompiler::SeccompCmpOp::{Eq, Ge, MaskedEq, Ne};
use seccompiler::{SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompRule};

use super::seccomp::Caller;

/// The highest number that was looked at for these tables: `mseal`, of Linux 6.10. From 424 on, numbers
/// are the same on all architectures.
pub(super) const LAST_KNOWN: u32 = 462;

/// Refused to everybody, whatever the arguments.
const NEVER: &[c_long] = &[
    // A process that leaves its group or its session is not killed with it.
    libc::SYS_setsid,
    libc::SYS_setpgid,
    // Namespaces, in which it would be root and could reach what it otherwise cannot.
    libc::SYS_unshare,
    libc::SYS_setns,
    // File systems, and files other than by their path.
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_open_tree,
    libc::SYS_move_mount,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_mount_setattr,
    libc::SYS_open_by_handle_at,
    libc::SYS_name_to_handle_at,
    libc::SYS_quotactl,
    libc::SYS_quotactl_fd,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    // Watching what others do to files.
    libc::SYS_fanotify_init,
    libc::SYS_fanotify_mark,
    libc::SYS_inotify_init1,
    libc::SYS_inotify_add_watch,
    // Looking into other processes, and signals that carry a message or go to a descriptor.
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_process_mrelease,
    libc::SYS_kcmp,
    libc::SYS_migrate_pages,
    libc::SYS_move_pages,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_send_signal,
    libc::SYS_rt_sigqueueinfo,
    libc::SYS_rt_tgsigqueueinfo,
    libc::SYS_tkill,
    libc::SYS_ioprio_set,
    // Memory and messages that outlive a process, or that no limit counts.
    libc::SYS_shmget,
    libc::SYS_shmat,
    libc::SYS_shmctl,
    libc::SYS_semget,
    libc::SYS_semop,
    libc::SYS_semtimedop,
    libc::SYS_semctl,
    libc::SYS_msgget,
    libc::SYS_msgsnd,
    libc::SYS_msgrcv,
    libc::SYS_msgctl,
    libc::SYS_mq_open,
    libc::SYS_mq_unlink,
    libc::SYS_memfd_create,
    libc::SYS_memfd_secret,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_keyctl,
    // Ways around a filter of calls, and large parts of the kernel.
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    // The machine itself.
    libc::SYS_kexec_load,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_reboot,
    libc::SYS_acct,
    libc::SYS_syslog,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_clock_adjtime,
    libc::SYS_adjtimex,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    libc::SYS_vhangup,
];

/// The same, where the architecture has them.
#[cfg(target_arch = "x86_64")]
const NEVER_HERE: &[c_long] = &[
    libc::SYS_inotify_init,
    libc::SYS_iopl,
    libc::SYS_ioperm,
    libc::SYS_modify_ldt,
    libc::SYS_kexec_file_load,
];
#[cfg(not(target_arch = "x86_64"))]
const NEVER_HERE: &[c_long] = &[libc::SYS_kexec_file_load];

/// Modes, owners, attributes and times of files by path. Landlock does not watch over them.
const MODES: &[c_long] = &[
    libc::SYS_fchmodat,
    FCHMODAT2,
    libc::SYS_fchown,
    libc::SYS_fchownat,
    libc::SYS_setxattr,
    libc::SYS_lsetxattr,
    libc::SYS_fsetxattr,
    libc::SYS_removexattr,
    libc::SYS_lremovexattr,
    libc::SYS_fremovexattr,
];

/// Not in every architecture's list of names.
const FCHMODAT2: c_long = 452;

#[cfg(target_arch = "x86_64")]
const MODES_HERE: &[c_long] = &[
    libc::SYS_chmod,
    libc::SYS_chown,
    libc::SYS_lchown,
    libc::SYS_utime,
    libc::SYS_utimes,
    libc::SYS_futimesat,
];
#[cfg(not(target_arch = "x86_64"))]
const MODES_HERE: &[c_long] = &[];

/// New processes, but for `clone`, which also makes threads.
#[cfg(target_arch = "x86_64")]
const FORKS: &[c_long] = &[libc::SYS_fork, libc::SYS_vfork];
#[cfg(not(target_arch = "x86_64"))]
const FORKS: &[c_long] = &[];

/// Sockets other than connected pairs.
const SOCKETS: &[c_long] = &[libc::SYS_socket];

/// Namespaces that `clone` can make.
const NAMESPACES: [i32; 7] = [
    libc::CLONE_NEWNS,
    libc::CLONE_NEWCGROUP,
    libc::CLONE_NEWUTS,
    libc::CLONE_NEWIPC,
    libc::CLONE_NEWUSER,
    libc::CLONE_NEWPID,
    libc::CLONE_NEWNET,
];

/// Kinds of sockets that a pair may not have: datagrams can be sent to any address.
const DATAGRAMS: [i32; 2] = [libc::SOCK_DGRAM, libc::SOCK_RAW];

/// Requests to a terminal that type into it, or make it ours.
const TERMINAL: [u64; 3] = [libc::TIOCSTI, libc::TIOCLINUX, libc::TIOCSCTTY];

/// `setpriority` for one process.
const PRIO_PROCESS: u64 = 0;

/// What `clone3` is asked stands in memory, which a filter cannot read. Whoever uses it falls back to
/// `clone`, as on a kernel that does not have it.
const ABSENT: &[c_long] = &[libc::SYS_clone3];

/// What becomes of a call, whatever its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is made, unless its arguments are refused.
    Made,
    /// It is answered with EPERM.
    Refused,
    /// It is answered with ENOSYS.
    Absent,
}

/// What becomes of each call of `caller`, whatever its arguments: the fate of its first number, and each
/// number from which on the fate is another. Numbers that are not known are absent, among them those of
/// x86-64's x32 calls, which are very high.
pub(super) fn fates(caller: &Caller) -> Vec<(u32, Fate)> {
    let fate = |number: u32| {
        let is_in = |tables: &[&[c_long]]| {
            tables.iter().any(|table| table.contains(&c_long::from(number.cast_signed())))
        };
        let refused = is_in(&[NEVER, NEVER_HERE])
            || (!caller.modes && is_in(&[MODES, MODES_HERE]))
            || (!caller.processes && is_in(&[FORKS]))
            || (!caller.sockets && is_in(&[SOCKETS]));
        match refused {
            _ if number > LAST_KNOWN || is_in(&[ABSENT]) => Fate::Absent,
            true => Fate::Refused,
            false => Fate::Made,
        }
    };
    let mut fates = vec![(0, fate(0))];
    for number in 1..=LAST_KNOWN + 1 {
        if fates.last().is_some_and(|(_, last)| *last != fate(number)) {
            fates.push((number, fate(number)));
        }
    }
    fates
}

/// Calls that are refused for some of their arguments: when one of the rules holds for them.
pub(super) type Conditions = BTreeMap<i64, Vec<SeccompRule>>;

/// Those of `caller`.
pub(super) fn conditions(caller: &Caller) -> Conditions {
    let mut calls = for_others(caller);
    calls.extend(processes(caller));
    calls.extend(sockets(caller));
    if !caller.modes {
        // Without a path it is about an open file.
        calls.insert(libc::SYS_utimensat, vec![all([Argument(1, Qword, Ne, 0)])]);
    }
    calls
}

/// Those that a process may make for itself only.
fn for_others(caller: &Caller) -> Conditions {
    let of_other = || vec![all([is_not(0, 0)])];
    let (own, pdeathsig, dumpable) =
        (caller.own, libc::PR_SET_PDEATHSIG as u64, libc::PR_SET_DUMPABLE as u64);
    Conditions::from([
        (libc::SYS_prlimit64, vec![all([is_not(0, 0), is_not(0, own.into())])]),
        (libc::SYS_sched_setaffinity, of_other()),
        (libc::SYS_sched_setscheduler, of_other()),
        (libc::SYS_sched_setparam, of_other()),
        (libc::SYS_sched_setattr, of_other()),
        (libc::SYS_setpriority, vec![all([is_not(0, PRIO_PROCESS)]), all([is_not(1, 0)])]),
        (libc::SYS_ioctl, TERMINAL.map(|request| all([is(1, request)])).into()),
        // It ends with whoever started it, and its memory stays unreadable.
        (
            libc::SYS_prctl,
            vec![
                all([is(0, pdeathsig), is_not(1, libc::SIGKILL as u64)]),
                all([is(0, dumpable), is_not(1, 0)]),
            ],
        ),
    ])
}

/// New processes, and signals.
fn processes(caller: &Caller) -> Conditions {
    let Caller { own, parent, .. } = *caller;
    if caller.processes {
        let new = NAMESPACES.map(|flag| all([masked(0, flag, flag)]));
        let to_parent = all([is(0, parent.into())]);
        // To a whole group, or to everybody. As a process id the argument is signed.
        let to_many = [all([is(0, 0)]), all([Argument(0, Dword, Ge, 1 << 31)])];
        return Conditions::from([
            (libc::SYS_clone, new.into()),
            (libc::SYS_kill, [to_many.into(), vec![to_parent.clone()]].concat()),
            (libc::SYS_tgkill, vec![to_parent]),
        ]);
    }
    let to_others = || vec![all([is_not(0, own.into())])];
    Conditions::from([
        (libc::SYS_clone, vec![all([masked(0, libc::CLONE_THREAD, 0)])]),
        (libc::SYS_kill, to_others()),
        (libc::SYS_tgkill, to_others()),
    ])
}

/// Sockets other than local ones; without a permission, all but connected pairs.
fn sockets(caller: &Caller) -> Conditions {
    let not_local = || all([is_not(0, libc::AF_UNIX as u64)]);
    if caller.sockets {
        return Conditions::from([
            (libc::SYS_socket, vec![not_local()]),
            (libc::SYS_socketpair, vec![not_local()]),
        ]);
    }
    // The rest of the type are flags.
    let datagrams = DATAGRAMS.map(|kind| all([Argument(1, Dword, MaskedEq(0xf), kind as u64)]));
    Conditions::from([(libc::SYS_socketpair, [vec![not_local()], datagrams.into()].concat())])
}

/// A condition on an argument, counted from 0.
struct Argument(u8, SeccompCmpArgLen, SeccompCmpOp, u64);

fn is(index: u8, value: u64) -> Argument {
    Argument(index, Dword, Eq, value)
}

fn is_not(index: u8, value: u64) -> Argument {
    Argument(index, Dword, Ne, value)
}

/// Of the bits of `mask`, exactly those of `value` are set.
fn masked(index: u8, mask: i32, value: i32) -> Argument {
    Argument(index, Dword, MaskedEq(u64::from(mask.cast_unsigned())), value.cast_unsigned().into())
}

/// All conditions hold.
fn all<const N: usize>(conditions: [Argument; N]) -> SeccompRule {
    let conditions = conditions.map(|Argument(index, length, operator, value)| {
        SeccompCondition::new(index, length, operator, value).expect("there are six arguments")
    });
    SeccompRule::new(conditions.into()).expect("there is a condition")
}
