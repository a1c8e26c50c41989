//! The link that carries APDUs, as narrow as the applet needs it.

/// The longest answer to a short APDU: 256 bytes and the status word (ISO/IEC 7816-3 §12.1).
pub(crate) const LONGEST_ANSWER: usize = 258;

/// Something that carries one command to a card and its answer back, once.
pub(crate) trait Wire {
    /// Sends `command` exactly once and writes the answer with its status word to `answer`.
    ///
    /// Returns the answer's length. An answer longer than the buffer is an error: nothing a card
    /// sends can make this program hold more than [`LONGEST_ANSWER`] bytes of it.
    fn exchange(
        &mut self,
        command: &[u8],
        answer: &mut [u8; LONGEST_ANSWER],
    ) -> Result<usize, pcsc::Error>;
}

impl Wire for &pcsc::Card {
    fn exchange(
        &mut self,
        command: &[u8],
        answer: &mut [u8; LONGEST_ANSWER],
    ) -> Result<usize, pcsc::Error> {
        self.transmit(command, answer).map(<[u8]>::len)
    }
}
