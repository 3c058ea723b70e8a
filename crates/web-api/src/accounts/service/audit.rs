//! `GET /admin/audit`: what was done, for admins. Reading it is written down.

use std::collections::HashMap;
use std::net::IpAddr;

use domain::token::UserId;

use crate::accounts::store::audit::{self, Action, Line};
use crate::accounts::store::audit_pages::{self, Filter, Numbered};
use crate::accounts::store::security;
use crate::accounts::{AccountError, Accounts};
use crate::db::{Db, DbError};

/// Lines with their addresses, and whether more follow.
pub(crate) type Lines = (Vec<(Numbered, Option<IpAddr>)>, bool);

type Salts = HashMap<String, Option<[u8; 32]>>;

impl Accounts {
    /// Lines that the filter lets through, newest first, at most `most`.
    pub(crate) async fn audit(
        &self,
        admin: UserId,
        filter: Filter,
        most: usize,
    ) -> Result<Lines, AccountError> {
        let now = self.clock.now();
        // One more tells whether there is one.
        let limit = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
        let read = self.pool.run(move |db| {
            let lines = audit_pages::page(db, &filter, limit)?;
            let salts = salts(db, &lines)?;
            for subject in whose(&filter) {
                let line = Line {
                    action: Action::AuditRead,
                    actor: Some(&admin),
                    subject,
                    session: None,
                    detail: filter.action,
                    at: now,
                };
                audit::add(db, &line)?;
            }
            Ok((lines, salts))
        });
        let (mut lines, salts) = read.await?;
        let more = lines.len() > most;
        lines.truncate(most);
        let opened = lines.into_iter().map(|line| {
            let address = self.address_of(&line, &salts);
            (line, address)
        });
        Ok((opened.collect(), more))
    }

    /// An address whose key is gone can't be told.
    fn address_of(&self, line: &Numbered, salts: &Salts) -> Option<IpAddr> {
        let owner = owner(line)?;
        let salt = salts.get(owner)?.as_ref()?;
        let sealed = line.address.as_ref()?;
        self.keys.trail.open(salt, owner, sealed).ok()
    }
}

/// Whose lines are read: of whom they are about and of who did what they say; nobody's by himself where none is
/// named.
fn whose(filter: &Filter) -> Vec<Option<&UserId>> {
    let subject = filter.subject.as_ref();
    let actor = filter.actor.as_ref().filter(|id| Some(*id) != subject);
    match (subject, actor) {
        (None, None) => vec![None],
        (subject, actor) => [subject, actor].into_iter().flatten().map(Some).collect(),
    }
}

/// Whose key an address is sealed with.
fn owner(line: &Numbered) -> Option<&str> {
    line.actor.as_deref().or(line.subject.as_deref())
}

fn salts(db: &mut Db, lines: &[Numbered]) -> Result<Salts, DbError> {
    let mut salts = Salts::new();
    // Only of those who have one: asking for it makes one.
    let with_address = lines.iter().filter(|line| line.address.is_some());
    for owner in with_address.filter_map(owner) {
        if !salts.contains_key(owner) {
            salts.insert(owner.to_owned(), security::address_salt(db, owner)?);
        }
    }
    Ok(salts)
}
