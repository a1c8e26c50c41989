//! The virtual readers' drivers: where vpcd's is, how pcscd is told of it, and what of ours stands before it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::pad::{self, PinPad};
use super::ports::{SLOTS_PER_READER, ports_for};
use super::{PcscdError, io_error};

/// The environment variable that names vpcd's driver where it was unpacked and not installed. An installed one makes the
/// *system's* pcscd listen for virtual cards on every network interface.
const DRIVER_VARIABLE: &str = "JPKI_LAB_VPCD";

/// Where Debian and others put vpcd's driver.
const DRIVERS: [&str; 4] = [
    "/usr/lib/pcsc/drivers/serial/libifdvpcd.so",
    "/usr/lib64/pcsc/drivers/serial/libifdvpcd.so",
    "/usr/local/lib/pcsc/drivers/serial/libifdvpcd.so",
    "/usr/lib/pcsc/drivers/serial/libifdvpcd.so.0",
];

/// The driver of readers that can be unplugged.
const CABLE: &str = include_str!("cable.c");
/// The file in pcscd's folder whose existence means that the readers are unplugged.
pub(super) const UNPLUGGED: &str = "unplugged";

pub(super) fn find_driver() -> Option<PathBuf> {
    std::env::var_os(DRIVER_VARIABLE)
        .map(PathBuf::from)
        .into_iter()
        .chain(DRIVERS.map(PathBuf::from))
        .find(|path| path.exists())
}

pub(super) fn prepare(driver: &Path, slots: usize, first: u16) -> io::Result<TempDir> {
    let folder = tempfile::Builder::new()
        .prefix("jpki-lab-pcscd-")
        .tempdir()?;
    for name in ["run", "readers", "no-drivers"] {
        fs::create_dir(folder.path().join(name))?;
    }
    let mut definitions = String::new();
    for number in 0..ports_for(slots) / SLOTS_PER_READER {
        let port = first + number * SLOTS_PER_READER;
        let name = match number {
            0 => "Virtual PCD".to_owned(),
            n => format!("Virtual PCD {}", n + 1),
        };
        // The driver keeps its two slots in global variables, so that readers that shared one
        // library would share their cards: each gets a copy.
        let library = folder.path().join(format!("vpcd-{number}.so"));
        fs::copy(driver, &library)?;
        let library = library.display();
        definitions.push_str(&format!(
            "FRIENDLYNAME \"{name}\"\n\
             DEVICENAME /dev/null:0x{port:04X}\n\
             LIBPATH {library}\n\
             CHANNELID 0x{port:04X}\n\n"
        ));
    }
    fs::write(folder.path().join("readers/vpcd"), definitions)?;
    Ok(folder)
}

/// Puts our own driver in front of each copy of vpcd's.
pub(super) fn add_cables(
    folder: &Path,
    slots: usize,
    pin_pad: Option<&PinPad>,
) -> Result<(), PcscdError> {
    let mut sources = vec![folder.join("cable.c")];
    fs::write(folder.join("cable.c"), CABLE).map_err(io_error("preparing the driver"))?;
    if pin_pad.is_some() {
        sources.push(folder.join("pad.c"));
        fs::write(folder.join("pad.c"), pad::DRIVER).map_err(io_error("preparing the driver"))?;
    }
    for number in 0..ports_for(slots) / SLOTS_PER_READER {
        let vpcd = folder.join(format!("vpcd-{number}.so"));
        let hidden = folder.join(format!("hidden-{number}.so"));
        fs::rename(&vpcd, &hidden).map_err(io_error("preparing the driver"))?;
        let unplugged = folder.join(UNPLUGGED);
        let built = Command::new("cc")
            .args([
                "-shared",
                "-fPIC",
                "-Wall",
                "-Werror",
                "-I/usr/include/PCSC",
            ])
            .arg(format!("-DVPCD=\"{}\"", hidden.display()))
            .arg(format!("-DUNPLUGGED=\"{}\"", unplugged.display()))
            .args(pin_pad.map(|pad| format!("-DPAD=\"{}\"", pad.folder().display())))
            .args([Path::new("-o"), &vpcd])
            .args(&sources)
            .output()
            .map_err(io_error("starting the C compiler"))?;
        if !built.status.success() {
            return Err(PcscdError::Cable {
                said: String::from_utf8_lossy(&built.stderr).into_owned(),
            });
        }
    }
    Ok(())
}
