//! What the relay gives up before it looks at anything that came from outside.

use std::fs;
use std::io;
use std::os::fd::AsRawFd;
use std::path::PathBuf;

use rustix::fs::{Gid, Uid};
use rustix::process::{Resource, Rlimit, geteuid, setrlimit};
use rustix::thread::{
    CapabilitySet, CapabilitySets, clear_ambient_capability_set, set_capabilities,
    set_no_new_privs, set_thread_groups, set_thread_res_gid, set_thread_res_uid,
};

/// The user who owns nothing.
const NOBODY: u32 = 65_534;

/// Whether there is nothing to give up.
pub(super) fn is_root() -> bool {
    geteuid().is_root()
}

/// What another descriptor leads to than standard input, output and error, and under systemd the connection once more; `None` if no
/// other was inherited.
///
/// # Errors
/// If the system does not tell.
pub(super) fn inherited_descriptor() -> io::Result<Option<PathBuf>> {
    let folder = fs::File::open("/proc/self/fd")?;
    let ours = folder.as_raw_fd();
    let connection = fs::read_link("/proc/self/fd/0")?;
    for entry in fs::read_dir("/proc/self/fd")? {
        let entry = entry?;
        let number: i32 = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok())
            .unwrap_or(i32::MAX);
        // Reading the folder takes a descriptor, which is gone when it is asked about.
        let Ok(leads_to) = fs::read_link(entry.path()) else {
            continue;
        };
        let reading = leads_to.starts_with("/proc") && leads_to.ends_with("fd");
        if number > 2 && number != ours && !reading && leads_to != connection {
            return Ok(Some(leads_to));
        }
    }
    Ok(None)
}

/// Becomes nobody, for good. This thread must be the only one.
///
/// # Errors
/// If anything could not be given up; then nothing else may be done.
pub(super) fn give_up_all() -> io::Result<()> {
    set_no_new_privs(true)?;
    // No other program comes from here.
    setrlimit(
        Resource::Nproc,
        Rlimit {
            current: Some(0),
            maximum: Some(0),
        },
    )?;
    if is_root() {
        let (user, group) = (Uid::from_raw(NOBODY), Gid::from_raw(NOBODY));
        set_thread_groups(&[])?;
        set_thread_res_gid(group, group, group)?;
        set_thread_res_uid(user, user, user)?;
    }
    let nothing = CapabilitySet::empty();
    clear_ambient_capability_set()?;
    set_capabilities(
        None,
        CapabilitySets {
            effective: nothing,
            permitted: nothing,
            inheritable: nothing,
        },
    )?;
    if is_root() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    Ok(())
}
