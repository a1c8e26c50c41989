//! Status words as the card answers them (JICSAP 1.1 table 25).

pub(super) const OK: u16 = 0x9000;
/// 63Cx: x tries left.
pub(super) const TRIES_LEFT: u16 = 0x63C0;
pub(super) const MEMORY_FAILURE: u16 = 0x6581;
pub(super) const WRONG_LENGTH: u16 = 0x6700;
pub(super) const NO_SUCH_CHANNEL: u16 = 0x6881;
pub(super) const WRONG_FILE_STRUCTURE: u16 = 0x6981;
pub(super) const PIN_NEEDED: u16 = 0x6982;
pub(super) const PIN_LOCKED: u16 = 0x6984;
pub(super) const NOT_ALLOWED_NOW: u16 = 0x6985;
pub(super) const NO_CURRENT_FILE: u16 = 0x6986;
pub(super) const NO_SECURE_MESSAGING: u16 = 0x69FC;
pub(super) const WRONG_DATA: u16 = 0x6A80;
pub(super) const NO_SUCH_FILE: u16 = 0x6A82;
pub(super) const WRONG_PARAMETERS: u16 = 0x6A86;
pub(super) const NO_SUCH_KEY: u16 = 0x6A88;
pub(super) const OFFSET_OUTSIDE_FILE: u16 = 0x6B00;
pub(super) const NO_SUCH_INSTRUCTION: u16 = 0x6D00;
pub(super) const NO_SUCH_CLASS: u16 = 0x6E00;
pub(super) const SELF_DIAGNOSIS: u16 = 0x6F00;
