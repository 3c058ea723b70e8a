//! Narrower kinds of problems, in Korean and English.

mod texts;

/// A narrower kind of problem, with a code and a text of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Narrow {
    /// No such medicine.
    MedicineNotFound,
    /// No such ingredient.
    IngredientNotFound,
    /// The same medicine twice in a comparison.
    SameMedicine,
    /// The catalogue has not been loaded yet.
    CatalogueLoading,
    /// The access token isn't believed.
    InvalidToken,
    /// Suspended members may not.
    AccountSuspended,
    /// Only with a second factor given lately.
    SecondFactorRequired,
    /// It may come from another site, with the cookies of somebody who doesn't know.
    CrossSiteRequest,
    /// Over the limit.
    RateLimited,
    /// Something of an account is another's.
    Taken,
    /// No more messages with codes for now.
    NoMoreMessages,
    /// No such verification.
    VerificationNotFound,
    /// A verification whose time or tries are over.
    VerificationOver,
    /// No such member, or another password.
    WrongCredentials,
    /// Too many of those.
    SignInSlowed,
    /// No such session.
    SessionNotFound,
    /// Only for who proved a moment ago who he is.
    ReauthenticationRequired,
    /// Another code than the one of the second factor.
    WrongSecondFactor,
    /// A sign-in that waited too long for its second factor.
    SecondFactorOver,
    /// No second factor.
    SecondFactorNotFound,
    /// A second factor already.
    SecondFactorExists,
    /// No such member.
    UserNotFound,
    /// Nobody would be left to administer.
    LastAdmin,
    /// Not for oneself.
    OwnAccount,
    /// No such upload of this member.
    UploadNotFound,
    /// An upload whose time is over, or that was used.
    UploadOver,
    /// An upload whose bytes have not come.
    UploadMissing,
    /// Another request works on the upload.
    UploadInWork,
    /// Too many uploads in a short time.
    TooManyUploads,
    /// The address of an upload isn't the one that was given out.
    UploadNotPermitted,
    /// Nobody can sign in by this service.
    ProviderNotOffered,
    /// Somebody at another service is linked to another member.
    IdentityTaken,
    /// The member is linked to somebody else there.
    OtherIdentityLinked,
    /// There would be no way left to sign in.
    LastSignInMethod,
    /// No quotes are stored.
    NoHealthQuotes,
    /// No such quote.
    HealthQuoteNotFound,
    /// No such event.
    EventNotFound,
    /// No such synchronisation.
    CatalogueSyncNotFound,
    /// A synchronisation runs already.
    CatalogueSyncRunning,
    /// This server can't synchronise.
    CatalogueSyncUnavailable,
    /// No more wishes fit in.
    WishesFull,
    /// No more medicines fit into the compare box.
    CompareBoxFull,
    /// Only with the consent to sensitive data.
    ConsentRequired,
    /// No more allergens fit in.
    AllergiesFull,
    /// Allergies can't be loaded.
    AllergiesUnavailable,
    /// No such review, or not one to see.
    ReviewNotFound,
    /// A review of this medicine by this member already.
    ReviewExists,
    /// No more reviews fit in.
    ReviewsFull,
    /// Not for one's own review.
    OwnReview,
    /// Only for one's own review.
    NotOwnReview,
}

impl Narrow {
    /// Stable code.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::MedicineNotFound => "medicine_not_found",
            Self::IngredientNotFound => "ingredient_not_found",
            Self::SameMedicine => "same_medicine",
            Self::CatalogueLoading => "catalogue_loading",
            Self::InvalidToken => "invalid_token",
            Self::AccountSuspended => "account_suspended",
            Self::SecondFactorRequired => "second_factor_required",
            Self::CrossSiteRequest => "cross_site_request",
            Self::RateLimited => "rate_limited",
            Self::Taken => "taken",
            Self::NoMoreMessages => "no_more_messages",
            Self::VerificationNotFound => "verification_not_found",
            Self::VerificationOver => "verification_over",
            Self::WrongCredentials => "wrong_credentials",
            Self::SignInSlowed => "sign_in_slowed",
            Self::SessionNotFound => "session_not_found",
            Self::ReauthenticationRequired => "reauthentication_required",
            Self::WrongSecondFactor => "wrong_second_factor",
            Self::SecondFactorOver => "second_factor_over",
            Self::SecondFactorNotFound => "second_factor_not_found",
            Self::SecondFactorExists => "second_factor_exists",
            Self::UserNotFound => "user_not_found",
            Self::LastAdmin => "last_admin",
            Self::OwnAccount => "own_account",
            Self::UploadNotFound => "upload_not_found",
            Self::UploadOver => "upload_over",
            Self::UploadMissing => "upload_missing",
            Self::UploadInWork => "upload_in_work",
            Self::TooManyUploads => "too_many_uploads",
            Self::UploadNotPermitted => "upload_not_permitted",
            Self::ProviderNotOffered => "provider_not_offered",
            Self::IdentityTaken => "identity_taken",
            Self::OtherIdentityLinked => "other_identity_linked",
            Self::LastSignInMethod => "last_sign_in_method",
            Self::NoHealthQuotes => "no_health_quotes",
            Self::HealthQuoteNotFound => "health_quote_not_found",
            Self::EventNotFound => "event_not_found",
            Self::CatalogueSyncNotFound => "catalogue_sync_not_found",
            Self::CatalogueSyncRunning => "catalogue_sync_running",
            Self::CatalogueSyncUnavailable => "catalogue_sync_unavailable",
            Self::WishesFull => "wishes_full",
            Self::CompareBoxFull => "compare_box_full",
            Self::ConsentRequired => "consent_required",
            Self::AllergiesFull => "allergies_full",
            Self::AllergiesUnavailable => "allergies_unavailable",
            Self::ReviewNotFound => "review_not_found",
            Self::ReviewExists => "review_exists",
            Self::ReviewsFull => "reviews_full",
            Self::OwnReview => "own_review",
            Self::NotOwnReview => "not_own_review",
        }
    }
}
