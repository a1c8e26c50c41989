//! What is said on computers that are not as this one: each is a root folder of its own, where the program is the administrator's.

use super::*;

/// Makes the folder: the system's programs and libraries, and nothing else. Then runs what makes this computer what it is, and the command.
const SCRIPT: &str = r#"
set -e
root=$1 program=$2 made=$3
shift 3
mount -t tmpfs -o mode=755 tmpfs "$root"
cd "$root"
mkdir -p etc dev home opt/bin proc run sys
for folder in bin lib lib64 sbin usr; do
    if [ -L /$folder ]; then
        cp -P /$folder .
    elif [ -d /$folder ]; then
        mkdir $folder
        mount --rbind /$folder $folder
    fi
done
mount --rbind /proc proc
touch dev/null
mount --bind /dev/null dev/null
cp "$program" opt/jpki-authenticator
for open in /proc/self/fd/*; do
    if [ "${open##*/}" -gt 2 ]; then eval "exec ${open##*/}>&-"; fi
done
eval "$made"
exec chroot . /usr/bin/env -i HOME=/home PATH=/opt/bin:/usr/bin:/bin "$@"
"#;

/// The program in that folder.
const PROGRAM: &str = "/opt/jpki-authenticator";
/// The computer has a user with the number 1000.
const SOMEBODY: &str = "echo somebody:x:1000:1000::/home:/bin/sh >etc/passwd";
/// As the administrator who may do no more than others.
const WITHOUT_CAPABILITIES: &str = "/usr/bin/setpriv --bounding-set=-all --inh-caps=-all";

/// Runs a command on a computer that was made so.
fn on_a_computer(made: &str, command: &str) -> Said {
    let root = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_jpki-authenticator");
    let mut run = Command::new("/usr/bin/unshare");
    run.args([
        "--map-root-user",
        "--mount",
        "/bin/bash",
        "-c",
        SCRIPT,
        "bash",
    ])
    .args([root.path(), Path::new(program)])
    .arg(made)
    .args(command.split(' '))
    .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    said(&mut run)
}

/// The command fails, and says nothing after this code; all that it says.
fn refused(made: &str, command: &str, code: &str) -> String {
    let said = on_a_computer(made, command);
    assert!(!said.succeeded, "{}", said.out);
    let last = said.err.lines().last();
    assert_eq!(last, Some(&*format!("  Code: {code}")), "{}", said.err);
    said.err
}

/// `doctor` says this among other things.
fn found(made: &str, code: &str) {
    let said = on_a_computer(made, &format!("{PROGRAM} doctor"));
    let line = format!(" Code: {code}\n");
    assert!(said.out.contains(&line), "{code}: {}{}", said.out, said.err);
}

#[test]
fn nobody_but_an_administrator_installs_for_everybody() {
    let everywhere = format!("{WITHOUT_CAPABILITIES} {PROGRAM} install --system");
    refused(
        "chmod 555 etc",
        &everywhere,
        "JPKI-file-needs-administrator",
    );
    // As an ordinary user of this computer.
    let program = env!("CARGO_BIN_EXE_jpki-authenticator");
    let mut install = Command::new(program);
    if rustix::process::geteuid().is_root() {
        install = Command::new("/usr/bin/setpriv");
        install.args(["--reuid=65534", "--regid=65534", "--clear-groups", program]);
    }
    let said = said(install.args(["install", "--hid"]).env("LANG", "C"));
    assert!(!said.succeeded);
    assert!(
        said.err.ends_with("  Code: JPKI-needs-administrator\n"),
        "{}",
        said.err
    );
}

#[test]
fn a_security_key_is_set_up_for_somebody_by_a_system_that_works() {
    let install = format!("{PROGRAM} install --hid");
    let for_somebody = format!("{install} --owner 1000");
    refused("", &install, "JPKI-whose-key");
    let told = refused("", &for_somebody, "JPKI-no-such-user");
    assert!(told.contains("1000"), "{told}");
    let refused_here =
        |more: &str, code| refused(&format!("{SOMEBODY}; {more}"), &for_somebody, code);
    refused_here("true", "JPKI-no-systemd");
    // Root runs a part of the program.
    refused_here("chmod 777 opt/jpki-authenticator", "JPKI-program-not-safe");
    let broken = "mkdir -p run/systemd/system; printf '#!/bin/sh\\nexit 1' >opt/bin/modprobe; chmod +x opt/bin/modprobe";
    refused_here(broken, "JPKI-command-failed");
}

#[test]
fn what_starts_pcscd_is_what_this_computer_has() {
    let card = format!("{PROGRAM} card");
    let pcscd = "mkdir -p run/pcscd; touch run/pcscd/pcscd.comm";
    let without = refused(pcscd, &card, "JPKI-pcsc-not-running");
    assert!(
        without.contains("Start it: sudo service pcscd start\n"),
        "{without}"
    );
    let with = format!("mkdir -p run/systemd/system; {pcscd}");
    let with = refused(&with, &card, "JPKI-pcsc-not-running");
    assert!(
        with.contains("Start it: sudo systemctl enable --now pcscd.socket\n"),
        "{with}"
    );
}

#[test]
fn a_program_that_does_not_know_where_it_is_or_whose_says_so() {
    let install = format!("{PROGRAM} install");
    refused("umount -l proc", &install, "JPKI-own-path-unknown");
    let history = format!("/usr/bin/env -u HOME {PROGRAM} history");
    refused("", &history, "JPKI-no-home");
}

#[test]
fn the_relay_says_why_it_makes_no_device() {
    let listen = format!("{PROGRAM} hid-device --listen /run/key.socket --owner 0");
    refused("", &listen, "JPKI-no-uhid");
    let without_rights = format!("{WITHOUT_CAPABILITIES} {listen}");
    let closed = "touch dev/uhid; chmod 0 dev/uhid";
    refused(closed, &without_rights, "JPKI-uhid-not-allowed");
    refused("mkdir dev/uhid", &listen, "JPKI-uhid-failed");
    let nowhere = listen.replace("/run", "/nowhere");
    refused("", &nowhere, "JPKI-relay-socket-failed");
    let open = "touch home/open; exec 5<home/open";
    let told = refused(open, &listen, "JPKI-relay-files-open");
    assert!(told.contains("/home/open"), "{told}");
    // There is no nobody to become.
    refused("touch dev/uhid", &listen, "JPKI-relay-keeps-privileges");
    refused("umount -l proc", &listen, "JPKI-system-failed");
}

/// Connects this user to the socket of another, and starts the relay for that connection.
const CONNECTED: &str = r#"
mkdir run/jpki-authenticator
cat >opt/bin/connected <<'END'
use Socket;
my $place = pack_sockaddr_un($ARGV[0]);
socket(LISTENER, AF_UNIX, SOCK_SEQPACKET, 0) and bind(LISTENER, $place) and listen(LISTENER, 1) or die $!;
socket(CLIENT, AF_UNIX, SOCK_SEQPACKET, 0) and connect(CLIENT, $place) or die $!;
accept(ACCEPTED, LISTENER) or die $!;
open(STDIN, "<&", ACCEPTED) or die $!;
exec("/opt/jpki-authenticator", "hid-device");
END
"#;

#[test]
fn the_relay_serves_nobody_but_the_sockets_user() {
    let connect = format!("/usr/bin/perl /opt/bin/connected {}", socket_of("1000"));
    refused(CONNECTED, &connect, "JPKI-relay-other-user");
}

#[test]
fn the_doctor_follows_the_security_key_to_its_device() {
    let installed = format!(
        "{SOMEBODY}; chroot . {PROGRAM} install --hid --owner 1000 >home/said 2>&1 || true"
    );
    let set_up = format!("{installed}; touch dev/uhid; mount --bind /dev/null dev/uhid");
    found(&set_up, "JPKI-no-socket");
    found(
        &format!("{set_up}; echo '# mine' >>etc/udev/rules.d/69-jpki-authenticator.rules"),
        "JPKI-other-file",
    );
    found(&installed, "JPKI-no-uhid");
    let socket = socket_of("0");
    found(
        &format!("{set_up}; mkdir run/jpki-authenticator; touch .{socket}"),
        "JPKI-socket-not-yours",
    );
    let bound = format!(
        "{set_up}; mkdir run/jpki-authenticator; chroot . /usr/bin/perl -MSocket -e 'socket(S, AF_UNIX, SOCK_SEQPACKET, 0) and bind(S, pack_sockaddr_un(\"{socket}\")) or die $!'"
    );
    found(&bound, "JPKI-service-stopped");
    let device = |mode: &str| {
        format!(
            "{bound}; printf '#!/bin/sh\\n' >opt/bin/systemctl; chmod +x opt/bin/systemctl; mkdir -p sys/class/hidraw/hidraw0/device; \
             printf 'HID_PHYS=jpki-authenticator\\nHID_UNIQ=0\\n' >sys/class/hidraw/hidraw0/device/uevent; touch dev/hidraw0; chmod {mode} dev/hidraw0"
        )
    };
    found(&device("400"), "JPKI-device-not-yours");
    found(&device("666"), "JPKI-device-not-private");
    let sandboxed =
        "mkdir -p snap/bin home/.local/share/flatpak/app/com.google.Chrome; touch snap/bin/firefox";
    found(&format!("{set_up}; {sandboxed}"), "JPKI-snap-without-keys");
    found(
        &format!("{set_up}; {sandboxed}"),
        "JPKI-flatpak-without-keys",
    );
}

/// Where a user's programs connect to the relay.
fn socket_of(user: &str) -> String {
    format!("/run/jpki-authenticator/{user}.socket")
}
