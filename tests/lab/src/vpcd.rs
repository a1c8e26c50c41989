//! Puts a virtual card into the real pcscd, through the virtual reader of vsmartcard (vpcd).
//!
//! The reader is a TCP server inside pcscd and the card its client: a card that is connected is
//! in the reader, one that closes the connection was taken out. Messages have a two-byte length
//! (big endian); one byte is a control (0 off, 1 on, 2 reset, 4 asks for the answer to reset),
//! anything longer a command.

#[cfg(test)]
mod tests;

use crate::card::{NoAnswer, VirtualCard};
use std::{
    io::{self, Read as _, Write as _},
    net::{Shutdown, SocketAddr, TcpStream},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// How long a card stays out of the reader at least. pcscd looks every 400 ms; a card that was
/// back sooner would seem never to have left.
const AWAY_AT_LEAST: Duration = Duration::from_millis(600);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const CONNECT_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// How long a card takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pace {
    /// For every command. A contactless card takes about 15 ms.
    pub command: Duration,
    /// For a signature, in addition. A contactless card takes about 400 ms.
    pub signature: Duration,
}

impl Pace {
    fn of(self, apdu: &[u8]) -> Duration {
        match apdu {
            [0x80, 0x2A, ..] => self.command + self.signature,
            _ => self.command,
        }
    }
}

struct State {
    card: VirtualCard,
    pace: Pace,
    connection: Option<TcpStream>,
    /// Whether the card was powered up since it was connected. (pcscd powers every new card up to
    /// look at it, and down again if nobody asks for it.)
    noticed: bool,
    left: Option<Instant>,
    /// How long commands took in the card, all together.
    worked: Duration,
    trouble: Option<io::Error>,
    stopping: bool,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>, at_most: Duration) -> MutexGuard<'a, State> {
        self.changed
            .wait_timeout(state, at_most)
            .unwrap_or_else(PoisonError::into_inner)
            .0
    }
}

/// A card and its connection to a virtual reader.
///
/// While the card is in the reader the connection is made again whenever pcscd goes away and comes
/// back. Dropping this takes the card out for good.
pub struct Attachment {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Attachment {
    /// Connects a card to the virtual reader at `address`, now and whenever it is inserted later.
    pub fn new(card: VirtualCard, address: SocketAddr, pace: Pace) -> Self {
        let state = State {
            card,
            pace,
            connection: None,
            noticed: false,
            left: None,
            worked: Duration::ZERO,
            trouble: None,
            stopping: false,
        };
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            changed: Condvar::new(),
        });
        let thread = thread::spawn({
            let shared = Arc::clone(&shared);
            move || keep_connected(&shared, address)
        });
        Attachment {
            shared,
            thread: Some(thread),
        }
    }

    /// Puts the card into the reader.
    pub fn insert(&self) {
        self.shared.lock().card.insert();
        self.shared.changed.notify_all();
    }

    /// Takes the card out of the reader, in the middle of a command if need be.
    pub fn remove(&self) {
        let mut state = self.shared.lock();
        state.card.remove();
        disconnect(&mut state);
        self.shared.changed.notify_all();
    }

    /// Puts another card into the place of this one.
    pub fn exchange(&self, other: VirtualCard) {
        let mut state = self.shared.lock();
        state.card.exchange(other);
        disconnect(&mut state);
        self.shared.changed.notify_all();
    }

    /// Changes how long the card takes.
    pub fn set_pace(&self, pace: Pace) {
        self.shared.lock().pace = pace;
    }

    /// Does something with the card; it answers no command meanwhile.
    pub fn with_card<T>(&self, action: impl FnOnce(&mut VirtualCard) -> T) -> T {
        let mut state = self.shared.lock();
        let result = action(&mut state.card);
        if !state.card.is_present() {
            disconnect(&mut state);
        }
        self.shared.changed.notify_all();
        result
    }

    /// How long the card has worked on commands so far, its pace included.
    pub fn time_in_card(&self) -> Duration {
        self.shared.lock().worked
    }

    /// Whether the card is connected to the reader.
    pub fn is_connected(&self) -> bool {
        self.shared.lock().connection.is_some()
    }

    /// Waits until the card is connected; if it is not, tells what the last attempt said.
    pub fn wait_until_connected(&self, at_most: Duration) -> io::Result<()> {
        let connected = self.wait_for(at_most, |state| state.connection.is_some());
        if connected {
            return Ok(());
        }
        let mut state = self.shared.lock();
        Err(state
            .trouble
            .take()
            .unwrap_or_else(|| io::ErrorKind::TimedOut.into()))
    }

    /// Waits until pcscd noticed the card and powered it up; tells whether it did.
    pub fn wait_until_noticed(&self, at_most: Duration) -> bool {
        self.wait_for(at_most, |state| state.noticed)
    }

    /// Waits until the card holds an answer back; tells whether it does.
    pub fn wait_until_stalled(&self, at_most: Duration) -> bool {
        self.wait_for(at_most, |state| state.card.is_stalled())
    }

    fn wait_for(&self, at_most: Duration, condition: impl Fn(&State) -> bool) -> bool {
        let until = Instant::now() + at_most;
        let mut state = self.shared.lock();
        loop {
            if condition(&state) {
                return true;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            state = self.shared.wait(state, left);
        }
    }
}

