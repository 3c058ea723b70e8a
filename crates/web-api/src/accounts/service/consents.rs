//! `GET /me/consents` and `PUT /me/consents/{kind}`.

use domain::account::{ConsentAnswer, ConsentEntry, ConsentKind, Consents};
use domain::token::UserId;

use crate::accounts::store::audit::{self, Action};
use crate::accounts::store::{consents, once_answers, users};
use crate::accounts::{AccountError, Accounts, Rule};
use crate::{allergies, reviews};

impl Accounts {
    /// Every line of somebody's ledger, oldest first.
    pub(crate) async fn consents(&self, id: UserId) -> Result<Vec<ConsentEntry>, AccountError> {
        let found = self
            .pool
            .run(move |db| match users::by_id(db, &id)? {
                Some(user) => consents::ledger(db, user.key).map(Some),
                None => Ok(None),
            })
            .await?;
        found.ok_or(AccountError::SessionOver)
    }

    /// Adds an answer to the ledger, if it says something new; gives the line that counts.
    pub(crate) async fn consent(
        &self,
        id: UserId,
        answer: ConsentAnswer,
    ) -> Result<Option<ConsentEntry>, AccountError> {
        let now = self.clock.now();
        let in_force = self
            .text_in_force(answer.kind)
            .ok_or_else(|| AccountError::internal("no version of the texts is in force"))?;
        let kind: ConsentKind = answer.kind;
        // 개인정보 보호법 제21조, 제23조: what was stored with a consent goes with it.
        let forgets = kind == ConsentKind::Sensitive && !answer.agreed;
        let changed = self
            .pool
            .run(move |db| {
                let Some(user) = users::by_id(db, &id)? else {
                    return Ok(None);
                };
                db.write_tx(|db| {
                    // The first read of the transaction: MySQL shows all others as of their first.
                    if users::hold(db, user.key)?.is_none() {
                        return Ok(None);
                    }
                    let standing = Consents::from_ledger(consents::ledger(db, user.key)?);
                    let line = match standing.change(&answer, in_force.clone(), now) {
                        Ok(line) => line,
                        Err(error) => return Ok(Some(Err(error))),
                    };
                    if let Some(line) = &line {
                        consents::add(db, user.key, std::slice::from_ref(line))?;
                        audit::note(db, Action::ConsentChanged, Some(&id), &id, None, now)?;
                    }
                    if forgets {
                        allergies::store::forget(db, user.key)?;
                        reviews::store::forget(db, user.key)?;
                        // They say which medicines he reviewed.
                        once_answers::forget(db, &id)?;
                    }
                    Ok(Some(Ok(line.or_else(|| standing.latest(kind).cloned()))))
                })
            })
            .await?;
        match changed {
            None => Err(AccountError::SessionOver),
            Some(Ok(line)) => Ok(line),
            Some(Err(error)) => Err(AccountError::invalid("agreed", Rule::Consent(error))),
        }
    }
}
