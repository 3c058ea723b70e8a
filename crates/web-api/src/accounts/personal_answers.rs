//! What somebody is told of his data: all of it, and that it is gone.

use std::net::IpAddr;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::answers::ConsentAnswerBody;
use super::export_reviews::{ExportReaction, ExportReport, ExportReview};
use super::service::Export;
use super::store::erasures::Receipt;
use super::store::personal::{KnownAction, KnownSession, KnownVerification};
use super::store::social::identities::Identity;
use crate::allergies::Listed;

pub(super) fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Names the form of an export; another number where a name changes its meaning or goes.
const FORMAT: &str = "pillnuts-export/1";

/// Somebody who withdraws.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Withdrawal)]
pub(crate) struct WithdrawalBody {
    /// The password. Left out by who has none: he has to have signed in within ten minutes.
    #[serde(default)]
    #[schema(format = Password, nullable = false)]
    pub(crate) password: Option<String>,
}

/// How far an erasure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ErasureState {
    /// The order stands and is repeated until it was carried out.
    Pending,
    /// Nothing is left.
    Done,
}

/// The receipt of a withdrawal. It holds nothing of who withdrew.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ErasureReceipt)]
pub(crate) struct ReceiptAnswer {
    /// To look at it again without an account. Nobody can guess it.
    pub(crate) receipt_id: String,
    /// When everything here was erased.
    #[schema(format = DateTime)]
    erased_at: String,
    /// This server: always `done`.
    web: ErasureState,
    /// The chat: `pending` until it has acknowledged.
    chat: ErasureState,
}

impl From<Receipt> for ReceiptAnswer {
    fn from(receipt: Receipt) -> Self {
        Self {
            receipt_id: receipt.id,
            erased_at: moment(receipt.erased_at),
            web: ErasureState::Done,
            chat: match receipt.chat_done_at {
                Some(_) => ErasureState::Done,
                None => ErasureState::Pending,
            },
        }
    }
}

/// Everything that is stored of a member.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Export)]
pub(crate) struct ExportAnswer {
    /// `pillnuts-export/1`.
    format: &'static str,
    /// The moment that all of it is of.
    #[schema(format = DateTime)]
    exported_at: String,
    /// `false` where a list was cut off for its length.
    complete: bool,
    /// The account.
    profile: ExportProfile,
    /// What was agreed to, oldest first.
    consents: Vec<ConsentAnswerBody>,
    /// The days (of Seoul) on which one was here.
    days_attended: Vec<String>,
    /// Sign-ins, as long as they are kept.
    sessions: Vec<ExportSession>,
    /// Other services that one signs in by.
    social: Vec<ExportSocial>,
    /// Medicines that one marked.
    wishes: Vec<ExportWish>,
    /// Medicines that one put aside to compare, in their order.
    compare_box: Vec<ExportBoxed>,
    /// What one is allergic to, oldest first.
    allergies: Vec<ExportAllergy>,
    /// What one said of medicines, newest first.
    reviews: Vec<ExportReview>,
    /// What one thinks of others' reviews, oldest first.
    review_reactions: Vec<ExportReaction>,
    /// Others' reviews that one reported, oldest first.
    review_reports: Vec<ExportReport>,
    /// Codes that were sent to one's number, as long as that is kept.
    phone_verifications: Vec<ExportVerification>,
    /// What was done to the account, and what one did oneself.
    audit: Vec<ExportAction>,
}

/// The account.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExportProfile {
    /// One's id.
    id: String,
    /// The name that one signs in with.
    login_id: Option<String>,
    /// The name that others see.
    nickname: Option<String>,
    /// The address.
    email: Option<String>,
    /// Whether one proved to read it.
    email_verified: bool,
    /// The whole number, in international form.
    phone_number: Option<String>,
    /// Whether there is a password. It is stored as a hash only, which isn't given out.
    has_password: bool,
    /// `member`, `counsellor` or `admin`.
    role: &'static str,
    /// `active` or `suspended`.
    state: &'static str,
    /// Why one is suspended.
    suspended_reason: Option<String>,
    /// Until when.
    #[schema(format = DateTime)]
    suspended_until: Option<String>,
    /// Whether a second factor is set up. Its secret is sealed and isn't given out.
    second_factor: bool,
    /// The address of the picture.
    profile_image_url: Option<String>,
    /// When one signed up.
    #[schema(format = DateTime)]
    created_at: String,
}

/// A sign-in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExportSession {
    /// Its id.
    id: String,
    /// What the device called itself.
    device: String,
    /// When it began.
    #[schema(format = DateTime)]
    signed_in_at: String,
    /// When it was used last.
    #[schema(format = DateTime)]
    last_used_at: String,
    /// Until when it is good.
    #[schema(format = DateTime)]
    expires_at: String,
    /// When it ended.
    #[schema(format = DateTime)]
    ended_at: Option<String>,
    /// Why.
    ended_why: Option<String>,
}

/// Another service that one signs in by.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExportSocial {
    /// `naver`, `google` or `kakao`.
    provider: &'static str,
    /// Who one is there.
    subject: Option<String>,
    /// Since when.
    #[schema(format = DateTime)]
    linked_at: String,
    /// Whether one can still sign in by it.
    linked: bool,
}

