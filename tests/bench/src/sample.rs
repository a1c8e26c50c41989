//! Turns and medians: what is compared is measured in turn, so that whatever else the machine does hits all alike.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// How often everything is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rounds {
    /// Rounds of what takes microseconds; each measures a batch.
    pub(crate) computations: usize,
    /// Rounds of what also waits for a database.
    pub(crate) requests: usize,
    /// Rounds of what starts programs and asks a card.
    pub(crate) ceremonies: usize,
    /// How long nothing is done, to see what that costs.
    pub(crate) idle: Duration,
}

impl Rounds {
    /// Enough for medians that a second run confirms.
    pub(crate) const fn full() -> Self {
        Self {
            computations: 1000,
            requests: 500,
            ceremonies: 60,
            idle: Duration::from_secs(60),
        }
    }

    /// Enough to see that everything works.
    pub(crate) const fn quick() -> Self {
        Self {
            computations: 100,
            requests: 50,
            ceremonies: 6,
            idle: Duration::from_secs(2),
        }
    }
}

/// Something that is measured: it prepares what it needs, and tells how long the part took that counts.
pub(crate) type Side<'a> = Box<dyn FnMut() -> anyhow::Result<Duration> + 'a>;

/// Calls at a time of what takes microseconds, so that reading the clock does not count.
const BATCH: u32 = 10;

/// A computation as a side: the time of one call, by the batch.
pub(crate) fn computation<'a, T>(mut call: impl FnMut() -> anyhow::Result<T> + 'a) -> Side<'a> {
    Box::new(move || {
        let begun = Instant::now();
        for _ in 0..BATCH {
            black_box(call()?);
        }
        Ok(begun.elapsed() / BATCH)
    })
}

/// The median time of each side in microseconds. The sides take turns; the first rounds, a tenth, are thrown away.
pub(crate) fn in_turn<const N: usize>(
    rounds: usize,
    mut sides: [Side<'_>; N],
) -> anyhow::Result<[f64; N]> {
    let mut times: [Vec<f64>; N] = std::array::from_fn(|_| Vec::with_capacity(rounds));
    let warming_up = rounds.div_ceil(10);
    for round in 0..warming_up + rounds {
        for (side, times) in sides.iter_mut().zip(&mut times) {
            let time = side()?;
            if round >= warming_up {
                times.push(microseconds(time));
            }
        }
    }
    Ok(times.map(median))
}

/// A duration in microseconds.
pub(crate) fn microseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// The middle value; of an even number of values the upper middle one, of none 0.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    #[test]
    fn the_median_is_the_middle_whatever_the_order() {
        assert_eq!(median(vec![9.0, 1.0, 5.0]), 5.0);
        assert_eq!(median(vec![4.0, 1.0, 3.0, 2.0]), 3.0);
        assert_eq!(median(Vec::new()), 0.0);
    }

    #[test]
    fn the_sides_take_turns() {
        let turns = RefCell::new(String::new());
        let side = |name: char, micros: u64| -> Side<'_> {
            let turns = &turns;
            Box::new(move || {
                turns.borrow_mut().push(name);
                Ok(Duration::from_micros(micros))
            })
        };
        let medians = in_turn(2, [side('A', 3), side('B', 7)]).unwrap();
        assert_eq!(turns.borrow().as_str(), "ABABAB", "one round warms up");
        assert_eq!(medians.map(f64::round), [3.0, 7.0]);
    }
}
