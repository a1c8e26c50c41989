//! Why pcscd does not answer, as far as that can be told.

use std::env;
use std::path::{Path, PathBuf};

use crate::messages::terminal::Problem;

/// Where pcscd's program is, as distributions and its own build put it.
const PROGRAMS: [&str; 3] = ["/usr/sbin/pcscd", "/usr/bin/pcscd", "/usr/local/sbin/pcscd"];
/// Its socket, which is there without the program where a container is lent it.
const SOCKET: &str = "/run/pcscd/pcscd.comm";
/// Names another socket, to pcsc-lite's library too.
const SOCKET_VARIABLE: &str = "PCSCLITE_CSOCK_NAME";

/// What is said about a pcscd that does not answer. It is called not installed only where there is neither program nor socket.
pub(crate) fn silence() -> Problem<'static> {
    let socket = env::var_os(SOCKET_VARIABLE).map_or_else(|| SOCKET.into(), PathBuf::from);
    let mut traces = PROGRAMS.iter().map(Path::new).chain([socket.as_path()]);
    if traces.any(Path::exists) {
        Problem::PcscNotRunning
    } else {
        Problem::PcscNotInstalled
    }
}
