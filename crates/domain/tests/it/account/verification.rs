//! One verification: its time, its tries, its one use.

use domain::account::{
    CODE_TRIES, Confirmation, RedeemError, Verification, VerificationPhase, VerificationPurpose,
};
use proptest::prelude::*;

use super::at;

fn issued() -> Verification {
    Verification::issue(VerificationPurpose::SignUp, at(0))
}

#[test]
fn a_code_lives_three_minutes() {
    assert_eq!(issued().expires_at(), at(180));
    assert_eq!(issued().resend_after(), at(180));
    assert_eq!(issued().confirm(true, at(179)).1, Confirmation::Right);
    let (state, answer) = issued().confirm(true, at(180));
    assert_eq!((state, answer), (issued(), Confirmation::Expired));
}

#[test]
fn five_may_be_tried() {
    let mut state = issued();
    for left in (1..5).rev() {
        let answer;
        (state, answer) = state.confirm(false, at(1));
        assert_eq!(answer, Confirmation::Wrong { tries_left: left });
    }
    assert_eq!(state.confirm(true, at(2)).1, Confirmation::Right);
    let (state, answer) = state.confirm(false, at(2));
    assert_eq!(answer, Confirmation::Wrong { tries_left: 0 });
    assert_eq!(state.confirm(true, at(3)), (state, Confirmation::Exhausted));
}

#[test]
fn a_token_is_used_once_for_its_purpose() {
    let (confirmed, _) = issued().confirm(true, at(10));
    assert_eq!(confirmed.phase, VerificationPhase::Confirmed { at: at(10) });
    let redeem = |state: Verification, purpose, now| state.redeem(purpose, at(now));
    let sign_up = VerificationPurpose::SignUp;
    for other in VerificationPurpose::ALL
        .iter()
        .filter(|purpose| **purpose != sign_up)
    {
        assert_eq!(
            redeem(confirmed, *other, 11),
            Err(RedeemError::OtherPurpose)
        );
    }
    assert_eq!(
        redeem(issued(), sign_up, 11),
        Err(RedeemError::NotConfirmed)
    );
    assert_eq!(
        redeem(confirmed, sign_up, 10 + 1800),
        Err(RedeemError::Expired)
    );
    let used = redeem(confirmed, sign_up, 10 + 1799).unwrap();
    assert_eq!(redeem(used, sign_up, 12), Err(RedeemError::AlreadyRedeemed));
    assert_eq!(
        used.confirm(true, at(12)),
        (used, Confirmation::AlreadyRedeemed)
    );
}

// The answer to the right code was lost.
#[test]
fn the_right_code_comes_again_and_wrong_ones_still_count() {
    let (confirmed, _) = issued().confirm(true, at(10));
    assert_eq!(
        confirmed.confirm(true, at(179)),
        (confirmed, Confirmation::Right)
    );
    assert_eq!(confirmed.confirm(true, at(180)).1, Confirmation::Expired);
    let mut state = confirmed;
    for left in (0..4).rev() {
        let answer;
        (state, answer) = state.confirm(false, at(11));
        assert_eq!(answer, Confirmation::Wrong { tries_left: left });
        assert_eq!(state.phase, confirmed.phase, "the token stays good");
    }
    assert_eq!(
        state.confirm(true, at(12)),
        (state, Confirmation::Exhausted)
    );
    let used = state.redeem(VerificationPurpose::SignUp, at(12)).unwrap();
    assert_eq!(used.confirm(true, at(13)).1, Confirmation::AlreadyRedeemed);
}

#[derive(Debug, Clone)]
enum Event {
    Enter {
        right: bool,
        seconds: i64,
    },
    Redeem {
        purpose: VerificationPurpose,
        seconds: i64,
    },
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        (prop::bool::weighted(0.3), 0_i64..60)
            .prop_map(|(right, seconds)| Event::Enter { right, seconds }),
        (prop::sample::select(VerificationPurpose::ALL), 0_i64..900)
            .prop_map(|(purpose, seconds)| Event::Redeem { purpose, seconds }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever is entered and asked for, in whatever order: at most five codes are looked at, one
    /// token goes out and is used at most once, each within its time.
    #[test]
    fn no_order_of_events_gets_more(events in prop::collection::vec(event(), 0..25)) {
        let mut state = issued();
        let (mut now, mut looked_at, mut right, mut redeemed) = (0, 0, 0, 0);
        for event in events {
            match event {
                Event::Enter { right: is_right, seconds } => {
                    now += seconds;
                    let answer;
                    let before = state;
                    (state, answer) = state.confirm(is_right, at(now));
                    match answer {
                        Confirmation::Right if right == 1 => {
                            prop_assert!(is_right && now < 180 && redeemed == 0);
                            prop_assert_eq!(state, before, "the same once more");
                        }
                        Confirmation::Right => { looked_at += 1; right += 1; prop_assert!(is_right && now < 180); }
                        Confirmation::Wrong { tries_left } => {
                            looked_at += 1;
                            prop_assert!(!is_right);
                            prop_assert_eq!(tries_left, CODE_TRIES - looked_at);
                        }
                        Confirmation::Expired => prop_assert!(now >= 180),
                        Confirmation::Exhausted => prop_assert_eq!(looked_at, CODE_TRIES),
                        Confirmation::AlreadyRedeemed => prop_assert_eq!(redeemed, 1),
                    }
                }
                Event::Redeem { purpose, seconds } => {
                    now += seconds;
                    if let Ok(next) = state.redeem(purpose, at(now)) {
                        redeemed += 1;
                        state = next;
                        prop_assert_eq!((purpose, right), (VerificationPurpose::SignUp, 1));
                        prop_assert!(now < 180 + 1800);
                    }
                }
            }
            prop_assert!(looked_at <= CODE_TRIES && right <= 1 && redeemed <= 1);
            prop_assert_eq!(state.tries, looked_at);
        }
    }
}
