//! The filters, evaluated as the kernel would.

use super::*;

const ALLOW: u32 = libc::SECCOMP_RET_ALLOW;
const ABSENT: u32 = libc::SECCOMP_RET_ERRNO | libc::ENOSYS as u32;
const REFUSE: u32 = libc::SECCOMP_RET_ERRNO | libc::EPERM as u32;

const OWN: u32 = 4711;
const PARENT: u32 = 1234;

fn caller() -> Caller {
    Caller::narrow(Pid::from_raw(OWN.cast_signed()).unwrap(), PARENT)
}

/// The architecture that the filters are for, as the kernel names it.
fn own_architecture() -> u32 {
    filters(&caller()).unwrap()[1][1].k
}

/// What the kernel shows to a filter.
fn shown(call: i64, architecture: u32, arguments: &[u64]) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend((call as u32).to_ne_bytes());
    bytes.extend(architecture.to_ne_bytes());
    bytes.extend([0; 8]);
    (0..6).for_each(|i| bytes.extend(arguments.get(i).copied().unwrap_or(0).to_ne_bytes()));
    bytes
}

/// What one filter answers.
fn run(filter: &BpfProgram, data: &[u8]) -> u32 {
    let (mut at, mut accumulator) = (0, 0_u32);
    loop {
        let sock_filter { code, jt, jf, k } = filter[at];
        let jump = |holds: bool| usize::from(if holds { jt } else { jf });
        at += 1;
        match u32::from(code) {
            0x20 => {
                let word = &data[k as usize..][..4];
                accumulator = u32::from_ne_bytes(word.try_into().unwrap());
            }
            0x54 => accumulator &= k,
            0x05 => at += k as usize,
            0x15 => at += jump(accumulator == k),
            0x25 => at += jump(accumulator > k),
            0x35 => at += jump(accumulator >= k),
            0x06 => return k,
            other => panic!("an instruction {other:#x}"),
        }
    }
}

/// What all of them answer: the strictest. Actions are ordered, the strictest first, and as signed
/// numbers.
fn answer_on(architecture: u32, caller: &Caller, call: i64, arguments: &[u64]) -> u32 {
    let data = shown(call, architecture, arguments);
    let answers = filters(caller).unwrap();
    let action = |answer: &u32| (answer & 0xffff_0000).cast_signed();
    answers.iter().map(|filter| run(filter, &data)).min_by_key(action).unwrap()
}

fn answer(caller: &Caller, call: i64, arguments: &[u64]) -> u32 {
    answer_on(own_architecture(), caller, call, arguments)
}

#[test]
fn what_a_program_needs_is_allowed() {
    for call in [libc::SYS_read, libc::SYS_write, libc::SYS_openat, libc::SYS_mmap, libc::SYS_futex]
    {
        assert_eq!(answer(&caller(), call, &[]), ALLOW, "{call}");
    }
    let thread = libc::CLONE_VM | libc::CLONE_THREAD | libc::CLONE_SIGHAND;
    assert_eq!(answer(&caller(), libc::SYS_clone, &[thread as u64]), ALLOW);
    let stream = (libc::SOCK_STREAM | libc::SOCK_CLOEXEC) as u64;
    assert_eq!(answer(&caller(), libc::SYS_socketpair, &[libc::AF_UNIX as u64, stream]), ALLOW);
    assert_eq!(answer(&caller(), libc::SYS_tgkill, &[OWN.into(), 4712, 14]), ALLOW);
    assert_eq!(answer(&caller(), libc::SYS_prctl, &[libc::PR_SET_DUMPABLE as u64, 0]), ALLOW);
}

#[test]
fn every_number_meets_its_fate() {
    let fates = calls::fates(&caller());
    for number in 0..2 * calls::LAST_KNOWN {
        let (_, fate) = fates.iter().rfind(|(first, _)| *first <= number).unwrap();
        let expected = match fate {
            Fate::Made => ALLOW,
            Fate::Refused => REFUSE,
            Fate::Absent => ABSENT,
        };
        let data = shown(number.into(), own_architecture(), &[]);
        assert_eq!(run(&by_number(&fates), &data), expected, "{number}");
    }
}

#[test]
fn numbers_beyond_those_known_are_absent_and_so_are_those_of_x32() {
    assert_eq!(answer(&caller(), calls::LAST_KNOWN.into(), &[]), ALLOW);
    assert_eq!(answer(&caller(), i64::from(calls::LAST_KNOWN) + 1, &[]), ABSENT);
    let x32 = 0x4000_0000;
    assert_eq!(answer(&caller(), x32 | libc::SYS_getpid, &[]), ABSENT);
    assert_eq!(answer(&caller(), libc::SYS_clone3, &[]), ABSENT);
}

#[test]
fn a_call_of_another_architecture_kills() {
    let i386 = 0x4000_0003;
    assert_eq!(answer_on(i386, &caller(), libc::SYS_read, &[]), libc::SECCOMP_RET_KILL_PROCESS);
}

#[test]
fn what_touches_others_is_refused() {
    let inet = [libc::AF_INET as u64, libc::SOCK_STREAM as u64];
    let datagrams = [libc::AF_UNIX as u64, (libc::SOCK_DGRAM | libc::SOCK_CLOEXEC) as u64];
    let refused = [
        (libc::SYS_socket, &inet[..]),
        (libc::SYS_socket, &[libc::AF_UNIX as u64, libc::SOCK_STREAM as u64]),
        (libc::SYS_socketpair, &datagrams),
        (libc::SYS_clone, &[libc::SIGCHLD as u64]),
        (libc::SYS_kill, &[PARENT as u64, 9]),
        (libc::SYS_kill, &[-1_i64 as u64, 0]),
        (libc::SYS_tgkill, &[PARENT as u64, PARENT as u64, 9]),
        (libc::SYS_prlimit64, &[PARENT as u64]),
        (libc::SYS_prctl, &[libc::PR_SET_PDEATHSIG as u64, 0]),
        (libc::SYS_prctl, &[libc::PR_SET_DUMPABLE as u64, 1]),
        (libc::SYS_ioctl, &[0, libc::TIOCSTI]),
        (libc::SYS_fchmodat, &[]),
        (libc::SYS_utimensat, &[0, 0x7fff_0000_0000, 0, 0]),
    ];
    for (call, arguments) in refused {
        assert_eq!(answer(&caller(), call, arguments), REFUSE, "{call} {arguments:?}");
    }
}

#[test]
fn with_processes_their_group_and_parent_stay_out_of_reach() {
    let caller = Caller { processes: true, sockets: true, modes: true, ..caller() };
    let kill = |pid: i64| answer(&caller, libc::SYS_kill, &[pid as u64, 9]);
    assert_eq!(kill(5000), ALLOW);
    for pid in [0, -1, -5000, 0xffff_ffff, PARENT.into()] {
        assert_eq!(kill(pid), REFUSE, "{pid}");
    }
    let clone = |flags: i32| answer(&caller, libc::SYS_clone, &[flags as u64]);
    assert_eq!(clone(libc::SIGCHLD), ALLOW);
    assert_eq!(clone(libc::CLONE_NEWUSER | libc::SIGCHLD), REFUSE);
    assert_eq!(answer(&caller, libc::SYS_socket, &[libc::AF_UNIX as u64]), ALLOW);
    assert_eq!(answer(&caller, libc::SYS_socket, &[libc::AF_INET6 as u64]), REFUSE);
    assert_eq!(answer(&caller, libc::SYS_fchmodat, &[]), ALLOW);
    assert_eq!(answer(&caller, libc::SYS_setsid, &[]), REFUSE);
}
