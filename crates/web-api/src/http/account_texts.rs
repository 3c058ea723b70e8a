//! What is wrong with a field of an account, in Korean and English.

use domain::account::{ConsentError, NicknameError, PasswordError, RedeemError};
use service_kit::problem::Language;

use crate::accounts::Rule;
use crate::accounts::store::users::Taken;

/// A sentence about a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AccountText {
    /// It breaks a rule.
    Rule(Rule),
    /// Somebody has it.
    Taken(Taken),
    /// It isn't the code; so many tries are left.
    WrongCode(u8),
}

impl AccountText {
    /// Stable name, for programs.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Taken(_) => "taken",
            Self::WrongCode(_) => "wrong_code",
            Self::Rule(rule) => match rule {
                Rule::LoginId => "malformed_login_id",
                Rule::Password(error) => match error {
                    PasswordError::TooShort => "too_short",
                    PasswordError::TooLong => "too_long",
                    PasswordError::NoLetter => "no_letter",
                    PasswordError::NoDigit => "no_digit",
                    PasswordError::Nul => "control_character",
                },
                Rule::Nickname(error) => match error {
                    NicknameError::Length => "length",
                    NicknameError::Character => "character_not_allowed",
                    NicknameError::Separator => "misplaced_separator",
                    NicknameError::Reserved => "reserved",
                },
                Rule::Email => "malformed_email",
                Rule::Phone => "malformed_phone_number",
                Rule::Code => "malformed_code",
                Rule::Consent(error) => match error {
                    ConsentError::Required(_) => "consent_required",
                    ConsentError::Twice(_) => "repeated",
                    ConsentError::OtherVersion(_) => "version_not_in_force",
                },
                Rule::Version => "malformed_version",
                Rule::Token(error) => match error {
                    RedeemError::OtherPurpose => "other_purpose",
                    RedeemError::Expired => "expired",
                    RedeemError::AlreadyRedeemed | RedeemError::NotConfirmed => "unknown_token",
                },
                Rule::UnknownToken => "unknown_token",
                Rule::WrongPassword => "wrong_password",
                Rule::TooManyConsents => "too_long",
                Rule::OneOfTwo => "one_of_two",
                Rule::IdempotencyKey => "malformed_idempotency_key",
                Rule::OtherBody => "idempotency_key_reused",
                Rule::FactorCode => "malformed_code",
                Rule::Role => "not_one_of",
                Rule::Reason => "length",
                Rule::Until => "not_in_the_future",
                Rule::Social(rule) => rule.code(),
            },
        }
    }

    /// The sentence.
    pub(crate) fn text(self, language: Language) -> String {
        match (self, language) {
            (Self::Taken(taken), Language::Korean) => taken_korean(taken).to_owned(),
            (Self::Taken(Taken::Phone), Language::English) => {
                "An account has this number already. Find your login id instead.".to_owned()
            }
            (Self::Taken(_), Language::English) => "Somebody has this already.".to_owned(),
            (Self::WrongCode(left), Language::Korean) => {
                format!("번호가 맞지 않습니다. {left}번 더 입력할 수 있습니다.")
            }
            (Self::WrongCode(left), Language::English) => {
                format!("That is not the code. {left} tries are left.")
            }
            (Self::Rule(rule), Language::Korean) => korean(rule).to_owned(),
            (Self::Rule(rule), Language::English) => english(rule),
        }
    }
}

const fn taken_korean(taken: Taken) -> &'static str {
    match taken {
        Taken::LoginId => "이미 쓰고 있는 아이디입니다.",
        Taken::Nickname => "이미 쓰고 있는 별명입니다.",
        Taken::Phone => "이 번호로 가입한 계정이 있습니다. 아이디 찾기를 이용해 주세요.",
    }
}

