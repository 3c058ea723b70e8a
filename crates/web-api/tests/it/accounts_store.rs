//! The stores of accounts.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::TimeDelta;
use domain::account::{
    CodeHash, Failures, FamilyId, SendLimit, SendLimits, SessionFamily, Verification,
    VerificationPhase, VerificationPurpose,
};
use web_api::accounts::store::outbox::{self, End, News, Step};
use web_api::accounts::store::sessions::{self, Ended, Session};
use web_api::accounts::store::sms_counts::{self, Request};
use web_api::accounts::store::users::{self, Taken};
use web_api::accounts::store::verifications::{self, Stored};
use web_api::accounts::store::{attendance, failures};
use web_api::db::DbError;

use crate::accounts_support::{day, insert, member};
use crate::db_support::on_both;

on_both!(what_is_one_members_alone_is_refused, |db| async move {
    let pool = db.migrated().await;
    pool.run(|db| {
        let key = member(db, 1);
        let (one, other) = ("member1".parse().unwrap(), "member2".parse().unwrap());
        let nickname = "회 원_1".parse().unwrap();
        let mut index = [0; 32];
        index[7] = 1;
        let all = users::taken(db, Some(&one), Some(&nickname), Some(&index))?;
        assert_eq!(all, [Taken::LoginId, Taken::Nickname, Taken::Phone]);
        assert_eq!(users::taken(db, Some(&other), None, None)?, []);
        for (number, login_id, name) in [
            (2, &one, "다른이"),
            (2, &other, "회원1"),
            (1, &other, "다른이"),
        ] {
            let error = insert(db, number, login_id, name).unwrap_err();
            assert!(matches!(error, DbError::Conflict(_)), "{error}");
        }
        let user = users::by_key(db, key)?.unwrap();
        assert_eq!(users::by_id(db, &user.id)?.unwrap().key, key);
        assert!(users::change_password(
            db,
            key,
            "$2b$04$hash",
            "new",
            day()
        )?);
        assert!(!users::change_password(
            db,
            key,
            "$2b$04$hash",
            "newer",
            day()
        )?);
        for _ in 0..2 {
            attendance::note(db, key, domain::account::AttendanceDay::of(day()))?;
        }
        assert_eq!(attendance::days(db, key)?, 1);
        Ok(())
    })
    .await
    .unwrap();
});

// 40 requests at once, of 4 addresses for 20 numbers: whatever their order, no limit is passed.
on_both!(requests_at_once_never_pass_a_limit, |db| async move {
    let pool = db.migrated().await;
    let limits = SendLimits {
        address_hour: 8,
        daily_cost: 25 * 9,
        ..SendLimits::default()
    };
    let sent = Arc::new(AtomicU32::new(0));
    let asked = (0..40_u8).map(|number| {
        let (pool, sent) = (pool.clone(), Arc::clone(&sent));
        tokio::spawn(async move {
            let decision = pool
                .run(move |db| {
                    sms_counts::prepare(db, day())?;
                    db.write_tx(|db| {
                        let request = Request {
                            address: &[number % 4; 32],
                            site: None,
                            number: &[100 + number % 20; 32],
                            price: 9,
                            limits: &limits,
                            now: day(),
                        };
                        sms_counts::decide(db, &request)
                    })
                })
                .await
                .unwrap();
            if decision.is_ok() {
                sent.fetch_add(1, Ordering::Relaxed);
            }
            decision
        })
    });
    let asked: Vec<_> = asked.collect();
    let mut refused = Vec::new();
    for one in asked {
        if let Err(refusal) = one.await.unwrap() {
            refused.push(refusal.limit);
        }
    }
    // 4 addresses of 8 are 32 tries; each of 20 numbers takes one message.
    let sent = sent.load(Ordering::Relaxed);
    assert!((16..=20).contains(&sent), "{sent}");
    let over = refused
        .iter()
        .filter(|limit| **limit == SendLimit::AddressHour);
    assert_eq!(over.count(), 8);
    let count = |what: &str| {
        db.console(&format!(
            "SELECT CAST({what} AS CHAR(20)) AS cell FROM sms_counts"
        ))
        .trim()
        .to_owned()
    };
    assert_eq!(
        count("SUM(CASE WHEN scope = 'cost' THEN amount ELSE 0 END)"),
        (sent * 9).to_string()
    );
    assert_eq!(
        count("SUM(CASE WHEN scope = 'addressHour' THEN amount ELSE 0 END)"),
        "40"
    );
    assert_eq!(
        count("MAX(CASE WHEN scope = 'numberDay' THEN amount ELSE 0 END)"),
        "1"
    );
});

fn verification(id: &str) -> Stored {
    Stored {
        id: id.to_owned(),
        state: Verification::issue(VerificationPurpose::SignUp, day()),
        phone: b"sealed".to_vec(),
        phone_index: [1; 32],
        code: CodeHash::from_bytes([2; 32]),
    }
}

on_both!(
    a_verification_only_moves_from_where_it_was_read,
    |db| async move {
        let pool = db.migrated().await;
        pool.run(|db| {
            let new = verification("v1");
            verifications::insert(db, &new)?;
            let (wrong, _) = new.state.confirm(false, day());
            assert!(verifications::advance(db, "v1", &new.state, &wrong, None)?);
            assert!(
                !verifications::advance(db, "v1", &new.state, &wrong, None)?,
                "one try of two"
            );
            let (right, _) = wrong.confirm(true, day());
            let token = [9; 32];
            assert!(verifications::advance(
                db,
                "v1",
                &wrong,
                &right,
                Some(&token)
            )?);
            let found = verifications::by_token(db, &token)?.unwrap();
            assert_eq!(found.state, right);
            let used = right.redeem(VerificationPurpose::SignUp, day()).unwrap();
            assert!(verifications::advance(db, "v1", &right, &used, None)?);
            assert!(
                !verifications::advance(db, "v1", &right, &used, None)?,
                "used once"
            );
            let found = verifications::find(db, "v1")?.unwrap();
            assert_eq!(
                (found.state.phase, found.state.tries),
                (VerificationPhase::Redeemed, 2)
            );
            outbox::add(db, "v1", day(), day())?;
            assert_eq!(verifications::purge(db, day() + TimeDelta::seconds(1))?, 1);
            Ok(())
        })
        .await
        .unwrap();
        assert_eq!(
            db.console("SELECT CAST(COUNT(*) AS CHAR(9)) AS cell FROM sms_outbox")
                .trim(),
            "0"
        );
    }
);

