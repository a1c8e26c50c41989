//! `native-host`: what the browser starts, one process per connection.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::extension;
use super::incoming::Incoming;
use super::outgoing::{FatalCode, Outgoing, ResponseJson};
use super::port::{Broken, Event, Port};
use crate::ceremony::{self, Finished, Response, Unfinished};
use crate::failure::Failure;
use crate::store::Store;
use crate::{hardening, let_go, log, readers, records, watch};

/// Serves one connection of the extension `caller` over standard input and output.
pub(crate) fn run(caller: &str) -> ! {
    hardening::protect_memory();
    hardening::quiet_panics();
    // Not `io::stdin()` itself: its buffer lives as long as the program, and a PIN in it as well.
    let Ok(input) = io::stdin().as_fd().try_clone_to_owned() else {
        signal_hook::low_level::exit(1);
    };
    let served = serve(caller, File::from(input), io::stdout());
    let_go::leave_behind();
    // The card is let go of and the result is on its way. Threads that watch or probe readers may still be inside
    // libpcsclite, whose destructor frees what they use (measured: pcsc-lite 1.9.9 ended in a segmentation fault).
    signal_hook::low_level::exit(i32::from(served.is_err()))
}

fn serve(
    caller: &str,
    input: impl Read + Send + 'static,
    output: impl Write + 'static,
) -> Result<(), Broken> {
    let mut port = Port::new(input, output).map_err(|_| Broken::Closed)?;
    let served = if extension::is_ours(caller) {
        serve_port(&mut port)
    } else {
        Err(Broken::Fatal(FatalCode::NotOurExtension))
    };
    if let Err(Broken::Fatal(code)) = served {
        log::fatal(code);
        // Written if the stream still allows it.
        let _ = port.send(&Outgoing::Fatal { code });
    }
    served
}

fn serve_port(port: &mut Port) -> Result<(), Broken> {
    // Nearly whatever is asked for needs to know which cards are there: they are looked for while the two sides greet each other.
    let cards_wanted = Arc::new(AtomicBool::new(true));
    let (events, wanted) = (port.sender(), Arc::clone(&cards_wanted));
    readers::watch_to_open(move |seen| {
        wanted.load(Ordering::SeqCst) && events.send(Event::Readers(seen)).is_ok()
    })
    .map_err(|_| Broken::Closed)?;
    match next_message(port)? {
        Incoming::Hello(hello) => {
            if let Some(language) = &hello.language {
                log::set_language(language.as_str());
            }
        }
        _ => return Err(Broken::Fatal(FatalCode::BadMessage)),
    }
    send(port, &Outgoing::hello())?;
    let events = port.sender();
    hardening::end_orderly(move || events.send(Event::Terminated).is_ok());
    let asked = next_message(port)?;
    if matches!(asked, Incoming::Records | Incoming::Forget(_)) {
        // Nobody will open a card: a connection that was kept for that would be in other programs' way.
        cards_wanted.store(false, Ordering::SeqCst);
        port.drop_looks();
    }
    match asked {
        Incoming::Watch => watch::run(port),
        Incoming::Records => records::show(port),
        Incoming::Forget(forget) => records::forget(port, &forget.rp_id),
        Incoming::Create(request) => {
            run_ceremony(port, |port, store| ceremony::create(port, request, store))
        }
        Incoming::Get(request) => {
            run_ceremony(port, |port, store| ceremony::get(port, request, store))
        }
        // Given up before it began: there is nothing to answer for.
        Incoming::Cancel => send(port, &Outgoing::error(Failure::Cancelled)),
        Incoming::Hello(_) | Incoming::Answer(_) => Err(Broken::Fatal(FatalCode::BadMessage)),
    }
}

/// Runs a ceremony and sends its one `result` or `error`, also when this program has a defect.
fn run_ceremony(
    port: &mut Port,
    ceremony: impl FnOnce(&mut Port, &mut Option<Store>) -> Result<Finished, Unfinished>,
) -> Result<(), Broken> {
    let mut store = None;
    let told = perform(port, ceremony, &mut store);
    // What was committed is on the disk: nobody need wait for this.
    if let Some(store) = store {
        store.tidy_up();
    }
    told
}

fn perform(
    port: &mut Port,
    ceremony: impl FnOnce(&mut Port, &mut Option<Store>) -> Result<Finished, Unfinished>,
    store: &mut Option<Store>,
) -> Result<(), Broken> {
    // Unwinding lets go of the card: dropped, it is unpowered.
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| ceremony(port, store)))
        .unwrap_or(Err(Unfinished::Failed(Failure::Internal)));
    let finished = match &outcome {
        Ok(finished) => finished,
        Err(Unfinished::Failed(failure)) => {
            log::failure(*failure);
            return send(port, &Outgoing::error(*failure));
        }
        Err(Unfinished::Broken(broken)) => return Err(*broken),
    };
    let response = match &finished.response {
        Response::Registration(response) => ResponseJson::Registration(response),
        Response::Authentication(response) => ResponseJson::Authentication(response),
    };
    let backup = finished.backup;
    match port.send(&Outgoing::Result { response, backup }) {
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
            log::failure(Failure::Internal);
            send(port, &Outgoing::error(Failure::Internal))
        }
        sent => sent.map_err(|_| Broken::Closed),
    }
}

fn next_message(port: &mut Port) -> Result<Incoming, Broken> {
    match port.wait_past_readers() {
        Event::Message(message) => Ok(message),
        Event::Unreadable(unreadable) => Err(Broken::Fatal(unreadable.into())),
        Event::Closed
        | Event::Terminated
        | Event::Readers(_)
        | Event::CardRead(..)
        | Event::Window(..) => Err(Broken::Closed),
    }
}

fn send(port: &mut Port, message: &Outgoing<'_>) -> Result<(), Broken> {
    port.send(message).map_err(|_| Broken::Closed)
}

#[cfg(test)]
mod tests {
    use std::io::empty;
    use std::sync::{Arc, Mutex};

    use super::*;

    /// A stream that keeps what is written.
    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// The one message that a ceremony ends with.
    fn message(
        ceremony: impl FnOnce(&mut Port, &mut Option<Store>) -> Result<Finished, Unfinished>,
    ) -> serde_json::Value {
        let written = Written::default();
        let mut port = Port::new(empty(), written.clone()).unwrap();
        run_ceremony(&mut port, ceremony).unwrap();
        let written = written.0.lock().unwrap();
        let (length, message) = written.split_first_chunk::<4>().unwrap();
        assert_eq!(u32::from_ne_bytes(*length) as usize, message.len());
        serde_json::from_slice(message).unwrap()
    }

    #[test]
    fn a_defect_is_told_once_and_without_its_message() {
        let told = message(|_, _| panic!("1234"));
        let expected =
            serde_json::json!({"type": "error", "code": "internal", "name": "UnknownError"});
        assert_eq!(told, expected);
    }

    #[test]
    fn a_failure_is_told_by_code_and_exception() {
        let told = message(|_, _| Err(Failure::Excluded.into()));
        let expected =
            serde_json::json!({"type": "error", "code": "excluded", "name": "InvalidStateError"});
        assert_eq!(told, expected);
    }
}
