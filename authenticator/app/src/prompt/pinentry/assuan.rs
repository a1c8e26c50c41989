//! The Assuan protocol, as far as a pinentry speaks it (Assuan manual §2; pinentry's manual, "Protocol").
//!
//! The program at the other end is not trusted to keep to it: lines, their number and what they hold are bounded, and what is
//! not understood ends the connection. Whatever may be a PIN is zeroised.

use std::fmt;
use std::io::{self, Read, Write};

use zeroize::{Zeroize, Zeroizing};

/// The longest line, without its end (Assuan manual §2.1).
const LONGEST_LINE: usize = 1000;
/// Lines of one reply: status lines and comments may come in any number, a pinentry sends two or three.
const MOST_LINES: usize = 100;

/// A connection to a server.
pub(super) struct Connection<R, W> {
    input: R,
    output: W,
    /// What was read and not yet used. It never grows, so no copy stays behind.
    buffer: Zeroizing<Vec<u8>>,
}

/// The end of a command.
pub(super) enum Reply {
    /// It was done. The data, percent-decoded; empty if there was none.
    Done(Zeroizing<String>),
    /// It was not; the error's code without its source (`libgpg-error`).
    Refused(u16),
}

/// Never the data.
impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reply::Done { .. } => f.write_str("Done(…)"),
            Reply::Refused(code) => write!(f, "Refused({code})"),
        }
    }
}

/// The connection is of no use any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Broken {
    /// The other end is gone.
    #[error("it ended")]
    Closed,
    /// What came is not of the protocol, or more than it allows.
    #[error("it does not keep to the protocol")]
    Protocol,
    /// What was to be said does not fit into a line; nothing was sent.
    #[error("the text is too long for it")]
    TooLong,
}

impl From<io::Error> for Broken {
    fn from(_: io::Error) -> Self {
        Self::Closed
    }
}

impl<R: Read, W: Write> Connection<R, W> {
    /// Takes the server's greeting.
    ///
    /// # Errors
    /// [`Broken`].
    pub(super) fn greet(input: R, output: W) -> Result<Self, Broken> {
        let mut connection = Self {
            input,
            output,
            buffer: Zeroizing::new(Vec::with_capacity(LONGEST_LINE + 1)),
        };
        match connection.reply()? {
            Reply::Done(_) => Ok(connection),
            Reply::Refused(_) => Err(Broken::Protocol),
        }
    }

    /// Gives a command, with what belongs to it, and waits for the reply.
    ///
    /// # Errors
    /// [`Broken`].
    pub(super) fn command(&mut self, name: &str, argument: &str) -> Result<Reply, Broken> {
        self.output.write_all(&line(name, argument)?)?;
        self.output.flush()?;
        self.reply()
    }

    fn reply(&mut self) -> Result<Reply, Broken> {
        // Room for all that is accepted.
        let mut data = Zeroizing::new(Vec::with_capacity(LONGEST_LINE));
        for _ in 0..MOST_LINES {
            let line = self.line()?;
            let (word, rest) = split(&line);
            match word {
                b"OK" => return text(&data).map(Reply::Done),
                b"ERR" => return code(rest).map(Reply::Refused),
                b"D" => decode(rest, &mut data)?,
                // Statuses, of which none matters here; and comments, which libassuan sends for debugging.
                b"S" | [b'#', ..] => {}
                // INQUIRE too: nothing is offered about which a pinentry may ask.
                _ => return Err(Broken::Protocol),
            }
        }
        Err(Broken::Protocol)
    }

    /// The next line, without its end.
    fn line(&mut self) -> Result<Zeroizing<Vec<u8>>, Broken> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let mut line = Zeroizing::new(Vec::with_capacity(end));
                line.extend(self.buffer.get(..end).unwrap_or_default());
                let rest = self.buffer.len() - (end + 1);
                self.buffer.copy_within(end + 1.., 0);
                for left in self.buffer.iter_mut().skip(rest) {
                    left.zeroize();
                }
                self.buffer.truncate(rest);
                return Ok(line);
            }
            let free = (LONGEST_LINE + 1).saturating_sub(self.buffer.len());
            if free == 0 {
                return Err(Broken::Protocol);
            }
            let mut read = Zeroizing::new([0; LONGEST_LINE + 1]);
            let into = read.get_mut(..free).unwrap_or_default();
            let count = match self.input.read(into) {
                Ok(0) => return Err(Broken::Closed),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => return Err(Broken::Closed),
            };
            self.buffer.extend(read.get(..count).unwrap_or_default());
        }
    }
}

/// A command as it is sent: percent, carriage return, line feed and a backslash at the end are escaped (Assuan manual §2.3).
fn line(name: &str, argument: &str) -> Result<Vec<u8>, Broken> {
    let mut line = name.as_bytes().to_vec();
    if !argument.is_empty() {
        line.push(b' ');
    }
    for byte in argument.bytes() {
        match byte {
            b'%' | b'\r' | b'\n' | 0 | b'\\' => line.extend(format!("%{byte:02X}").bytes()),
            byte => line.push(byte),
        }
    }
    if line.len() > LONGEST_LINE {
        return Err(Broken::TooLong);
    }
    line.push(b'\n');
    Ok(line)
}

/// The first word, and what follows the space after it.
fn split(line: &[u8]) -> (&[u8], &[u8]) {
    match line.iter().position(|byte| *byte == b' ') {
        Some(space) => (
            line.get(..space).unwrap_or_default(),
            line.get(space + 1..).unwrap_or_default(),
        ),
        None => (line, &[]),
    }
}

/// The code of an error: the lower 16 bits of the number, without the source above them.
fn code(rest: &[u8]) -> Result<u16, Broken> {
    let number = std::str::from_utf8(split(rest).0).map_err(|_| Broken::Protocol)?;
    if number.starts_with('+') {
        return Err(Broken::Protocol);
    }
    let number: u32 = number.parse().map_err(|_| Broken::Protocol)?;
    let [.., high, low] = number.to_be_bytes();
    Ok(u16::from_be_bytes([high, low]))
}

/// Adds percent-encoded data.
fn decode(encoded: &[u8], data: &mut Vec<u8>) -> Result<(), Broken> {
    let mut rest = encoded.iter();
    while let Some(byte) = rest.next() {
        let byte = match byte {
            b'%' => hexadecimal(rest.next())? << 4 | hexadecimal(rest.next())?,
            byte => *byte,
        };
        if data.len() == LONGEST_LINE {
            return Err(Broken::Protocol);
        }
        data.push(byte);
    }
    Ok(())
}

fn hexadecimal(digit: Option<&u8>) -> Result<u8, Broken> {
    digit
        .and_then(|digit| char::from(*digit).to_digit(16))
        .and_then(|value| u8::try_from(value).ok())
        .ok_or(Broken::Protocol)
}

fn text(data: &[u8]) -> Result<Zeroizing<String>, Broken> {
    let text = std::str::from_utf8(data).map_err(|_| Broken::Protocol)?;
    Ok(Zeroizing::new(text.to_owned()))
}

#[cfg(test)]
#[path = "assuan_tests.rs"]
mod tests;
