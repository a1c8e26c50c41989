//! The authenticator as one of Firefox's devices: requests as Firefox writes them, answers as it reads them.
//!
//! What Firefox does between the two is `authenticator-rs`' `transport/hid.rs`, without the packets.

use std::fmt;

use authenticator::crypto::SharedSecret;
use authenticator::ctap2::commands::{RequestCtap1, RequestCtap2};
use authenticator::errors::HIDError;
use authenticator::{AuthenticatorInfo, FidoDevice, FidoDeviceIO, FidoProtocol};
use authenticator_core::Transport;

use crate::world::World;

/// Firefox has one channel.
const USB: Transport = Transport::Usb { channel: 1 };

/// A device that Firefox has found.
pub struct Device {
    pub world: World,
    /// Every request since the device was found, with its answer.
    pub exchanged: Vec<(Vec<u8>, Vec<u8>)>,
    info: Option<AuthenticatorInfo>,
    shared_secret: Option<SharedSecret>,
}

impl Device {
    /// One whose PIN is typed in Firefox, and which the person always agrees to use.
    pub fn with_pin_typed_in_firefox() -> Device {
        let mut world = World::new();
        world.person.has_no_pin_prompt = true;
        world.person.willing = true;
        Device::plugged_in(world)
    }

    /// Plugs the authenticator in: Firefox asks for its information.
    pub fn plugged_in(world: World) -> Device {
        let mut device = Device {
            world,
            exchanged: Vec::new(),
            info: None,
            shared_secret: None,
        };
        device.init().unwrap();
        device
    }

    /// Sends what Firefox has no part in making.
    pub fn send_raw(&mut self, request: &[u8]) -> Vec<u8> {
        let response = self.world.send_over(USB, request).response;
        self.exchanged.push((request.to_vec(), response.clone()));
        response
    }

    /// The command bytes since the device was found.
    pub fn commands(&self) -> Vec<u8> {
        self.exchanged
            .iter()
            .map(|(request, _)| request[0])
            .collect()
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the device")
    }
}

impl FidoDeviceIO for Device {
    fn send_msg_cancellable<Out, Req: RequestCtap1<Output = Out> + RequestCtap2<Output = Out>>(
        &mut self,
        message: &Req,
        keep_alive: &dyn Fn() -> bool,
    ) -> Result<Out, HIDError> {
        self.send_cbor_cancellable(message, keep_alive)
    }

    fn send_cbor_cancellable<Req: RequestCtap2>(
        &mut self,
        message: &Req,
        _: &dyn Fn() -> bool,
    ) -> Result<Req::Output, HIDError> {
        let mut request = vec![message.command() as u8];
        request.extend(message.wire_format()?);
        let response = self.send_raw(&request);
        message.handle_response_ctap2(self, &response)
    }

    fn send_ctap1_cancellable<Req: RequestCtap1>(
        &mut self,
        message: &Req,
        _: &dyn Fn() -> bool,
    ) -> Result<Req::Output, HIDError> {
        panic!("Firefox falls back to U2F: {message:?}")
    }
}

impl FidoDevice for Device {
    fn pre_init(&mut self) -> Result<(), HIDError> {
        Ok(())
    }

    fn initialized(&self) -> bool {
        true
    }

    fn is_u2f(&mut self) -> bool {
        true
    }

    fn should_try_ctap2(&self) -> bool {
        true
    }

    fn get_authenticator_info(&self) -> Option<&AuthenticatorInfo> {
        self.info.as_ref()
    }

    fn set_authenticator_info(&mut self, info: AuthenticatorInfo) {
        self.info = Some(info);
    }

    fn get_protocol(&self) -> FidoProtocol {
        FidoProtocol::CTAP2
    }

    fn downgrade_to_ctap1(&mut self) {
        panic!("Firefox falls back to U2F")
    }

    fn get_shared_secret(&self) -> Option<&SharedSecret> {
        self.shared_secret.as_ref()
    }

    fn set_shared_secret(&mut self, secret: SharedSecret) {
        self.shared_secret = Some(secret);
    }
}
