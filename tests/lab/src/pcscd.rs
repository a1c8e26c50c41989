//! A private pcscd with virtual readers, so that the system's one is never touched.
//!
//! In a mount namespace of its own a private folder takes the place of `/run/pcscd`, and pcscd
//! runs with one configuration file, which names the vpcd driver. Real readers are left to the
//! system's pcscd. Several can run side by side, as root or, with user namespaces, as anybody.
//!
//! Clients find it through the environment variable `PCSCLITE_CSOCK_NAME`.

use std::{
    fs::{self, File},
    io::{self, BufRead as _, BufReader, Write as _},
    net::{Ipv4Addr, SocketAddr},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use thiserror::Error;

/// The environment variable by which PC/SC clients find a pcscd that is not the system's.
pub const SOCKET_VARIABLE: &str = "PCSCLITE_CSOCK_NAME";

const START_TIMEOUT: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(20);
const ATTEMPTS: usize = 5;

mod driver;
mod pad;
mod ports;

use driver::{UNPLUGGED, add_cables, find_driver, prepare};
pub use pad::PinPad;
use ports::{MOST_SLOTS, are_free, free_ports, ports_for};

/// What stands between pcscd and vpcd's driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cable {
    /// Nothing.
    Fixed,
    /// A driver of ours, by which the readers can be unplugged.
    Unpluggable,
    /// The same, with a PIN pad.
    WithPinPad,
}

/// Runs inside the namespace, for as long as its standard input is open: whatever happens to us,
/// pcscd and its folder go away. Commands come in on standard input, one answer each goes out.
const SUPERVISOR: &str = r#"
folder=$1 pcscd=$2
case $("$pcscd" --help 2>&1) in
*--disable-polkit*) polkit=--disable-polkit ;;
*) polkit= ;;
esac
trap '' INT HUP
if [ ! -d /run/pcscd ]; then
    mount -t tmpfs tmpfs /run && mkdir /run/pcscd || exit 1
