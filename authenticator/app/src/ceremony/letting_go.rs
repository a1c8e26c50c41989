//! What is let go of while other things are done.

use std::thread::{self, JoinHandle};

/// What is being let go of: the card, which that unpowers.
///
/// Dropped, it waits for the end of that: whoever had it and has it no more knows that the card has no power.
#[derive(Default)]
pub(super) struct LettingGo(Option<JoinHandle<()>>);

impl LettingGo {
    /// Begins to drop this, once what was begun before is over.
    pub(super) fn begin<T: Send + 'static>(&mut self, held: T) {
        self.finish();
        // Without a thread it is dropped right here.
        let thread = thread::Builder::new().name("letting go".into());
        self.0 = thread.spawn(move || drop(held)).ok();
    }

    /// Waits until it is over.
    pub(super) fn finish(&mut self) {
        if let Some(dropping) = self.0.take() {
            // A panic in there has dropped the rest as well.
            let _ = dropping.join();
        }
    }
}

impl Drop for LettingGo {
    fn drop(&mut self) {
        self.finish();
    }
}

#[cfg(test)]
mod tests {
    use std::mem;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::mpsc::{self, Receiver, Sender};

    use super::*;

    /// Something whose drop takes until it is told to end.
    struct Slow {
        begun: Sender<()>,
        end: Receiver<()>,
        over: Arc<AtomicBool>,
    }

    impl Drop for Slow {
        fn drop(&mut self) {
            self.begun.send(()).unwrap();
            self.end.recv().unwrap();
            self.over.store(true, Ordering::SeqCst);
        }
    }

    /// The test's part of it.
    struct Control {
        begun: Receiver<()>,
        end: Sender<()>,
        over: Arc<AtomicBool>,
    }

    impl Control {
        fn is_over(&self) -> bool {
            self.over.load(Ordering::SeqCst)
        }

        /// Ends the drop from another thread, once it has begun.
        fn end_soon(self) -> Arc<AtomicBool> {
            let over = Arc::clone(&self.over);
            thread::spawn(move || {
                self.begun.recv().unwrap();
                self.end.send(()).unwrap();
            });
            over
        }
    }

    fn slow() -> (Slow, Control) {
        let (begun, has_begun) = mpsc::channel();
        let (to_end, end) = mpsc::channel();
        let over = Arc::new(AtomicBool::new(false));
        let slow = Slow {
            begun,
            end,
            over: Arc::clone(&over),
        };
        let control = Control {
            begun: has_begun,
            end: to_end,
            over,
        };
        (slow, control)
    }

    struct Panics;

    impl Drop for Panics {
        fn drop(&mut self) {
            panic!("a test");
        }
    }

    #[test]
    fn what_takes_long_to_drop_is_not_waited_for_at_once() {
        let (slow, control) = slow();
        let mut letting_go = LettingGo::default();
        // It is told to end only afterwards: this would never return.
        letting_go.begin(slow);
        assert!(!control.is_over());
        control.begun.recv().unwrap();
        control.end.send(()).unwrap();
        letting_go.finish();
        assert!(control.is_over());
    }

    #[test]
    fn nobody_goes_on_before_it_is_over() {
        let ends: [fn(&mut LettingGo); 3] = [
            LettingGo::finish,
            |letting_go| drop(mem::take(letting_go)),
            // The next thing is not begun before.
            |letting_go| letting_go.begin(()),
        ];
        for end in ends {
            let (slow, control) = slow();
            let mut letting_go = LettingGo::default();
            letting_go.begin(slow);
            let over = control.end_soon();
            end(&mut letting_go);
            assert!(over.load(Ordering::SeqCst));
        }
    }

    #[test]
    fn a_panic_on_the_way_is_survived_and_the_rest_is_let_go_of_all_the_same() {
        let (slow, control) = slow();
        let mut letting_go = LettingGo::default();
        letting_go.begin((Panics, slow));
        let over = control.end_soon();
        letting_go.finish();
        assert!(over.load(Ordering::SeqCst));
    }
}
