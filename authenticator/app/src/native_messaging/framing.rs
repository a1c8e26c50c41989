//! Frames: a 32-bit length in native byte order, then that many bytes of JSON, at most 64 KiB either way.

use std::io::{self, Read, Write};

use zeroize::Zeroizing;

/// The longest message, in both directions.
pub(crate) const MAX_MESSAGE: usize = 65_536;

/// Why no message could be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FrameError {
    /// The frame announces more than [`MAX_MESSAGE`] bytes.
    #[error("a message of {0} bytes is longer than the protocol allows")]
    TooLong(usize),
    /// The stream ended in the middle of a frame.
    #[error("the stream ended in the middle of a message")]
    Truncated,
    /// The stream could not be read.
    #[error("the stream cannot be read: {0}")]
    Io(#[from] io::Error),
}

/// Reads one message; `None` at the end of the stream. The buffer is zeroised when dropped, since a message may carry a PIN.
///
/// # Errors
/// [`FrameError`] if there is no whole message of an allowed length.
pub(crate) fn read_message(
    input: &mut impl Read,
) -> Result<Option<Zeroizing<Vec<u8>>>, FrameError> {
    let mut length = [0; 4];
    if !fill(input, &mut length)? {
        return Ok(None);
    }
    let length = u32::from_ne_bytes(length);
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    if length > MAX_MESSAGE {
        return Err(FrameError::TooLong(length));
    }
    // Allocated once at its full size, so that no copy is left behind by growing.
    let mut message = Zeroizing::new(vec![0; length]);
    if length > 0 && !fill(input, &mut message)? {
        return Err(FrameError::Truncated);
    }
    Ok(Some(message))
}

/// Fills the buffer; false if the stream ended before its first byte.
fn fill(input: &mut impl Read, buffer: &mut [u8]) -> Result<bool, FrameError> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match input.read(rest) {
            Ok(0) if filled == 0 => return Ok(false),
            Ok(0) => return Err(FrameError::Truncated),
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(true)
}

/// Writes one message and flushes it.
///
/// # Errors
/// If it is longer than [`MAX_MESSAGE`] ([`io::ErrorKind::InvalidInput`]: nothing was written), or the stream refuses it.
pub(crate) fn write_message(output: &mut impl Write, message: &[u8]) -> io::Result<()> {
    let length = u32::try_from(message.len())
        .ok()
        .filter(|_| message.len() <= MAX_MESSAGE)
        .ok_or(io::ErrorKind::InvalidInput)?;
    let mut frame = Vec::with_capacity(4 + message.len());
    frame.extend_from_slice(&length.to_ne_bytes());
    frame.extend_from_slice(message);
    output.write_all(&frame)?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte a time, as a pipe may.
    struct Trickle<'a>(&'a [u8]);

    impl Read for Trickle<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0.read(&mut buffer[..1])
        }
    }

    fn frame(length: u32, body: &[u8]) -> Vec<u8> {
        [&length.to_ne_bytes(), body].concat()
    }

    #[test]
    fn what_is_written_can_be_read() {
        let mut stream = Vec::new();
        write_message(&mut stream, b"{}").unwrap();
        write_message(&mut stream, &[b'x'; MAX_MESSAGE]).unwrap();
        let mut stream = Trickle(&stream);
        assert_eq!(
            read_message(&mut stream).unwrap().unwrap().as_slice(),
            b"{}"
        );
        assert_eq!(
            read_message(&mut stream).unwrap().unwrap().len(),
            MAX_MESSAGE
        );
        assert!(read_message(&mut stream).unwrap().is_none());
    }

    #[test]
    fn a_message_over_64_kib_is_refused_before_it_is_read() {
        let too_long = frame(65_537, b"");
        assert!(matches!(
            read_message(&mut too_long.as_slice()),
            Err(FrameError::TooLong(65_537))
        ));
        let huge = frame(u32::MAX, b"");
        assert!(matches!(
            read_message(&mut huge.as_slice()),
            Err(FrameError::TooLong(_))
        ));
        let mut stream = Vec::new();
        assert!(write_message(&mut stream, &[b'x'; MAX_MESSAGE + 1]).is_err());
        assert!(
            stream.is_empty(),
            "half a message would confuse the browser"
        );
    }

    #[test]
    fn a_stream_that_ends_early_is_noticed() {
        for cut in 1..6 {
            let whole = frame(2, b"{}");
            assert!(
                matches!(read_message(&mut &whole[..cut]), Err(FrameError::Truncated)),
                "{cut}"
            );
        }
    }
}
