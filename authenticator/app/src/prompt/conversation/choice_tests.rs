use super::*;

/// A card that was read a while ago.
fn known(ago: std::time::Duration, error: CardError) -> Known {
    Known {
        being_read: false,
        read: Some((Instant::now().checked_sub(ago).unwrap(), Err(error))),
    }
}

#[test]
fn a_card_is_read_again_after_a_second_if_that_may_go_better() {
    assert!(Known::default().is_to_be_read());
    assert!(!known(LOOK_AGAIN / 2, CardError::Busy).is_to_be_read());
    for (error, again) in [
        (CardError::Busy, true),
        (CardError::NoCard, true),
        (CardError::Mute, true),
        (CardError::Unsupported, false),
        (CardError::Failed, false),
    ] {
        let card = known(LOOK_AGAIN, error);
        assert_eq!(card.is_to_be_read(), again, "{error}");
        assert_eq!(card.may_go_better(), again, "{error}");
    }
    let being_read = Known {
        being_read: true,
        ..known(LOOK_AGAIN, CardError::Busy)
    };
    assert!(!being_read.is_to_be_read());
}

#[test]
fn a_card_that_cannot_be_used_says_why_and_cannot_be_chosen() {
    for (error, problem) in [
        (CardError::Busy, "card-busy"),
        (CardError::Mute, "card-mute"),
        (CardError::Unsupported, "card-unsupported"),
        (CardError::Failed, "card-failed"),
        (CardError::NoCard, "card-failed"),
        (CardError::Removed, "card-failed"),
    ] {
        let line = Line::unusable("Reader".into(), error);
        assert_eq!(line.shown.problem, Some(problem), "{error}");
        assert_eq!(line.shown.not_after, None);
        assert!(line.card.is_none());
    }
}
