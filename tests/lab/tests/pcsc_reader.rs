//! Cards come, go and fail under the real pcscd, and pcscd itself comes and goes.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{Bench, PATIENCE, eventually, text};
use jpki_lab::card::{PinId, VirtualCard};
use serde_json::Value;
use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    os::unix::{fs::PermissionsExt as _, net::UnixStream},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_jpki-lab");
const SELECT_JPKI: &str = "00:A4:04:0C:0A:D3:92:F0:00:26:01:00:00:00:01";

fn selects(bench: &Bench, reader: &str) -> String {
    // The first command after power-up is answered 6F00.
    text(&bench.client(
        "opensc-tool",
        &[
            "--reader",
            reader,
            "--card-driver",
            "default",
            "-s",
            SELECT_JPKI,
            "-s",
            SELECT_JPKI,
        ],
    ))
}

#[test]
fn a_card_can_be_taken_out_and_put_back() {
    let bench = Bench::new(1);
    let card = bench.insert(bench.card("p01"), 0);
    bench.wait_until_occupied(&[0]);
    card.remove();
    bench.wait_until_occupied(&[]);
    card.insert();
    bench.wait_until_occupied(&[0]);
}

#[test]
fn without_slots_there_are_no_readers_and_pcscd_answers() {
    let bench = Bench::new(0);
    let listed = text(&bench.client("opensc-tool", &["--list-readers"]));
    assert!(listed.contains("No smart card readers found"), "{listed}");
}

#[test]
fn slots_are_independent_on_every_reader() {
    let bench = Bench::new(4);
    let _p01 = bench.insert(bench.card("p01"), 0);
    let foreign = bench.insert(VirtualCard::foreign(), 1);
    let _p02 = bench.insert(bench.card("p02"), 3);
    bench.wait_until_occupied(&[0, 1, 3]);
    assert!(selects(&bench, "0").contains("SW1=0x90, SW2=0x00"));
    assert!(selects(&bench, "1").contains("SW1=0x6A, SW2=0x82"));
    assert!(selects(&bench, "3").contains("SW1=0x90, SW2=0x00"));
    foreign.remove();
    bench.wait_until_occupied(&[0, 3]);
}

#[test]
fn a_reader_can_be_unplugged_and_plugged_in_again() {
    let bench = Bench::unpluggable();
    let _card = bench.insert(bench.card("p01"), 0);
    bench.wait_until_occupied(&[0]);
    bench.pcscd.unplug().unwrap();
    bench.wait_until_occupied(&[]);
    bench.pcscd.plug_in().unwrap();
    bench.wait_until_occupied(&[0]);
    assert!(selects(&bench, "0").contains("SW1=0x90, SW2=0x00"));
}

#[test]
fn an_answer_on_its_way_through_an_unplugged_reader_gets_lost() {
    let bench = Bench::unpluggable();
    let card = bench.insert(bench.card("p01"), 0);
    bench.wait_until_occupied(&[0]);
    card.with_card(|card| card.add_fault("stall 2".parse().unwrap()));
    let said = std::thread::scope(|scope| {
        let client = scope.spawn(|| selects(&bench, "0"));
        assert!(card.wait_until_stalled(PATIENCE));
        bench.pcscd.unplug().unwrap();
        card.with_card(|card| card.go_on());
        client.join().unwrap()
    });
    assert!(!said.contains("SW1=0x90"), "{said}");
}

#[test]
fn two_pcscds_run_side_by_side() {
    let (one, other) = (Bench::new(1), Bench::new(1));
    let _card = one.insert(one.card("p01"), 0);
    one.wait_until_occupied(&[0]);
    assert!(other.occupied().is_empty());
}

