//! `GET /me/export`: everything that is stored of a member.

use std::net::IpAddr;

use chrono::{DateTime, NaiveDate, Utc};
use domain::account::ConsentEntry;
use domain::token::{SessionId, UserId};
use zeroize::Zeroizing;

use crate::accounts::social::SUBJECT;
use crate::accounts::store::audit::{self, Action};
use crate::accounts::store::personal::{self, KnownAction, KnownSession, KnownVerification};
use crate::accounts::store::social::identities::{self, Identity};
use crate::accounts::store::users::{self, User};
use crate::accounts::store::{consents, images, security, staff};
use crate::accounts::{AccountError, Accounts, EMAIL_OF_USER, PHONE_OF_USER};
use crate::allergies::{self, List};
use crate::db::{Db, DbError};
use crate::reviews::opened;
use crate::reviews::store::reactions::Known as KnownReaction;
use crate::reviews::store::reports::Report;
use crate::reviews::store::{self as reviews, Stored as StoredReview};

/// Rows of one table, at most: more than anybody makes in two years within his budgets, and a bound on
/// the memory of one answer.
const MOST: i64 = 20_000;

/// Everything of a member.
#[derive(Debug)]
pub(crate) struct Export {
    pub(crate) at: DateTime<Utc>,
    pub(crate) email: Option<Zeroizing<String>>,
    pub(crate) phone: Option<Zeroizing<String>>,
    /// Who he is at other services, in the order of `stored.social`.
    pub(crate) subjects: Vec<Option<Zeroizing<String>>>,
    /// From where he did what he did, in the order of `stored.actions`.
    pub(crate) addresses: Vec<Option<IpAddr>>,
    pub(crate) image_url: Option<String>,
    pub(crate) allergies: List,
    /// What he wrote, in the order of `stored.reviews`.
    pub(crate) reviews: Vec<String>,
    pub(crate) stored: Stored,
}

/// The same, as it is stored.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) user: User,
    pub(crate) consents: Vec<ConsentEntry>,
    pub(crate) days: Vec<NaiveDate>,
    pub(crate) sessions: Vec<KnownSession>,
    pub(crate) wishes: Vec<(i64, DateTime<Utc>)>,
    pub(crate) compare_box: Vec<(i64, DateTime<Utc>)>,
    pub(crate) verifications: Vec<KnownVerification>,
    pub(crate) actions: Vec<KnownAction>,
    pub(crate) social: Vec<Identity>,
    pub(crate) image: Option<String>,
    pub(crate) second_factor: bool,
    pub(crate) suspension: (Option<String>, Option<DateTime<Utc>>),
    pub(crate) reviews: Vec<StoredReview>,
    pub(crate) review_reactions: Vec<KnownReaction>,
    pub(crate) review_reports: Vec<Report>,
    /// Sealed.
    allergies: Option<Vec<u8>>,
    salt: Option<[u8; 32]>,
}

impl Stored {
    /// Whether no list was cut off.
    pub(crate) fn is_complete(&self) -> bool {
        let most = usize::try_from(MOST).unwrap_or(usize::MAX);
        [
            self.days.len(),
            self.sessions.len(),
            self.wishes.len(),
            self.verifications.len(),
            self.actions.len(),
            self.reviews.len(),
            self.review_reactions.len(),
            self.review_reports.len(),
        ]
        .into_iter()
        .all(|length| length < most)
    }
}

impl Accounts {
    /// Everything of a member, as it stands at one moment. That it was asked for is recorded.
    pub(crate) async fn export(
        &self,
        id: UserId,
        session: SessionId,
    ) -> Result<Export, AccountError> {
        let now = self.clock.now();
        let stored = self
            .pool
            .run(move |db| db.write_tx(|db| stored(db, &id, &session, now)))
            .await?
            .ok_or(AccountError::SessionOver)?;
        let open = |place: &str, sealed: &Option<Vec<u8>>| {
            let sealed = sealed.as_deref();
            let opened = sealed.map(|sealed| self.keys.sealer.open(place, sealed));
            opened.transpose().map_err(AccountError::internal)
        };
        let subjects = stored.social.iter().map(|one| open(SUBJECT, &one.subject));
        let list = stored.allergies.as_deref();
        let list = list.map(|sealed| List::open(&self.keys.sealer, stored.user.key, sealed));
        let allergies = list.transpose().map_err(AccountError::internal)?;
        let reviews = stored.reviews.iter();
        let reviews = reviews.map(|review| opened(&self.keys.sealer, review));
        let reviews = reviews.collect::<Result<_, _>>()?;
        Ok(Export {
            at: now,
            reviews,
            allergies: allergies.unwrap_or_default(),
            subjects: subjects.collect::<Result<_, _>>()?,
            addresses: self.addresses(&stored),
            image_url: stored.image.as_ref().map(|file| self.images.address(file)),
            email: open(EMAIL_OF_USER, &stored.user.email)?,
            phone: open(PHONE_OF_USER, &stored.user.phone)?,
            stored,
        })
    }
}

impl Accounts {
    /// An address whose key is gone, or changed, can't be told.
    fn addresses(&self, stored: &Stored) -> Vec<Option<IpAddr>> {
        let owner = stored.user.id.as_str();
        let open = |sealed: &Vec<u8>| {
            let salt = stored.salt.as_ref()?;
            self.keys.trail.open(salt, owner, sealed).ok()
        };
        let addresses = stored.actions.iter().map(|one| one.address.as_ref());
        addresses.map(|sealed| sealed.and_then(open)).collect()
    }
}

fn stored(
    db: &mut Db,
    id: &UserId,
    session: &SessionId,
    now: DateTime<Utc>,
) -> Result<Option<Stored>, DbError> {
    let Some(user) = users::by_id(db, id)? else {
        return Ok(None);
    };
    audit::note(db, Action::Exported, Some(id), id, Some(session), now)?;
    let verifications = match &user.phone_index {
        Some(phone) => personal::verifications(db, phone, MOST)?,
        None => Vec::new(),
    };
    Ok(Some(Stored {
        consents: consents::ledger(db, user.key)?,
        days: personal::days(db, user.key, MOST)?,
        sessions: personal::sessions(db, user.key, MOST)?,
        wishes: personal::wishes(db, user.key, MOST)?,
        compare_box: personal::compare_box(db, user.key)?,
        allergies: allergies::store::sealed(db, user.key)?,
        reviews: reviews::pages::own(db, user.key, None, MOST)?,
        review_reactions: reviews::reactions::everything(db, user.key, MOST)?,
        review_reports: reviews::reports::everything(db, user.key, MOST)?,
        verifications,
        actions: personal::actions(db, id, MOST)?,
        social: identities::of_user(db, user.key)?,
        image: images::file_of(db, user.key)?,
        second_factor: security::factor(db, user.key)?.is_some_and(|factor| factor.confirmed),
        suspension: staff::suspension(db, user.key)?,
        salt: security::address_salt(db, id.as_str())?,
        user,
    }))
}
