//! Whether systemd runs this computer.

use std::path::Path;

/// Whether it does, as `sd_booted(3)` tells.
pub(crate) fn is_running() -> bool {
    Path::new("/run/systemd/system").is_dir()
}