#[test]
fn a_card_that_vanishes_during_verify_has_spent_the_try() {
    let bench = Bench::new(1);
    let card = bench.insert(bench.card("p01"), 0);
    // However many commands a client sends first: from now on, the next VERIFY is fatal.
    let before = "00:A4:02:0C:02:00:18";
    card.with_card(|card| card.add_fault("during 4".parse().unwrap()));
    bench.client(
        "opensc-tool",
        &[
            "--card-driver",
            "default",
            "-s",
            SELECT_JPKI,
            "-s",
            SELECT_JPKI,
            "-s",
            before,
            "-s",
            "00:20:00:80:04:39:39:39:39",
        ],
    );
    bench.wait_until_occupied(&[]);
    assert_eq!(
        card.with_card(|card| card.tries(PinId::Authentication)),
        2,
        "{}",
        bench.log("p01")
    );
    card.insert();
    bench.wait_until_occupied(&[0]);
}

#[test]
fn a_card_survives_pcscd() {
    let mut bench = Bench::new(1);
    let card = bench.insert(bench.card("p01"), 0);
    bench.pcscd.kill().unwrap();
    assert!(
        text(&bench.client("opensc-tool", &["--list-readers"])).contains("No smart card readers")
    );
    bench.pcscd.restart().unwrap();
    bench.wait_until_occupied(&[0]);
    assert!(selects(&bench, "0").contains("SW1=0x90, SW2=0x00"));
    drop(card);
    bench.wait_until_occupied(&[]);
}

#[test]
fn pcscd_leaves_nothing_behind() {
    let bench = Bench::new(2);
    let folder = bench.pcscd.socket().ancestors().nth(2).unwrap().to_owned();
    assert!(folder.exists());
    drop(bench);
    assert!(!folder.exists());
}

/// A running `jpki-lab`, ended when dropped.
struct Running {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Running {
    fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Running { child, out }
    }

