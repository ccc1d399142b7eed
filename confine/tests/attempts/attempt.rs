//! One attempt, by the program that is confined.

use std::ffi::CString;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::Mutex;
use std::thread;

use nix::sched::{CloneFlags, unshare};
use nix::sys::ptrace;
use nix::sys::signal::kill;
use nix::unistd::{Pid, getppid, setsid};
use rustix::process::{DumpableBehavior, set_dumpable_behavior, set_parent_process_death_signal};

/// What an attempt answers: something it has seen, or why it could not.
type Answer = io::Result<String>;

/// Makes the attempt `name` on `target` and says what came of it.
pub(crate) fn make(name: &str, target: &str) -> ExitCode {
    let path = Path::new(target);
    match attempt(name, path) {
        Ok(seen) => println!("could: {seen}"),
        Err(error) => println!("refused: {error}"),
    }
    ExitCode::SUCCESS
}

fn attempt(name: &str, target: &Path) -> Answer {
    let parent = getppid();
    let of_parent = |file: &str| format!("/proc/{parent}/{file}");
    match name {
        "read" => fs::read_to_string(target),
        "list" => fs::read_dir(target.parent().expect("a folder")).map(|_| String::new()),
        "overwrite" => seen(OpenOptions::new().write(true).open(target)),
        "create" => seen(File::create_new(target.with_extension("new"))),
        "remove" => seen(fs::remove_file(target)),
        "rename" => seen(fs::rename(target, target.with_extension("moved"))),
        "change-mode" => seen(fs::set_permissions(target, Permissions::from_mode(0o666))),
        "execute" => seen(Command::new(target).status()),
        "read-parents-environment" => fs::read_to_string(of_parent("environ")),
        "read-parents-files" => seen(fs::read_dir(of_parent("fd"))),
        "shared-memory" => {
            let file = format!("/dev/shm/confine-{}", std::process::id());
            seen(File::create(&file).and_then(|_| fs::remove_file(&file)))
        }
        "connect" => seen(TcpStream::connect(address(target))),
        "bind" => seen(TcpListener::bind("127.0.0.1:0")),
        "udp" => {
            seen(UdpSocket::bind("127.0.0.1:0").and_then(|it| it.send_to(b"x", address(target))))
        }
        "abstract-socket" => {
            let address = SocketAddr::from_abstract_name(fs_name(target))?;
            seen(UnixStream::connect_addr(&address))
        }
        "path-socket" => seen(UnixStream::connect(target.with_extension("socket"))),
        "signal-parent" => seen(kill(parent, None).map_err(io::Error::from)),
        "signal-everybody" => seen(kill(Pid::from_raw(-1), None).map_err(io::Error::from)),
        "trace-parent" => {
            seen(ptrace::seize(parent, ptrace::Options::empty()).map_err(io::Error::from))
        }
        "limit-parent" => limit(parent),
        "user-namespace" => seen(unshare(CloneFlags::CLONE_NEWUSER).map_err(io::Error::from)),
        "new-session" => seen(setsid().map_err(io::Error::from)),
        "fork" => seen(Command::new("/bin/true").status()),
        "memory-file" => seen(memory_file()),
        "show-memory" => {
            seen(set_dumpable_behavior(DumpableBehavior::Dumpable).map_err(io::Error::from))
        }
        "outlive-parent" => seen(set_parent_process_death_signal(None).map_err(io::Error::from)),
        "inherited" => inherited(),
        "environment" => std::env::var("SECRET").map_err(io::Error::other),
        "be-root" => privileged(),
        "many-threads" => threads(),
        "much-memory" => reserve(),
        "many-files" => open(),
        "big-file" => big_file(target),
        "work" => work(target),
        other => panic!("no attempt is called {other}"),
    }
}

fn seen<T>(result: io::Result<T>) -> Answer {
    result.map(|_| String::new())
}

/// The address that stands in the target.
fn address(target: &Path) -> String {
    target.to_string_lossy().into_owned()
}

