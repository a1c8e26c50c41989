//! The two PINs and their counters.

use serde::{Deserialize, Serialize};

/// Which of the two PINs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinId {
    /// The authentication PIN: four digits, three tries.
    Authentication,
    /// The signing PIN: 6 to 16 upper-case letters and digits, five tries.
    Signature,
}

impl PinId {
    /// Tries after a success.
    pub const fn full_tries(self) -> u8 {
        match self {
            PinId::Authentication => 3,
            PinId::Signature => 5,
        }
    }

    /// Whether a value could be a PIN of this kind.
    pub(super) fn admits(self, value: &[u8]) -> bool {
        match self {
            PinId::Authentication => value.len() == 4 && value.iter().all(u8::is_ascii_digit),
            PinId::Signature => {
                (6..=16).contains(&value.len())
                    && value
                        .iter()
                        .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
            }
        }
    }
}

/// One PIN as the card remembers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinRecord {
    /// Tries left; 0 means locked.
    pub tries: u8,
    /// The PIN, where it is no longer the one that the card was issued with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_to: Option<String>,
}

/// Both PINs as the card remembers them without power.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinMemory {
    /// The authentication PIN.
    pub authentication: PinRecord,
    /// The signing PIN.
    pub signature: PinRecord,
}

impl Default for PinMemory {
    fn default() -> Self {
        let fresh = |pin: PinId| PinRecord {
            tries: pin.full_tries(),
            changed_to: None,
        };
        PinMemory {
            authentication: fresh(PinId::Authentication),
            signature: fresh(PinId::Signature),
        }
    }
}

impl PinMemory {
    pub(super) fn get(&self, pin: PinId) -> &PinRecord {
        match pin {
            PinId::Authentication => &self.authentication,
            PinId::Signature => &self.signature,
        }
    }

    pub(super) fn get_mut(&mut self, pin: PinId) -> &mut PinRecord {
        match pin {
            PinId::Authentication => &mut self.authentication,
            PinId::Signature => &mut self.signature,
        }
    }
}