on_both!(
    a_message_is_one_senders_until_his_lease_ends,
    |db| async move {
        let pool = db.migrated().await;
        pool.run(|db| {
            verifications::insert(db, &verification("v1"))?;
            outbox::add(db, "v1", day() + TimeDelta::minutes(3), day())?;
            let lease = TimeDelta::seconds(30);
            let late = day() + lease;
            let first = outbox::take(db, "a", day(), lease, 10)?;
            assert_eq!(first.len(), 1);
            assert_eq!(first[0].step, Step::Send);
            assert!(outbox::take(db, "b", day(), lease, 10)?.is_empty());
            let second = outbox::take(db, "b", late, lease, 10)?;
            assert_eq!(second.len(), 1, "the first one is dead");
            let accepted = News::Accepted {
                request: "r 1\n".to_owned(),
            };
            assert!(
                !outbox::tell(db, "a", &first[0], &accepted, late, late)?,
                "no longer his"
            );
            assert!(outbox::tell(db, "b", &second[0], &accepted, late, late)?);
            let third = outbox::take(db, "a", late, lease, 10)?;
            let follow = Step::Follow {
                request: "r1".to_owned(),
                message: None,
            };
            assert_eq!(third[0].step, follow);
            let over = News::Over {
                end: End::Delivered,
                outcome: "0".to_owned(),
            };
            assert!(outbox::tell(db, "a", &third[0], &over, late, late)?);
            assert!(outbox::take(db, "a", late + lease, lease, 10)?.is_empty());
            Ok(())
        })
        .await
        .unwrap();
    }
);

on_both!(a_session_rotates_once_and_ends_once, |db| async move {
    let pool = db.migrated().await;
    pool.run(|db| {
        let user = member(db, 1);
        let hash = |byte| FamilyId::from_random([byte; 16]).hash();
        let session = |id: &str| Session {
            id: id.parse().unwrap(),
            user,
            family: SessionFamily::begin(day()),
            device: "Firefox".to_owned(),
        };
        for (id, byte) in [("s1", 1), ("s2", 2), ("s3", 3)] {
            sessions::insert(db, &session(id), &hash(byte))?;
        }
        let first = sessions::by_family(db, &hash(1))?.unwrap();
        let next = SessionFamily {
            generation: 1,
            rotated_at: day() + TimeDelta::hours(1),
            ..first.family
        };
        assert!(sessions::rotate(db, &first.id, &first.family, &next)?);
        assert!(
            !sessions::rotate(db, &first.id, &first.family, &next)?,
            "one of two wins"
        );
        assert_eq!(sessions::by_family(db, &hash(1))?.unwrap().family, next);
        let open: Vec<_> = sessions::open(db, user, day(), 10)?
            .into_iter()
            .map(|one| one.id.to_string())
            .collect();
        assert_eq!(open, ["s1", "s3", "s2"]);
        assert!(sessions::end(db, user, &first.id, Ended::SignedOut, day())?);
        assert!(!sessions::end(
            db,
            user,
            &first.id,
            Ended::SignedOut,
            day()
        )?);
        assert!(
            !sessions::end(
                db,
                user + 1,
                &"s2".parse().unwrap(),
                Ended::SignedOut,
                day()
            )?,
            "another's"
        );
        assert!(
            !sessions::rotate(db, &first.id, &next, &next)?,
            "it has ended"
        );
        let others = sessions::end_others(
            db,
            user,
            Some(&"s2".parse().unwrap()),
            Ended::PasswordChanged,
            day(),
        )?;
        assert_eq!(others, ["s3".parse().unwrap()]);
        assert_eq!(
            sessions::ended_after(db, day() - TimeDelta::seconds(1), 10)?.len(),
            2
        );
        Ok(())
    })
    .await
    .unwrap();
});

on_both!(
    failures_are_counted_for_a_quarter_of_an_hour,
    |db| async move {
        let pool = db.migrated().await;
        pool.run(|db| {
            let (me, you, account) = ([1; 32], [2; 32], [3; 32]);
            let old = day() - TimeDelta::minutes(16);
            failures::note(db, &account, &me, old)?;
            failures::note(db, &account, &me, day())?;
            failures::note(db, &account, &you, day())?;
            failures::note(db, &[4; 32], &me, day())?;
            let known = failures::known(db, &account, &me, day())?;
            let failed = |count| Failures {
                count,
                last_at: Some(day()),
            };
            assert_eq!(
                (known.address_on_account, known.address, known.account),
                (failed(1), failed(2), 2)
            );
            failures::forgive(db, &account, &me)?;
            let known = failures::known(db, &account, &me, day())?;
            assert_eq!(known.address_on_account, Failures::default());
            assert_eq!((known.address, known.account), (failed(2), 2));
            failures::purge(db, day())?;
            Ok(())
        })
        .await
        .unwrap();
        assert_eq!(
            db.console("SELECT CAST(COUNT(*) AS CHAR(9)) AS cell FROM sign_in_failures")
                .trim(),
            "3"
        );
    }
);