    fn ready(&mut self) -> Value {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn card_program(bench: &Bench, arguments: &[&str]) -> Running {
    let pki = bench.path("pki");
    if !pki.exists() {
        common::practice().write_to(&pki).unwrap();
    }
    let slot = bench.pcscd.slots()[0].to_string();
    let mut command = Command::new(PROGRAM);
    command
        .args(["card", "--pki", "pki", "--vpcd", &slot, "--until-eof"])
        .args(arguments)
        .current_dir(bench.folder.path());
    Running::start(&mut command)
}

struct Control(BufReader<UnixStream>);

impl Control {
    fn open(bench: &Bench, socket: &str) -> Self {
        let stream = UnixStream::connect(bench.path(socket)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Control(BufReader::new(stream))
    }

    fn say(&mut self, line: &str) -> String {
        writeln!(self.0.get_mut(), "{line}").unwrap();
        let mut answer = String::new();
        self.0.read_line(&mut answer).unwrap();
        answer.trim_end().to_owned()
    }

    fn status(&mut self) -> Value {
        serde_json::from_str(self.say("status").strip_prefix("ok ").unwrap()).unwrap()
    }
}

#[test]
fn the_card_program_takes_orders_while_it_runs() {
    let bench = Bench::new(1);
    let arguments = [
        "--person",
        "p01",
        "--removed",
        "--control",
        "control",
        "--log",
        "card.log",
    ];
    let mut program = card_program(&bench, &arguments);
    assert_eq!(program.ready()["person"], "p01");
    let mut control = Control::open(&bench, "control");
    assert_eq!(control.status()["present"], false);
    assert_eq!(control.say("insert"), "ok");
    assert_eq!(control.say("wait"), "ok");
    bench.wait_until_occupied(&[0]);
    assert_eq!(control.say("tries"), "ok 3");
    assert_eq!(control.say("set-tries 1"), "ok");
    assert_eq!(control.say("tries"), "ok 1");
    assert_eq!(
        control.say("set-tries 4"),
        "error a card has at most 3 tries"
    );
    assert_eq!(control.say("fault answer 6F00 9"), "ok");
    assert_eq!(control.say("faults clear"), "ok");
    assert!(
        control
            .say("fault sideways 1")
            .starts_with("error not a fault")
    );
    assert_eq!(control.say("slow 1 2"), "ok");
    assert_eq!(control.say("slow"), "error slow APDU_MS SIGN_MS");
    assert_eq!(control.say("log"), "ok card.log");
    assert!(control.say("reboot").starts_with("error unknown command"));

    assert_eq!(control.say("person p02"), "ok");
    assert_eq!(control.say("wait"), "ok");
    assert!(selects(&bench, "0").contains("SW1=0x90, SW2=0x00"));
    let status = control.status();
    assert_eq!(
        (&status["person"], &status["tries"]),
        (&"p02".into(), &3.into())
    );
    assert!(
        control
            .say("person p77")
            .starts_with("error there is no person p77")
    );

    assert_eq!(control.say("person foreign"), "ok");
    assert_eq!(control.say("wait"), "ok");
    assert!(selects(&bench, "0").contains("SW1=0x6A, SW2=0x82"));
    assert_eq!(control.say("remove"), "ok");
    bench.wait_until_occupied(&[]);
    let log = fs::read_to_string(bench.path("card.log")).unwrap();
    assert!(
        log.contains(r#""event":"insert""#) && log.contains(r#""name":"SELECT""#),
        "{log}"
    );
}

#[test]
fn the_card_program_remembers_tries_over_restarts() {
    let bench = Bench::new(1);
    let wrong_pin = [
        "-s",
        SELECT_JPKI,
        "-s",
        SELECT_JPKI,
        "-s",
        "00:20:00:98:04:39:39:39:39",
    ];
    for left in ["ok 2", "ok 1"] {
        let mut program = card_program(&bench, &["--person", "p01", "--control", "control"]);
        program.ready();
        let mut control = Control::open(&bench, "control");
        assert_eq!(control.say("wait"), "ok");
        bench.client(
            "opensc-tool",
            &[&["--card-driver", "default"], wrong_pin.as_slice()].concat(),
        );
        assert_eq!(control.say("tries"), left);
        drop(program);
        bench.wait_until_occupied(&[]);
    }
    assert!(bench.path("pki/people/p01/state.json").exists());
}

/// Starts `jpki-lab pcscd` and reads what it promises; its standard input ends with the value.
fn pcscd_program(command: &mut Command) -> (Running, PathBuf, Vec<Value>) {
    let mut program = Running::start(command);
    let ready = program.ready();
    let socket = PathBuf::from(ready["pcscd_csock"].as_str().unwrap());
    let ports = ready["ports"].as_array().unwrap().clone();
    (program, socket, ports)
}

fn ends_with_its_input(mut program: Running, socket: &Path) {
    drop(program.child.stdin.take());
    assert!(program.child.wait().unwrap().success());
    assert!(!socket.exists());
}

#[test]
fn the_pcscd_program_runs_until_its_input_ends() {
    let folder = tempfile::tempdir().unwrap();
    let ready_file = folder.path().join("ready.json");
    let (program, socket, ports) = pcscd_program(
        Command::new(PROGRAM)
            .args(["pcscd", "--slots", "3", "--ready-file"])
            .arg(&ready_file),
    );
    assert!(socket.exists());
    assert_eq!(ports.len(), 3);
    let ready: Value = serde_json::from_slice(&fs::read(&ready_file).unwrap()).unwrap();
    assert_eq!(ready["pcscd_csock"], socket.to_str().unwrap());
    ends_with_its_input(program, &socket);
    assert!(!ready_file.exists());
}

#[test]
fn the_pcscd_program_takes_its_pcscd_along_when_it_is_killed() {
    let (mut program, socket, _) = pcscd_program(Command::new(PROGRAM).args(["pcscd"]));
    let folder = socket.ancestors().nth(2).unwrap().to_owned();
    program.child.kill().unwrap();
    eventually(|| !folder.exists(), || "the folder to disappear".to_owned());
}

/// For an ordinary user a user namespace stands in for root.
#[test]
fn the_pcscd_program_runs_as_anybody() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = folder.path().join("jpki-lab");
    fs::copy(PROGRAM, &program).unwrap();
    let mut command = if rustix::process::geteuid().is_root() {
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(&program);
        command
    } else {
        Command::new(&program)
    };
    // A folder of root's for temporary files is of no use here.
    command
        .args(["pcscd", "--slots", "1"])
        .env("TMPDIR", "/tmp")
        // An ordinary user's search path: pcscd is in none of these.
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .current_dir("/");
    let (program, socket, _) = pcscd_program(&mut command);
    assert!(socket.exists());
    ends_with_its_input(program, &socket);
}
