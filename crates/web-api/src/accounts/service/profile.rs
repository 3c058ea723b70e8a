//! `GET /me` and `PATCH /me`.

use domain::account::Nickname;
use domain::token::UserId;
use zeroize::Zeroizing;

use crate::accounts::store::attendance;
use crate::accounts::store::audit::{self, Action};
use crate::accounts::store::images;
use crate::accounts::store::social::identities;
use crate::accounts::store::users::{self, Taken, User};
use crate::accounts::{AccountError, Accounts, EMAIL_OF_USER, PHONE_OF_USER};
use crate::db::DbError;

/// A member as he sees himself.
#[derive(Debug)]
pub(crate) struct Profile {
    pub(crate) user: User,
    pub(crate) days_attended: u32,
    /// The address of the picture.
    pub(crate) image_url: Option<String>,
    /// Other services that he signs in by.
    pub(crate) social: Vec<&'static str>,
    /// The whole address: it is his.
    pub(crate) email: Option<Zeroizing<String>>,
    /// The number with stars: enough to recognise it.
    pub(crate) phone: Option<String>,
}

impl Accounts {
    /// Somebody's own profile. Whose account is gone isn't signed in.
    pub(crate) async fn profile(&self, id: UserId) -> Result<Profile, AccountError> {
        let found = self
            .pool
            .run(move |db| {
                let Some(user) = users::by_id(db, &id)? else {
                    return Ok(None);
                };
                let days = attendance::days(db, user.key)?;
                let image = images::file_of(db, user.key)?;
                let linked = identities::of_user(db, user.key)?;
                Ok(Some((user, days, image, linked)))
            })
            .await?;
        let (user, days_attended, image, linked) = found.ok_or(AccountError::SessionOver)?;
        let open = |place: &str, sealed: &Option<Vec<u8>>| {
            let sealed = sealed.as_deref();
            let opened = sealed.map(|sealed| self.keys.sealer.open(place, sealed));
            opened.transpose().map_err(AccountError::internal)
        };
        let phone = open(PHONE_OF_USER, &user.phone)?;
        let phone = phone.and_then(|number| number.parse::<domain::account::PhoneNumber>().ok());
        Ok(Profile {
            email: open(EMAIL_OF_USER, &user.email)?,
            phone: phone.map(|number| number.masked()),
            days_attended,
            image_url: image.map(|file| self.images.address(&file)),
            social: linked
                .iter()
                .filter(|one| one.linked)
                .map(|one| one.provider.as_str())
                .collect(),
            user,
        })
    }

    /// Gives a member another nickname.
    pub(crate) async fn rename(&self, id: UserId, nickname: Nickname) -> Result<(), AccountError> {
        let now = self.clock.now();
        let work = move |db: &mut crate::db::Db| {
            db.write_tx(|db| {
                let Some(user) = users::by_id(db, &id)? else {
                    return Ok(false);
                };
                users::rename(db, user.key, &nickname, now)?;
                audit::note(db, Action::NicknameChanged, Some(&id), &id, None, now)?;
                Ok(true)
            })
        };
        match self.pool.run(work).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(AccountError::SessionOver),
            Err(DbError::Conflict(_)) => Err(AccountError::Taken(vec![Taken::Nickname])),
            Err(error) => Err(error.into()),
        }
    }
}
