//! The outbox of statements, by itself.

use chrono::{DateTime, TimeDelta, Utc};
use domain::token::{Statement, UserId};
use web_api::accounts::store::erasures;
use web_api::accounts::store::sessions::{self, Ended, Session};
use web_api::accounts::store::statements::{self, Outcome, Taken};
use web_api::db::{Db, DbError};

use crate::accounts_support::{day, member};
use crate::db_support::on_both;

const LEASE: TimeDelta = TimeDelta::seconds(45);

/// What the sender `one` writes about one statement.
fn settle(db: &mut Db, taken: &Taken, outcome: Outcome, now: DateTime<Utc>) -> Result<(), DbError> {
    statements::settle(db, "one", &[(taken.clone(), outcome)], now)
}

fn erased(user: &str) -> Statement {
    let user: UserId = user.parse().unwrap();
    Statement::UserErased { user }
}

on_both!(
    a_statement_waits_until_it_is_acknowledged,
    |db| async move {
        let pool = db.migrated().await;
        pool.run(|db| {
            let until = Some(day() + TimeDelta::days(3));
            let suspended = Statement::UserSuspended {
                user: "u1".parse().unwrap(),
                until,
            };
            statements::add(db, &suspended, day())?;
            let id = db.write_tx(|db| {
                let id = statements::add(db, &erased("u2"), day() + TimeDelta::seconds(1))?;
                erasures::add_receipt(db, "receipt", &id, day())?;
                Ok(id)
            })?;
            let waiting = statements::waiting(db)?;
            assert_eq!((waiting.count, waiting.oldest), (2, Some(day())));

            let now = day() + TimeDelta::seconds(2);
            let taken = statements::take(db, "one", now, LEASE, 10)?;
            assert_eq!(taken.len(), 2);
            assert_eq!(taken[0].stated.statement, suspended);
            assert_eq!((&taken[1].stated.id, taken[1].attempts), (&id, 0));
            assert!(
                statements::take(db, "other", now, LEASE, 10)?.is_empty(),
                "held"
            );
            // Refused: later, and nobody else's meanwhile.
            settle(
                db,
                &taken[1],
                Outcome::Again(now + TimeDelta::seconds(10)),
                now,
            )?;
            assert!(statements::take(db, "other", now, LEASE, 10)?.is_empty());
            // The first sender is dead: its lease ends by itself.
            let later = now + TimeDelta::seconds(46);
            let again = statements::take(db, "other", later, LEASE, 10)?;
            let attempts: Vec<_> = again.iter().map(|one| one.attempts).collect();
            assert_eq!(attempts, [0, 1]);
            // What the dead one says afterwards changes nothing.
            settle(db, &taken[0], Outcome::Again(day()), now)?;
            assert!(statements::take(db, "third", later, LEASE, 10)?.is_empty());

            assert_eq!(
                erasures::receipt(db, "receipt")?.unwrap().chat_done_at,
                None
            );
            for one in &again {
                settle(db, one, Outcome::Acknowledged, later)?;
            }
            let receipt = erasures::receipt(db, "receipt")?.unwrap();
            assert_eq!(receipt.chat_done_at, Some(later));
            settle(
                db,
                &again[1],
                Outcome::Acknowledged,
                later + TimeDelta::days(1),
            )?;
            assert_eq!(erasures::receipt(db, "receipt")?.unwrap(), receipt, "once");
            assert_eq!(statements::waiting(db)?.count, 0);
            Ok(())
        })
        .await
        .unwrap();
    }
);

on_both!(a_rolled_back_change_states_nothing, |db| async move {
    let pool = db.migrated().await;
    pool.run(|db| {
        let failed = db.write_tx(|db| {
            statements::add(db, &erased("u1"), day())?;
            Err::<(), _>(DbError::LeaseLost)
        });
        assert!(failed.is_err());
        assert_eq!(statements::waiting(db)?.count, 0);
        Ok(())
    })
    .await
    .unwrap();
});

on_both!(whoever_ends_a_session_states_it, |db| async move {
    let pool = db.migrated().await;
    pool.run(|db| {
        let user = member(db, 1);
        let family = domain::account::FamilyId::from_random([1; 16]);
        let session = Session {
            id: "s-1".parse().unwrap(),
            user,
            family: domain::account::SessionFamily::begin(day()),
            device: String::new(),
        };
        sessions::insert(db, &session, &family.hash())?;
        for first in [true, false] {
            let ended = sessions::end(db, user, &session.id, Ended::SignedOut, day())?;
            assert_eq!(ended, first);
        }
        let taken = statements::take(db, "one", day(), LEASE, 10)?;
        assert_eq!(taken.len(), 1, "once");
        let Statement::SessionRevoked { session, .. } = &taken[0].stated.statement else {
            panic!("{taken:?}");
        };
        assert_eq!(session.as_str(), "s-1");
        Ok(())
    })
    .await
    .unwrap();
});

// Where there is no chat-server, only erasures wait for one.
on_both!(needless_statements_go, |db| async move {
    let pool = db.migrated().await;
    pool.run(|db| {
        let suspended = Statement::UserSuspended {
            user: "u1".parse().unwrap(),
            until: None,
        };
        statements::add(db, &suspended, day())?;
        statements::add(db, &erased("u2"), day())?;
        statements::purge_needless(db, day())?;
        assert_eq!(statements::waiting(db)?.count, 2);
        statements::purge_needless(db, day() + TimeDelta::seconds(1))?;
        let left = statements::take(db, "one", day(), LEASE, 10)?;
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].stated.statement, erased("u2"));
        Ok(())
    })
    .await
    .unwrap();
});

/// Four instances at once: each statement is one's.
#[tokio::test(flavor = "multi_thread")]
async fn instances_never_take_the_same_one() {
    for db in crate::accounts_app::databases() {
        let pool = db.migrated().await;
        pool.run(|db: &mut Db| {
            for number in 0..60 {
                statements::add(db, &erased(&format!("u{number}")), day())?;
            }
            Ok(())
        })
        .await
        .unwrap();
        let takes = (0..4).map(|owner| {
            let pool = pool.clone();
            tokio::spawn(async move {
                let mut mine = Vec::new();
                for _ in 0..8 {
                    let owner = owner.to_string();
                    let taken = pool
                        .run(move |db| statements::take(db, &owner, day(), LEASE, 10))
                        .await
                        .unwrap();
                    mine.extend(taken.into_iter().map(|one| one.stated.id.to_string()));
                }
                mine
            })
        });
        let mut all = Vec::new();
        for task in takes.collect::<Vec<_>>() {
            all.extend(task.await.unwrap());
        }
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!((count, all.len()), (60, 60));
    }
}