impl Drop for Attachment {
    fn drop(&mut self) {
        {
            let mut state = self.shared.lock();
            state.stopping = true;
            state.card.remove();
            disconnect(&mut state);
        }
        self.shared.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            // It can only have failed where there is nobody left to tell.
            let _ = thread.join();
        }
    }
}

fn disconnect(state: &mut State) {
    if let Some(connection) = state.connection.take() {
        // Already closed by the other side is as good.
        let _ = connection.shutdown(Shutdown::Both);
        state.noticed = false;
        state.left = Some(Instant::now());
    }
}

fn keep_connected(shared: &Shared, address: SocketAddr) {
    while wait_until_wanted(shared) {
        let stream = TcpStream::connect_timeout(&address, CONNECT_TIMEOUT)
            .and_then(|stream| Ok((stream.try_clone()?, stream)));
        let mut state = shared.lock();
        let mut stream = match stream {
            Ok((handle, stream)) if state.card.is_present() && !state.stopping => {
                state.connection = Some(handle);
                state.trouble = None;
                stream
            }
            Ok(_) => continue,
            Err(error) => {
                state.trouble = Some(error);
                drop(shared.wait(state, CONNECT_AGAIN_AFTER));
                continue;
            }
        };
        drop(state);
        shared.changed.notify_all();

        // However it ends, the connection is over: pcscd went away or the card did.
        let _ = serve(shared, &mut stream);

        let mut state = shared.lock();
        state.card.power_off();
        disconnect(&mut state);
        shared.changed.notify_all();
    }
}

/// Waits until the card should be connected; false when everything is over.
fn wait_until_wanted(shared: &Shared) -> bool {
    let mut state = shared.lock();
    loop {
        if state.stopping {
            return false;
        }
        let away = state.left.map_or(Duration::MAX, |left| left.elapsed());
        state = match (state.card.is_present(), AWAY_AT_LEAST.checked_sub(away)) {
            (true, None | Some(Duration::ZERO)) => return true,
            (true, Some(rest)) => shared.wait(state, rest),
            (false, _) => shared
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner),
        };
    }
}

/// Answers what the reader sends until the connection ends.
fn serve(shared: &Shared, stream: &mut TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    loop {
        let message = receive(stream)?;
        let pace = shared.lock().pace;
        match message.as_slice() {
            [0] => shared.lock().card.power_off(),
            [1] => {
                let mut state = shared.lock();
                state.card.power_on();
                state.noticed = true;
            }
            [2] => shared.lock().card.reset(),
            [4] => {
                let atr = shared.lock().card.atr().to_vec();
                send(stream, &atr)?;
            }
            apdu => {
                let begun = Instant::now();
                thread::sleep(pace.of(apdu));
                let mut state = shared.lock();
                let answer = state.card.transmit(apdu);
                state.worked += begun.elapsed();
                if state.card.is_stalled() {
                    shared.changed.notify_all();
                    while state.card.is_stalled() && !state.stopping {
                        state = shared
                            .changed
                            .wait(state)
                            .unwrap_or_else(PoisonError::into_inner);
                    }
                }
                let present = state.card.is_present();
                drop(state);
                match answer {
                    Ok(answer) => send(stream, &answer)?,
                    Err(NoAnswer::Absent | NoAnswer::Unpowered) => return Ok(()),
                }
                if !present {
                    return Ok(());
                }
            }
        }
        shared.changed.notify_all();
    }
}

fn receive(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut length = [0; 2];
    read(stream, &mut length)?;
    let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
    read(stream, &mut message)?;
    Ok(message)
}

/// The reader may write length and body apart and hold the second back until the first is
/// acknowledged, which would take 40 ms each time. The switch is not permanent: it is set again
/// after every read.
fn read(stream: &mut TcpStream, buffer: &mut [u8]) -> io::Result<()> {
    let mut rest = buffer;
    while !rest.is_empty() {
        match stream.read(rest)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => rest = rest.split_at_mut(count).1,
        }
        acknowledge_at_once(stream)?;
    }
    Ok(())
}

#[cfg(target_os = "linux")]
fn acknowledge_at_once(stream: &TcpStream) -> io::Result<()> {
    Ok(rustix::net::sockopt::set_tcp_quickack(stream, true)?)
}

#[cfg(not(target_os = "linux"))]
fn acknowledge_at_once(_stream: &TcpStream) -> io::Result<()> {
    Ok(())
}

fn send(stream: &mut TcpStream, message: &[u8]) -> io::Result<()> {
    let length = u16::try_from(message.len()).map_err(io::Error::other)?;
    stream.write_all(&[&length.to_be_bytes(), message].concat())
}
