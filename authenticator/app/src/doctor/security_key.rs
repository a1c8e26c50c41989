//! The way of the security key: set up, kernel, relay, service, device, and browsers that cannot see it.

use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Report;
use crate::hid::{DEVICE_PHYS, socket_of};
use crate::install::browser::home;
use crate::install::own_path;
use crate::install::security_key::{RELAY, RULES, SERVICE_NAME};
use crate::messages::hid::{HidProblem, HidText};
use crate::messages::terminal::Sandbox;

/// Whether `install --hid` was run here, for whomever.
pub(super) fn is_set_up() -> bool {
    Path::new(RELAY.path).exists()
}

pub(super) fn check(report: &mut Report) {
    if !is_set_up() {
        report.hid_passed(&HidText::SecurityKey, &HidText::NotSetUp);
        return;
    }
    let user = rustix::process::geteuid().as_raw();
    check_files(report);
    if check_kernel(report) & check_relay(report, user) && check_service(report) {
        check_device(report, user);
    }
    check_sandboxes(report);
}

/// The files are those that this program would write.
fn check_files(report: &mut Report) {
    let program = own_path().unwrap_or_default();
    let other = [&RULES, &RELAY].into_iter().find(|file| {
        let there = fs::read_to_string(file.path).unwrap_or_default();
        there != file.text_for(&program)
    });
    match other {
        None => report.hid_passed(&HidText::SecurityKey, &HidText::SetUp),
        Some(file) => {
            let problem = HidProblem::OtherFile(Path::new(file.path));
            report.hid_caution(&HidText::SecurityKey, &problem);
        }
    }
}

fn check_kernel(report: &mut Report) -> bool {
    let there = fs::metadata("/dev/uhid").is_ok_and(|node| node.file_type().is_char_device());
    if there {
        report.hid_passed(&HidText::Kernel, &HidText::KernelReady);
    } else {
        report.hid_failed(&HidText::Kernel, &HidProblem::NoUhid);
    }
    there
}

fn check_relay(report: &mut Report, user: u32) -> bool {
    let path = socket_of(user);
    match fs::symlink_metadata(&path) {
        Ok(found) if found.file_type().is_socket() && found.uid() == user => {
            report.hid_passed(&HidText::Relay, &HidText::RelayReady(&path));
            true
        }
        Ok(_) => {
            report.hid_failed(&HidText::Relay, &HidProblem::OtherSocket(&path, user));
            false
        }
        Err(_) => {
            report.hid_failed(&HidText::Relay, &HidProblem::NoSocket(user));
            false
        }
    }
}

/// Whether the user's own manager runs the service.
fn check_service(report: &mut Report) -> bool {
    let running = Command::new("systemctl")
        .args(["--user", "is-active", "--quiet", SERVICE_NAME])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if running {
        report.hid_passed(&HidText::Service, &HidText::ServiceRuns);
    } else {
        report.hid_failed(&HidText::Service, &HidProblem::ServiceStopped);
    }
    running
}

/// The device's node: there while a card is, and open to its user alone.
fn check_device(report: &mut Report, user: u32) {
    let Some(node) = node_of(Path::new("/sys/class/hidraw"), user) else {
        report.hid_passed(&HidText::Device, &HidText::DeviceWaits);
        return;
    };
    match fs::metadata(&node) {
        Ok(found) if found.uid() != user || found.mode() & 0o600 != 0o600 => {
            report.hid_failed(&HidText::Device, &HidProblem::NodeNotYours(&node));
        }
        Ok(found) if found.mode() & 0o077 != 0 || has_acl(&node) => {
            report.hid_failed(&HidText::Device, &HidProblem::NodeShared(&node));
        }
        Ok(_) => report.hid_passed(&HidText::Device, &HidText::DeviceReady(&node)),
        // The card was just taken out.
        Err(_) => report.hid_passed(&HidText::Device, &HidText::DeviceWaits),
    }
}

/// The node of the device that the relay made for a user.
fn node_of(class: &Path, user: u32) -> Option<PathBuf> {
    let [phys, uniq] = [
        format!("HID_PHYS={DEVICE_PHYS}"),
        format!("HID_UNIQ={user}"),
    ];
    fs::read_dir(class).ok()?.find_map(|entry| {
        let entry = entry.ok()?;
        let about = fs::read_to_string(entry.path().join("device/uevent")).ok()?;
        let says = |line: &str| about.lines().any(|each| each == line);
        (says(&phys) && says(&uniq)).then(|| Path::new("/dev").join(entry.file_name()))
    })
}

/// Whether others than owner and group were let in, as udev does for whoever sits at the computer.
fn has_acl(node: &Path) -> bool {
    rustix::fs::getxattr(node, "system.posix_acl_access", &mut [0; 1024]).is_ok()
}

/// Browsers in sandboxes: a snap opens only the makes of keys that snapd lists; a Flatpak opens all devices or none.
fn check_sandboxes(report: &mut Report) {
    const BROWSERS: [(&str, Sandbox, &str); 6] = [
        ("Chromium", Sandbox::Snap, "/snap/bin/chromium"),
        ("Firefox", Sandbox::Snap, "/snap/bin/firefox"),
        ("Chromium", Sandbox::Flatpak, "org.chromium.Chromium"),
        ("Google Chrome", Sandbox::Flatpak, "com.google.Chrome"),
        ("Firefox", Sandbox::Flatpak, "org.mozilla.firefox"),
        ("Microsoft Edge", Sandbox::Flatpak, "com.microsoft.Edge"),
    ];
    let home = home().unwrap_or_default();
    for (browser, sandbox, place) in BROWSERS {
        let there = match sandbox {
            Sandbox::Snap => Path::new(place).exists(),
            Sandbox::Flatpak => ["/var/lib/flatpak/app", ".local/share/flatpak/app"]
                .iter()
                .any(|folder| home.join(folder).join(place).exists()),
        };
        if there {
            let problem = match sandbox {
                Sandbox::Snap => HidProblem::SnapBrowser(browser),
                Sandbox::Flatpak => HidProblem::FlatpakBrowser(browser, place),
            };
            report.hid_caution(&HidText::Browser(browser), &problem);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_users_device_is_found_among_others() {
        let class = tempfile::tempdir().unwrap();
        let device = |name: &str, about: &str| {
            let folder = class.path().join(name).join("device");
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("uevent"), about).unwrap();
        };
        assert_eq!(node_of(class.path(), 1000), None);
        device("hidraw0", "HID_NAME=Keyboard\nHID_PHYS=usb-1\nHID_UNIQ=\n");
        device("hidraw1", "HID_PHYS=jpki-authenticator\nHID_UNIQ=1001\n");
        assert_eq!(node_of(class.path(), 1000), None);
        device("hidraw2", "HID_PHYS=jpki-authenticator\nHID_UNIQ=1000\n");
        assert_eq!(node_of(class.path(), 1000), Some("/dev/hidraw2".into()));
        assert_eq!(node_of(class.path(), 100), None);
        assert_eq!(node_of(&class.path().join("none"), 1000), None);
    }
}