/// A mark.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExportWish {
    /// The medicine.
    medicine_id: String,
    /// When.
    #[schema(format = DateTime)]
    wished_at: String,
}

/// A medicine in the compare box.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExportBoxed {
    /// The medicine.
    medicine_id: String,
    /// When.
    #[schema(format = DateTime)]
    added_at: String,
}

/// An ingredient that one is allergic to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExportAllergy {
    /// The ingredient.
    ingredient_id: String,
    /// Since when it is listed.
    #[schema(format = DateTime)]
    added_at: String,
}

/// A code that was sent.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExportVerification {
    /// What for.
    purpose: String,
    /// When it was asked for.
    #[schema(format = DateTime)]
    requested_at: String,
    /// When it was entered.
    #[schema(format = DateTime)]
    confirmed_at: Option<String>,
    /// What became of the message.
    message: Option<String>,
}

/// Something that was done to the account, or that one did oneself.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExportAction {
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// What.
    action: String,
    /// Whether one did it oneself.
    by_oneself: bool,
    /// In which session.
    session_id: Option<String>,
    /// From where, if one did it oneself.
    address: Option<String>,
    /// A word about it, unless it was done to another.
    detail: Option<String>,
}

impl From<KnownSession> for ExportSession {
    fn from(session: KnownSession) -> Self {
        let (ended_at, ended_why) = session.ended.unzip();
        Self {
            id: session.id,
            device: session.device,
            signed_in_at: moment(session.began_at),
            last_used_at: moment(session.used_at),
            expires_at: moment(session.expires_at),
            ended_at: ended_at.map(moment),
            ended_why: ended_why.flatten(),
        }
    }
}

impl From<KnownVerification> for ExportVerification {
    fn from(verification: KnownVerification) -> Self {
        Self {
            purpose: verification.purpose,
            requested_at: moment(verification.issued_at),
            confirmed_at: verification.confirmed_at.map(moment),
            message: verification.message,
        }
    }
}

impl From<&Listed> for ExportAllergy {
    fn from(one: &Listed) -> Self {
        Self {
            ingredient_id: one.id.to_string(),
            added_at: moment(one.at),
        }
    }
}

impl From<(KnownAction, Option<IpAddr>)> for ExportAction {
    fn from((action, address): (KnownAction, Option<IpAddr>)) -> Self {
        Self {
            at: moment(action.at),
            action: action.action,
            by_oneself: action.by_himself,
            session_id: action.session,
            address: address.map(|address| address.to_string()),
            detail: action.detail,
        }
    }
}

impl From<(Identity, Option<Zeroizing<String>>)> for ExportSocial {
    fn from((identity, subject): (Identity, Option<Zeroizing<String>>)) -> Self {
        Self {
            provider: identity.provider.as_str(),
            subject: subject.map(|subject| subject.as_str().to_owned()),
            linked_at: moment(identity.linked_at),
            linked: identity.linked,
        }
    }
}

fn all<A, T: From<A>>(a: Vec<A>) -> Vec<T> {
    a.into_iter().map(T::from).collect()
}

fn pairs<A, B, T: From<(A, B)>>(a: Vec<A>, b: Vec<B>) -> Vec<T> {
    a.into_iter().zip(b).map(T::from).collect()
}

impl From<Export> for ExportAnswer {
    fn from(export: Export) -> Self {
        let stored = export.stored;
        let complete = stored.is_complete();
        let user = stored.user;
        let (suspended_reason, suspended_until) = stored.suspension;
        let wish = |(medicine, at): (i64, DateTime<Utc>)| ExportWish {
            medicine_id: medicine.to_string(),
            wished_at: moment(at),
        };
        let boxed = |(medicine, at): (i64, DateTime<Utc>)| ExportBoxed {
            medicine_id: medicine.to_string(),
            added_at: moment(at),
        };
        Self {
            format: FORMAT,
            exported_at: moment(export.at),
            complete,
            profile: ExportProfile {
                id: user.id.as_str().to_owned(),
                login_id: user.login_id,
                nickname: user.nickname,
                email: export.email.map(|email| email.as_str().to_owned()),
                email_verified: user.email_verified,
                phone_number: export.phone.map(|phone| phone.as_str().to_owned()),
                has_password: user.password_hash.is_some(),
                role: user.role.as_str(),
                state: user.state.as_str(),
                suspended_reason,
                suspended_until: suspended_until.map(moment),
                second_factor: stored.second_factor,
                profile_image_url: export.image_url,
                created_at: moment(user.created_at),
            },
            consents: stored.consents.into_iter().map(Into::into).collect(),
            days_attended: stored.days.iter().map(ToString::to_string).collect(),
            sessions: stored.sessions.into_iter().map(Into::into).collect(),
            wishes: stored.wishes.into_iter().map(wish).collect(),
            compare_box: stored.compare_box.into_iter().map(boxed).collect(),
            allergies: export.allergies.items().iter().map(Into::into).collect(),
            reviews: pairs(stored.reviews, export.reviews),
            review_reactions: all(stored.review_reactions),
            review_reports: all(stored.review_reports),
            phone_verifications: stored.verifications.into_iter().map(Into::into).collect(),
            audit: pairs(stored.actions, export.addresses),
            social: pairs(stored.social, export.subjects),
        }
    }
}
