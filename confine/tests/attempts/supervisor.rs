//! Starts one attempt, as one user, under rules.

use std::fs::{self, File, Permissions};
use std::net::{TcpListener, UdpSocket};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::path::Path;
use std::process::ExitCode;

use confine::{Limits, Mode, Rules, Sandbox};
use nix::unistd::{Gid, Uid, setgroups, setresgid, setresuid};
use rustix::process::{DumpableBehavior, set_dumpable_behavior};

/// What is hidden.
pub(crate) const HIDDEN: &str = "the hidden test";

/// Becomes `user`, starts `attempt` in `folder` under `mode`, and prints which protections there are,
/// what the attempt printed, and how it ended.
pub(crate) fn supervise(user: &str, mode: &str, attempt: &str, folder: &Path) -> ExitCode {
    if let Ok(id) = user.parse() {
        become_user(id);
    }
    let mode = if mode == "off" { Mode::Off } else { Mode::Auto };
    let sandbox = Sandbox::new(mode).expect("nothing is required");
    for protection in sandbox.protections() {
        let standing = if protection.in_force() { "in force" } else { "missing" };
        println!("{}: {standing}", protection.kind);
    }
    let job = sandbox.job().expect("a job");
    let hidden = folder.join("hidden");
    fs::write(&hidden, HIDDEN).expect("written");
    fs::set_permissions(&hidden, Permissions::from_mode(0o755)).expect("its owner's");
    let work = folder.join("work");
    fs::create_dir(&work).expect("a folder");
    job.give(&work).expect("given");
    let rules = Rules {
        write: [Rules::of_system().write, vec![work]].concat(),
        limits: Limits {
            address_bytes: Some(10 << 30),
            processes: Some(300),
            file_bytes: Some(1 << 20),
            open_files: Some(300),
            cpu_s: Some(60),
        },
        environment: vec![("GIVEN".into(), "given".into())],
        ..Rules::of_system()
    };

    // What there is to reach.
    let tcp = TcpListener::bind("127.0.0.1:0").expect("a port");
    let udp = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let name =
        SocketAddr::from_abstract_name(folder.as_os_str().as_encoded_bytes()).expect("short");
    let _abstract_socket = UnixListener::bind_addr(&name).expect("a name");
    let socket = folder.join("hidden.socket");
    let _path_socket = UnixListener::bind(&socket).expect("a path");
    fs::set_permissions(&socket, Permissions::from_mode(0o777)).expect("its owner's");
    let target = match attempt {
        "connect" => tcp.local_addr().expect("bound").to_string(),
        "udp" => udp.local_addr().expect("bound").to_string(),
        "abstract-socket" => folder.to_string_lossy().into_owned(),
        "execute" => script(folder),
        _ => hidden.to_string_lossy().into_owned(),
    };
    let leaked = File::open("/dev/zero").expect("a device");
    rustix::io::fcntl_setfd(&leaked, rustix::io::FdFlags::empty()).expect("an open file");

    let program = std::env::current_exe().expect("a path");
    let mut command = job.command(&program, &rules);
    if mode == Mode::Off {
        command.env("SECRET", "secret");
    }
    let output = command.args(["attempt", attempt, &target]).output().expect("started");
    print!("{}", String::from_utf8_lossy(&output.stdout));
    print!("{}", String::from_utf8_lossy(&output.stderr));
    println!("ended with {}", output.status);
    ExitCode::SUCCESS
}

fn become_user(id: u32) {
    let (user, group) = (Uid::from_raw(id), Gid::from_raw(id));
    setgroups(&[]).expect("root");
    setresgid(group, group, group).expect("root");
    setresuid(user, user, user).expect("root");
    // As any process of this user's is, which has never been root.
    set_dumpable_behavior(DumpableBehavior::Dumpable).expect("always possible");
}

fn script(folder: &Path) -> String {
    let script = folder.join("script");
    fs::write(&script, "#!/bin/sh\n").expect("written");
    fs::set_permissions(&script, Permissions::from_mode(0o755)).expect("its owner's");
    script.to_string_lossy().into_owned()
}