fn fs_name(target: &Path) -> Vec<u8> {
    target.as_os_str().as_encoded_bytes().to_vec()
}

fn limit(parent: Pid) -> Answer {
    use rustix::process::{Pid, Resource, getrlimit, prlimit};
    let now = getrlimit(Resource::Core);
    Ok(format!("{:?}", prlimit(Pid::from_raw(parent.as_raw()), Resource::Core, now)?))
}

fn memory_file() -> io::Result<()> {
    let name = CString::new("x")?;
    rustix::fs::memfd_create(&name, rustix::fs::MemfdFlags::CLOEXEC)?;
    Ok(())
}

/// A descriptor other than the standard three, and the one through which they are listed.
fn inherited() -> Answer {
    let entries = fs::read_dir("/proc/self/fd")?;
    let targets = entries.filter_map(|entry| {
        let entry = entry.ok()?;
        let number: i32 = entry.file_name().to_str()?.parse().ok()?;
        let target = fs::read_link(entry.path()).ok()?;
        (number > 2 && !target.ends_with("fd")).then_some(target)
    });
    let targets: Vec<_> = targets.collect();
    if targets.is_empty() {
        Err(io::Error::other("there is none"))
    } else {
        Ok(format!("{targets:?}"))
    }
}

/// Whether this is root, or has some privilege of root's.
fn privileged() -> Answer {
    let status = fs::read_to_string("/proc/self/status")?;
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let (user, privileges) = (field("Uid:"), field("CapEff:"));
    let none = user != "0 0 0 0" && privileges.chars().all(|digit| digit == '0');
    let told = format!("user {user}, privileges {privileges}");
    if none { Err(io::Error::other(told)) } else { Ok(told) }
}

/// What the limits of the table are well below.
const MANY: usize = 600;

fn threads() -> Answer {
    let gate = Mutex::new(());
    thread::scope(|scope| {
        // All of them are there at the same time.
        let _closed = gate.lock();
        let started = (0..MANY).try_for_each(|_| {
            let thread = thread::Builder::new().stack_size(64 << 10);
            thread.spawn_scoped(scope, || drop(gate.lock())).map(drop)
        });
        seen(started)
    })
}

fn reserve() -> Answer {
    let mut bytes: Vec<u8> = Vec::new();
    seen(bytes.try_reserve_exact(20 << 30).map_err(io::Error::other))
}

fn open() -> Answer {
    let files: io::Result<Vec<_>> = (0..MANY).map(|_| File::open("/dev/null")).collect();
    seen(files)
}

fn big_file(target: &Path) -> Answer {
    let mut file = File::create(target.with_file_name("work").join("big"))?;
    let megabyte = vec![0; 1 << 20];
    seen((0..64).try_for_each(|_| file.write_all(&megabyte)))
}

/// All that a well-behaved program does.
fn work(target: &Path) -> Answer {
    let folder = target.with_file_name("work");
    let (one, two) = (folder.join("one"), folder.join("two"));
    fs::write(&one, "text")?;
    fs::rename(&one, &two)?;
    fs::create_dir(folder.join("below"))?;
    fs::rename(&two, folder.join("below/two"))?;
    fs::remove_dir_all(folder.join("below"))?;
    File::open("/dev/urandom")?;
    File::create("/dev/null")?.write_all(b"x")?;
    let maps = fs::read_to_string("/proc/self/maps")?;
    let thread = nix::unistd::gettid();
    fs::read_to_string(format!("/proc/self/task/{thread}/stat"))?;
    UnixStream::pair()?;
    let sum = thread::spawn(|| (1..=10).sum::<u32>()).join().map_err(|_| io::Error::other("no"))?;
    nix::sys::signal::raise(nix::sys::signal::Signal::SIGCONT)?;
    File::open(std::env::current_exe()?)?;
    Ok(format!("{} {sum} {}", maps.is_empty(), std::env::var("GIVEN").unwrap_or_default()))
}