fi
mount --bind "$folder/run" /run/pcscd || exit 1
daemon=
while read -r word; do
    case $word in
    start)
        rm -f /run/pcscd/*
        "$pcscd" --foreground $polkit --config "$folder/readers" >>"$folder/log" 2>&1 </dev/null &
        daemon=$!
        echo started ;;
    alive)
        case $(cut -d ' ' -f 3 "/proc/$daemon/stat" 2>/dev/null) in
        '' | Z) echo no ;;
        *) echo yes ;;
        esac ;;
    id) echo "$daemon" ;;
    kill)
        kill -KILL $daemon 2>/dev/null
        wait $daemon 2>/dev/null
        echo killed ;;
    stop)
        kill $daemon 2>/dev/null
        wait $daemon 2>/dev/null
        echo stopped ;;
    esac
done
[ -z "$daemon" ] || { kill $daemon 2>/dev/null; wait $daemon 2>/dev/null; }
rm -rf "$folder"
"#;

/// Why there is no private pcscd.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PcscdError {
    /// More slots than pcscd has readers for.
    #[error("the number of slots must be 0 to {MOST_SLOTS}")]
    Slots,
    /// A program is missing.
    #[error("{program} is not there; {remedy}")]
    Missing {
        /// Which program or driver.
        program: &'static str,
        /// How to get it.
        remedy: &'static str,
    },
    /// The given ports cannot be used.
    #[error("a port from {first} on is in use, below 1024 or above 65535")]
    PortInUse {
        /// The first port.
        first: u16,
    },
    /// No run of free ports was found.
    #[error("no free ports were found")]
    NoFreePorts,
    /// The driver for readers that can be unplugged or have a PIN pad could not be built.
    #[error(
        "the driver for readers that can be unplugged or have a PIN pad could not be built: {said}"
    )]
    Cable {
        /// What the compiler said.
        said: String,
    },
    /// A namespace could not be made.
    #[error(
        "a private mount namespace could not be made: {said}; \
         run as root or allow user namespaces (sysctl user.max_user_namespaces)"
    )]
    Namespace {
        /// What `unshare` or `mount` said.
        said: String,
    },
    /// pcscd ended or did not open its socket and ports.
    #[error("pcscd did not start: {said}")]
    NotStarted {
        /// The end of its log.
        said: String,
    },
    /// Files, pipes or processes.
    #[error("{doing} failed")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        source: io::Error,
    },
}

fn io_error(doing: &'static str) -> impl FnOnce(io::Error) -> PcscdError {
    move |source| PcscdError::Io { doing, source }
}

/// A running private pcscd. Dropping it ends it.
#[derive(Debug)]
pub struct PrivatePcscd {
    folder: TempDir,
    pin_pad: Option<PinPad>,
    slots: Vec<SocketAddr>,
    supervisor: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl PrivatePcscd {
    /// Starts a pcscd with so many virtual slots, on ports that are free. With none it is that of a computer without readers.
    pub fn start(slots: usize) -> Result<Self, PcscdError> {
        Self::start_anywhere(slots, Cable::Fixed)
    }

    /// As [`PrivatePcscd::start`], with readers that can be unplugged. Needs a C compiler and pcsc-lite's headers.
    pub fn start_unpluggable(slots: usize) -> Result<Self, PcscdError> {
        Self::start_anywhere(slots, Cable::Unpluggable)
    }

    /// As [`PrivatePcscd::start_unpluggable`], with readers that have one PIN pad between them.
    pub fn start_with_pin_pad(slots: usize) -> Result<Self, PcscdError> {
        Self::start_anywhere(slots, Cable::WithPinPad)
    }

    fn start_anywhere(slots: usize, cable: Cable) -> Result<Self, PcscdError> {
        let mut last = PcscdError::NoFreePorts;
        // Others of ours wait meanwhile.
        let lock = std::env::temp_dir().join(format!("jpki-lab-ports-{}", user()));
        let _lock = File::create(lock)
            .and_then(|lock| lock.lock().map(|()| lock))
            .map_err(io_error("waiting for others that look for free ports"))?;
        // Somebody else may take a port between our looking and pcscd's binding.
        for _ in 0..ATTEMPTS {
            match Self::start_with(slots, free_ports(slots)?, cable) {
                Err(error @ (PcscdError::NotStarted { .. } | PcscdError::PortInUse { .. })) => {
                    last = error;
                }
                outcome => return outcome,
            }
        }
        Err(last)
    }

    /// Starts a pcscd with so many virtual slots, on consecutive ports from `first` on.
    pub fn start_at(slots: usize, first: u16) -> Result<Self, PcscdError> {
        Self::start_with(slots, first, Cable::Fixed)
    }

    fn start_with(slots: usize, first: u16, cable: Cable) -> Result<Self, PcscdError> {
        if slots > MOST_SLOTS {
            return Err(PcscdError::Slots);
        }
        if !are_free(first, ports_for(slots)) {
            return Err(PcscdError::PortInUse { first });
        }
        let driver = find_driver().ok_or(PcscdError::Missing {
            program: "the vpcd driver",
            // Not the package: with it the system's own pcscd would listen on every network interface (decision 0001).
            remedy: "run tools/set-up demo, and set JPKI_LAB_VPCD to target/vpcd/usr/lib/pcsc/drivers/serial/libifdvpcd.so",
        })?;
        let program = find("pcscd").ok_or(PcscdError::Missing {
            program: "pcscd",
            remedy: "on Debian: apt-get install pcscd",
        })?;
        let folder =
            prepare(&driver, slots, first).map_err(io_error("preparing pcscd's folder"))?;
        let pin_pad = match cable {
            Cable::WithPinPad => Some(
                PinPad::prepare(folder.path().join("pad"))
                    .map_err(io_error("preparing the PIN pad"))?,
            ),
            Cable::Fixed | Cable::Unpluggable => None,
        };
        if cable != Cable::Fixed {
            add_cables(folder.path(), slots, pin_pad.as_ref())?;
        }
        let mut supervisor = supervise(folder.path(), &program)?;
        let (Some(orders), Some(answers)) = (supervisor.stdin.take(), supervisor.stdout.take())
        else {
            return Err(io_error("talking to the supervisor")(
                io::ErrorKind::BrokenPipe.into(),
            ));
        };
        let mut daemon = PrivatePcscd {
            slots: (first..)
                .take(slots)
                .map(|p| (Ipv4Addr::LOCALHOST, p).into())
                .collect(),
            folder,
            pin_pad,
            supervisor,
            orders: Some(orders),
            answers: BufReader::new(answers),
        };
        daemon.launch()?;
        Ok(daemon)
    }

    /// The socket: the value of [`SOCKET_VARIABLE`] for clients.
    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("run/pcscd.comm")
    }

    /// The address of each virtual slot, for [`crate::vpcd::Attachment`].
    pub fn slots(&self) -> &[SocketAddr] {
        &self.slots
    }

    /// The PIN pad; see [`PrivatePcscd::start_with_pin_pad`].
    pub fn pin_pad(&self) -> Option<&PinPad> {
        self.pin_pad.as_ref()
    }

    /// The process ID of pcscd: the one that was started last.
    pub fn id(&mut self) -> Result<u32, PcscdError> {
        let id = self.order("id")?;
        id.parse().map_err(|_| PcscdError::NotStarted {
            said: self.last_words(),
        })
    }

    /// Ends pcscd as a crash would; the readers are gone until [`PrivatePcscd::restart`].
    pub fn kill(&mut self) -> Result<(), PcscdError> {
        self.order("kill").map(drop)
    }

    /// Ends pcscd, if it runs, and starts it again on the same socket and ports.
    pub fn restart(&mut self) -> Result<(), PcscdError> {
        self.order("stop")?;
        self.launch()
    }

    /// Cuts the readers off, with whatever is in them; see [`PrivatePcscd::start_unpluggable`].
    ///
    /// What a card is doing is done, but its answer gets lost. From then on pcscd calls the readers unavailable. (It takes only
    /// USB readers off its list when they go.)
    pub fn unplug(&self) -> Result<(), PcscdError> {
        fs::write(self.folder.path().join(UNPLUGGED), "").map_err(io_error("unplugging"))
    }

    /// Plugs the readers in again.
    pub fn plug_in(&self) -> Result<(), PcscdError> {
        fs::remove_file(self.folder.path().join(UNPLUGGED)).map_err(io_error("plugging in"))
    }

    fn launch(&mut self) -> Result<(), PcscdError> {
        self.order("start")?;
        let until = Instant::now() + START_TIMEOUT;
        loop {
            if self.socket().exists() && self.listens() {
                return Ok(());
            }
            if self.order("alive")? == "no" || Instant::now() > until {
                return Err(PcscdError::NotStarted {
                    said: self.last_words(),
                });
            }
            thread::sleep(LOOK_EVERY);
        }
    }

    /// Whether all slots are open. (Connecting to find out would be inserting a card.)
    fn listens(&self) -> bool {
        let Ok(table) = fs::read_to_string("/proc/net/tcp") else {
            return false;
        };
        self.slots.iter().all(|slot| {
            let port = format!(":{:04X}", slot.port());
            table.lines().any(|line| {
                let mut fields = line.split_whitespace().skip(1);
                let local = fields.next().unwrap_or_default();
                let state = fields.nth(1).unwrap_or_default();
                local.ends_with(&port) && state == "0A"
            })
        })
    }

    fn order(&mut self, word: &str) -> Result<String, PcscdError> {
        let exchange = |daemon: &mut Self| -> io::Result<String> {
            let orders = daemon.orders.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
            writeln!(orders, "{word}")?;
            let mut answer = String::new();
            match daemon.answers.read_line(&mut answer)? {
                0 => Err(io::ErrorKind::UnexpectedEof.into()),
                _ => Ok(answer.trim_end().to_owned()),
            }
        };
        exchange(self).map_err(|source| match source.kind() {
            io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe => PcscdError::Namespace {
                said: self.last_words(),
            },
            _ => PcscdError::Io {
                doing: "talking to the supervisor",
                source,
            },
        })
    }

    fn last_words(&self) -> String {
        let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        let mut lines: Vec<&str> = log.lines().rev().take(3).collect();
        lines.reverse();
        lines.join("; ")
    }
}

impl Drop for PrivatePcscd {
    fn drop(&mut self) {
        // Its standard input ends, and with it the loop in the supervisor.
        drop(self.orders.take());
        // It can only fail where there is nobody left to tell.
        let _ = self.supervisor.wait();
    }
}

fn supervise(folder: &Path, program: &Path) -> Result<Child, PcscdError> {
    let log = File::create(folder.join("log")).map_err(io_error("creating pcscd's log"))?;
    let mut command = Command::new("unshare");
    if rustix::process::geteuid().is_root() {
        command.arg("--mount");
    } else {
        command.args(["--map-root-user", "--mount"]);
    }
    command
        .args(["sh", "-c", SUPERVISOR, "jpki-lab-pcscd"])
        .args([folder, program])
        // No USB drivers, so that real readers stay with the system's pcscd.
        .env("PCSCLITE_HP_DROPDIR", folder.join("no-drivers"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(log)
        // Not in our group: an interrupt at the terminal is ours to act upon.
        .process_group(0)
        .spawn()
        .map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => PcscdError::Missing {
                program: "unshare",
                remedy: "on Debian: apt-get install util-linux",
            },
            _ => PcscdError::Io {
                doing: "starting unshare",
                source,
            },
        })
}

fn user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// Daemons live where an ordinary user's search path does not lead.
fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin", "/usr/local/sbin", "/sbin"].map(PathBuf::from))
        .map(|folder| folder.join(program))
        .find(|candidate| candidate.is_file())
}
