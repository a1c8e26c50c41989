//! Firefox around its client code: what pages ask of it, and the person who answers its own questions.

use std::sync::mpsc::{self, Receiver};
use std::thread;

use authenticator::authenticatorservice::{RegisterArgs, SignArgs};
use authenticator::crypto::COSEAlgorithm;
use authenticator::ctap2;
use authenticator::ctap2::server::{
    PublicKeyCredentialDescriptor, PublicKeyCredentialParameters, PublicKeyCredentialUserEntity,
    RelyingParty, ResidentKeyRequirement, Transport, UserVerificationRequirement,
};
use authenticator::errors::AuthenticatorError;
use authenticator::statecallback::StateCallback;
use authenticator::{Pin, RegisterResult, SignResult, StatusPinUv, StatusUpdate};
use sha2::{Digest, Sha256};

use crate::device::Device;

pub const RP_ID: &str = "example.jp";
const ORIGIN: &str = "https://example.jp";

/// The person in front of Firefox.
#[derive(Default)]
pub struct Browser {
    /// The PINs they will type there, in order. A question that comes when all are typed is cancelled.
    pub pins: Vec<&'static str>,
    /// Which of the accounts they will choose there.
    pub account: Option<usize>,
    /// What Firefox showed.
    pub shown: Vec<Shown>,
}

/// What Firefox showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    Touch,
    PinAsked,
    PinWrong(Option<u8>),
    UvWrong(Option<u8>),
    PinAuthBlocked,
    PinBlocked,
    UvBlocked,
    Accounts(Vec<PublicKeyCredentialUserEntity>),
}

impl Browser {
    /// `navigator.credentials.create()`.
    pub fn register(
        &mut self,
        device: &mut Device,
        args: RegisterArgs,
    ) -> Result<RegisterResult, AuthenticatorError> {
        self.tell_pins(device);
        self.run(|status, callback| {
            ctap2::register(device, args, status, callback, &|| true);
        })
    }

    /// `navigator.credentials.get()`.
    pub fn sign_in(
        &mut self,
        device: &mut Device,
        args: SignArgs,
    ) -> Result<SignResult, AuthenticatorError> {
        self.tell_pins(device);
        self.run(|status, callback| {
            ctap2::sign(device, args, status, callback, &|| true);
        })
    }

    /// Tells the world which PINs are typed, so that it can see that no other reaches the card.
    fn tell_pins(&self, device: &mut Device) {
        let pins = self.pins.iter().map(|pin| (*pin).to_owned());
        device.world.platform_pins = pins.collect();
    }

    fn run<T: Send + 'static>(
        &mut self,
        ceremony: impl FnOnce(mpsc::Sender<StatusUpdate>, StateCallback<Result<T, AuthenticatorError>>),
    ) -> Result<T, AuthenticatorError> {
        let (status, updates) = mpsc::channel();
        let (done, result) = mpsc::channel();
        let callback = StateCallback::new(Box::new(move |result| done.send(result).unwrap()));
        let (pins, account) = (std::mem::take(&mut self.pins), self.account);
        let person = thread::spawn(move || answer(&updates, pins, account));
        ceremony(status, callback);
        self.shown = person.join().unwrap();
        result.try_recv().expect("Firefox came to no end")
    }
}

/// Answers Firefox's questions until the ceremony is over.
fn answer(
    updates: &Receiver<StatusUpdate>,
    pins: Vec<&'static str>,
    account: Option<usize>,
) -> Vec<Shown> {
    let mut pins = pins.into_iter();
    let mut shown = Vec::new();
    let mut type_pin = |sender: mpsc::Sender<Pin>| {
        if let Some(pin) = pins.next() {
            sender.send(Pin::new(pin)).unwrap();
        }
    };
    for update in updates {
        shown.push(match update {
            StatusUpdate::PresenceRequired => Shown::Touch,
            StatusUpdate::PinUvError(StatusPinUv::PinRequired(sender)) => {
                type_pin(sender);
                Shown::PinAsked
            }
            StatusUpdate::PinUvError(StatusPinUv::InvalidPin(sender, left)) => {
                type_pin(sender);
                Shown::PinWrong(left)
            }
            StatusUpdate::PinUvError(StatusPinUv::InvalidUv(left)) => Shown::UvWrong(left),
            StatusUpdate::PinUvError(StatusPinUv::PinAuthBlocked) => Shown::PinAuthBlocked,
            StatusUpdate::PinUvError(StatusPinUv::PinBlocked) => Shown::PinBlocked,
            StatusUpdate::PinUvError(StatusPinUv::UvBlocked) => Shown::UvBlocked,
            StatusUpdate::SelectResultNotice(sender, accounts) => {
                sender.send(account).unwrap();
                Shown::Accounts(accounts)
            }
            other => panic!("Firefox shows {other:?}"),
        });
    }
    shown
}

pub fn client_data_hash() -> [u8; 32] {
    Sha256::digest("client data").into()
}

/// What a page asks that wants a discoverable credential.
pub fn registration(user: &str) -> RegisterArgs {
    RegisterArgs {
        client_data_hash: client_data_hash(),
        relying_party: RelyingParty {
            id: RP_ID.to_owned(),
            // Firefox leaves it out.
            name: None,
        },
        origin: ORIGIN.to_owned(),
        user: PublicKeyCredentialUserEntity {
            id: format!("handle of {user}").into_bytes(),
            name: Some(user.to_owned()),
            display_name: None,
        },
        pub_cred_params: [COSEAlgorithm::ES256, COSEAlgorithm::RS256]
            .map(|alg| PublicKeyCredentialParameters { alg })
            .to_vec(),
        exclude_list: Vec::new(),
        user_verification_req: UserVerificationRequirement::Required,
        resident_key_req: ResidentKeyRequirement::Required,
        extensions: Default::default(),
        pin: None,
        use_ctap1_fallback: false,
    }
}

/// What a page asks that does not know who comes.
pub fn sign_in() -> SignArgs {
    SignArgs {
        client_data_hash: client_data_hash(),
        origin: ORIGIN.to_owned(),
        relying_party_id: RP_ID.to_owned(),
        allow_list: Vec::new(),
        user_verification_req: UserVerificationRequirement::Required,
        user_presence_req: true,
        extensions: Default::default(),
        pin: None,
        use_ctap1_fallback: false,
    }
}

pub fn descriptor(id: &[u8]) -> PublicKeyCredentialDescriptor {
    PublicKeyCredentialDescriptor {
        id: id.to_vec(),
        transports: vec![Transport::USB],
    }
}

pub fn rp_id_hash() -> [u8; 32] {
    Sha256::digest(RP_ID).into()
}