const fn korean(rule: Rule) -> &'static str {
    match rule {
        Rule::LoginId => "영문 소문자와 숫자로 4~20자여야 합니다. 예: haneul7",
        Rule::Password(error) => match error {
            PasswordError::TooShort => "8자 이상이어야 합니다.",
            PasswordError::TooLong => "64자 이하, UTF-8로 71바이트 이하여야 합니다.",
            PasswordError::NoLetter => "글자가 한 자 이상 있어야 합니다.",
            PasswordError::NoDigit => "숫자가 한 자 이상 있어야 합니다.",
            PasswordError::Nul => "쓸 수 없는 문자가 있습니다.",
        },
        Rule::Nickname(error) => match error {
            NicknameError::Length => "2~12자여야 합니다.",
            NicknameError::Character => "한글, 영문자, 숫자만 쓸 수 있습니다.",
            NicknameError::Separator => {
                "빈칸, '.', '_', '-'는 글자 사이에 하나씩만 쓸 수 있습니다."
            }
            NicknameError::Reserved => "운영진이나 전문가로 보일 수 있는 별명은 쓸 수 없습니다.",
        },
        Rule::Email => "이메일 주소가 올바르지 않습니다. 예: name@example.com",
        Rule::Phone => "휴대폰 번호가 올바르지 않습니다. 예: 010-1234-5678",
        Rule::Code => "숫자 6자리여야 합니다.",
        Rule::Consent(error) => match error {
            ConsentError::Required(_) => "필수 항목에 동의해야 합니다.",
            ConsentError::Twice(_) => "같은 항목에 두 번 답했습니다.",
            ConsentError::OtherVersion(_) => {
                "약관이 바뀌었습니다. 새 약관을 확인하고 다시 동의해 주세요."
            }
        },
        Rule::Version => "약관 버전이 올바르지 않습니다. 예: 2026-11-01",
        Rule::Token(RedeemError::OtherPurpose) => "다른 용도로 확인한 번호입니다.",
        Rule::Token(RedeemError::Expired) => "확인한 지 오래되었습니다. 번호를 다시 확인해 주세요.",
        Rule::Token(RedeemError::AlreadyRedeemed | RedeemError::NotConfirmed)
        | Rule::UnknownToken => "번호를 다시 확인해 주세요.",
        Rule::WrongPassword => "지금 비밀번호가 맞지 않습니다.",
        Rule::TooManyConsents => "항목마다 한 번씩만 답할 수 있습니다.",
        Rule::OneOfTwo => "하나만 있어야 하는 값이 없거나 여럿입니다.",
        Rule::IdempotencyKey => "공백 없는 ASCII 문자로 1~100자여야 합니다. 예: UUID",
        Rule::OtherBody => "같은 키로 다른 내용을 보냈습니다. 새 요청에는 새 키를 써 주세요.",
        Rule::FactorCode => "인증 앱의 숫자 6자리 또는 복구 코드 10자리여야 합니다.",
        Rule::Role => "다음 중 하나여야 합니다: member, counsellor, admin",
        Rule::Reason => "1~200자여야 하고 제어 문자는 쓸 수 없습니다.",
        Rule::Until => "앞으로 10년 안의 시각이어야 합니다. 예: 2026-12-31T15:00:00Z",
        Rule::Social(rule) => rule.korean(),
    }
}

fn english(rule: Rule) -> String {
    use domain::account as rules;
    match rule {
        Rule::LoginId => rules::LoginIdError.to_string(),
        Rule::Password(error) => error.to_string(),
        Rule::Nickname(error) => error.to_string(),
        Rule::Email => rules::EmailAddressError.to_string(),
        Rule::Phone => rules::PhoneNumberError.to_string(),
        Rule::Code => rules::VerificationCodeError.to_string(),
        Rule::Consent(error) => error.to_string(),
        Rule::Version => rules::TextVersionError.to_string(),
        Rule::Token(error) => error.to_string(),
        Rule::UnknownToken => "Verify the number again.".to_owned(),
        Rule::WrongPassword => "That is not the present password.".to_owned(),
        Rule::TooManyConsents => "Expected each consent at most once.".to_owned(),
        Rule::OneOfTwo => "Expected one of them, and only one.".to_owned(),
        Rule::IdempotencyKey => {
            "Expected 1 to 100 visible ASCII characters, for example a UUID.".to_owned()
        }
        Rule::OtherBody => {
            "This key came with another body before. Use a new key for a new request.".to_owned()
        }
        Rule::FactorCode => {
            "Expected the six digits of the app, or a recovery code of ten characters.".to_owned()
        }
        Rule::Role => "Expected one of: member, counsellor, admin.".to_owned(),
        Rule::Reason => {
            "Expected 1 to 200 characters, none of them a control character.".to_owned()
        }
        Rule::Until => {
            "Expected a moment within the next ten years, for example 2026-12-31T15:00:00Z."
                .to_owned()
        }
        Rule::Social(rule) => rule.english().to_owned(),
    }
}
