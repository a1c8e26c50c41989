//! pinentry: the program by which the desktop asks for PINs, in a window of its own that no browser sees.
//!
//! | module | what lives there |
//! |---|---|
//! | `assuan` | the protocol it speaks |
//! | `find` | which program, and where it can show itself |
//! | `window` | one question in one window, which can be closed at any moment |

mod assuan;
mod find;
mod window;

pub(crate) use find::{NoPinentry, Pinentry};
pub(crate) use window::{Answer, Dialog, Kind, Window};
