//! What errors say, in Korean and English, beyond the usual texts of their kind.

use service_kit::problem::Language;

use super::account_texts::AccountText;
use super::image_errors;
use crate::accounts::images::Refusal;

pub(crate) use super::narrow::Narrow;

/// What is expected of a parameter, or a sentence about one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Message {
    /// The parameter has to be there.
    Required,
    /// The parameter stands more than once.
    Repeated,
    /// Nobody knows this parameter; these exist.
    Unknown(&'static [&'static str]),
    /// A whole number from..=to.
    Range(u64, u64),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Any of these words, separated by commas.
    AnyOf(&'static [&'static str]),
    /// `true` or `false`.
    Boolean,
    /// At most so many characters.
    TooLong(usize),
    /// At least so many characters.
    TooShort(usize),
    /// At most so many entries.
    TooMany(usize),
    /// Nothing is left to search for.
    NothingToSearch,
    /// Control characters (NUL and the like).
    ControlCharacter,
    /// An id.
    Id,
    /// Two ids, separated by a comma.
    TwoIds,
    /// Two ids that differ.
    TwoDifferentIds,
    /// `%` without two hexadecimal digits behind it.
    PercentEncoding,
    /// Not UTF-8 after decoding.
    Utf8,
    /// Nothing has this address.
    UnknownPath,
    /// This id is nobody's.
    UnknownMedicine(String),
    /// Leaving out allergens needs an account.
    AllergensNeedSignIn,
    /// The body may have so many bytes.
    BodyLimit(u64),
    /// The address may have so many bytes.
    UriLimit(u64),
    /// The body has to be JSON in UTF-8, not compressed.
    JsonOnly,
    /// Up to here it was JSON.
    JsonPlace { line: usize, column: usize },
    /// Nobody knows this field of the body.
    UnknownField,
    /// A value of another shape.
    Shape(Shape),
    /// One of these words.
    Words(Vec<String>),
    /// A day.
    Day,
    /// The last day comes before the first.
    EndsBeforeStart,
    /// An address of the web, encrypted.
    HttpsUrl(usize),
    /// The cursor of a page.
    Cursor,
    /// The version of the notice that has to be read before a review is published.
    Notice,
    /// The synchronisation that runs.
    RunningSync(i64),
    /// About a picture.
    Image(Refusal),
    /// About a field of an account.
    Account(AccountText),
}

/// What a value of a body has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Text.
    Text,
    /// A whole number that isn't too large.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// A list.
    List,
    /// An object.
    Object,
    /// Something else.
    Other,
}

impl Shape {
    const fn korean(self) -> &'static str {
        match self {
            Self::Text => "문자열이어야 합니다.",
            Self::Integer => "허용된 범위의 정수여야 합니다.",
            Self::Boolean => "true 또는 false여야 합니다.",
            Self::List => "배열이어야 합니다.",
            Self::Object => "객체여야 합니다.",
            Self::Other => "형식이 올바르지 않습니다.",
        }
    }

    const fn english(self) -> &'static str {
        match self {
            Self::Text => "Expected a string.",
            Self::Integer => "Expected a whole number within its range.",
            Self::Boolean => "Expected true or false.",
            Self::List => "Expected an array.",
            Self::Object => "Expected an object.",
            Self::Other => "Expected a value of another form.",
        }
    }
}

impl Message {
    /// Stable name, for programs.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Repeated => "repeated",
            Self::Unknown(_) => "unknown_parameter",
            Self::Range(..) => "out_of_range",
            Self::OneOf(_) | Self::AnyOf(_) | Self::Boolean => "not_one_of",
            Self::TooLong(_) | Self::TooMany(_) => "too_long",
            Self::TooShort(_) => "too_short",
            Self::NothingToSearch => "nothing_to_search",
            Self::ControlCharacter => "control_character",
            Self::Id | Self::TwoIds => "malformed_id",
            Self::TwoDifferentIds => "same_medicine",
            Self::PercentEncoding => "malformed_percent_encoding",
            Self::Utf8 => "malformed_utf8",
            Self::UnknownPath => "not_found",
            Self::UnknownMedicine(_) => "medicine_not_found",
            Self::AllergensNeedSignIn => "unauthorized",
            Self::BodyLimit(_) => "payload_too_large",
            Self::UriLimit(_) => "uri_too_long",
            Self::JsonOnly => "unsupported_media_type",
            Self::JsonPlace { .. } => "invalid_json",
            Self::UnknownField => "unknown_field",
            Self::Shape(_) => "wrong_type",
            Self::Words(_) => "not_one_of",
            Self::Day => "malformed_date",
            Self::EndsBeforeStart => "ends_before_start",
            Self::HttpsUrl(_) => "malformed_url",
            Self::Cursor => "malformed_cursor",
            Self::Notice => "notice_required",
            Self::RunningSync(_) => "catalogue_sync_running",
            Self::Image(refusal) => image_errors::code(*refusal),
            Self::Account(text) => text.code(),
        }
    }

    /// The sentence.
    pub(crate) fn text(&self, language: Language) -> String {
        match language {
            Language::Korean => self.korean(),
            Language::English => self.english(),
        }
    }

    #[expect(
        clippy::too_many_lines,
        reason = "one table of texts, nothing to split"
    )]
    fn korean(&self) -> String {
        match self {
            Self::Required => "꼭 필요합니다.".to_owned(),
            Self::Repeated => "한 번만 쓸 수 있습니다.".to_owned(),
            Self::Unknown(known) => {
                format!("알 수 없는 매개변수입니다. 쓸 수 있는 것: {}", list(known))
            }
            Self::Range(from, to) => format!("{from}부터 {to}까지의 정수여야 합니다."),
            Self::OneOf(words) => format!("다음 중 하나여야 합니다: {}", words.join(", ")),
            Self::AnyOf(words) => {
                format!(
                    "다음 중에서 골라 쉼표로 나눠 써야 합니다: {}",
                    words.join(", ")
                )
            }
            Self::Boolean => "true 또는 false여야 합니다.".to_owned(),
            Self::TooLong(limit) => format!("{limit}자 이하여야 합니다."),
            Self::TooShort(limit) => format!("{limit}자 이상이어야 합니다."),
            Self::TooMany(limit) => format!("{limit}개 이하여야 합니다."),
            Self::NothingToSearch => {
                "검색할 글자가 없습니다. 글자나 숫자를 한 자 이상 입력해 주세요.".to_owned()
            }
            Self::ControlCharacter => "제어 문자는 쓸 수 없습니다.".to_owned(),
            Self::Id => {
                "0으로 시작하지 않는 18자리 이하의 숫자여야 합니다. 예: 195500005".to_owned()
            }
            Self::TwoIds => {
                "의약품 번호 두 개를 쉼표로 나눠 써야 합니다. 예: 195500005,200808876".to_owned()
            }
            Self::TwoDifferentIds => "서로 다른 의약품 번호 두 개가 필요합니다.".to_owned(),
            Self::PercentEncoding => {
                "퍼센트 인코딩이 올바르지 않습니다. % 뒤에는 16진수 두 자리가 와야 합니다."
                    .to_owned()
            }
            Self::Utf8 => "올바른 UTF-8이 아닙니다.".to_owned(),
            Self::UnknownPath => {
                "이 주소에는 아무것도 없습니다. 쓸 수 있는 주소는 /swagger-ui/ 에 있습니다."
                    .to_owned()
            }
            Self::UnknownMedicine(id) => format!("번호가 {id}인 의약품이 없습니다."),
            Self::AllergensNeedSignIn => {
                "알레르기 성분을 빼고 검색하려면 로그인이 필요합니다.".to_owned()
            }
            Self::BodyLimit(bytes) => format!("본문은 {bytes}바이트 이하여야 합니다."),
            Self::UriLimit(bytes) => format!("주소는 {bytes}바이트 이하여야 합니다."),
            Self::JsonOnly => {
                "본문은 압축하지 않은 UTF-8 JSON이어야 합니다. Content-Type: application/json"
                    .to_owned()
            }
            Self::JsonPlace { line, column } => {
                format!("본문이 올바른 JSON이 아닙니다: {line}번째 줄 {column}번째 바이트.")
            }
            Self::UnknownField => "알 수 없는 항목입니다.".to_owned(),
            Self::Shape(shape) => shape.korean().to_owned(),
            Self::Words(words) => format!("다음 중 하나여야 합니다: {}", words.join(", ")),
            Self::Day => "2000년부터 2099년까지의 날짜여야 합니다. 예: 2026-03-02".to_owned(),
            Self::EndsBeforeStart => "시작하는 날보다 앞설 수 없습니다.".to_owned(),
            Self::HttpsUrl(most) => format!("https://로 시작하는 {most}자 이하의 주소여야 합니다."),
            Self::Cursor => {
                "같은 정렬의 앞 페이지가 준 nextCursor를 그대로 써야 합니다.".to_owned()
            }
            Self::Notice => {
                "공개하려면 안내(GET /api/v1/reviews/notice)를 보여 주고 그 version을 써야 합니다."
                    .to_owned()
            }
            Self::RunningSync(id) => format!("{id}번 동기화가 진행 중입니다."),
            Self::Image(refusal) => image_errors::text(*refusal, Language::Korean).to_owned(),
            Self::Account(text) => text.text(Language::Korean),
        }
    }

    #[expect(
        clippy::too_many_lines,
        reason = "one table of texts, nothing to split"
    )]
    fn english(&self) -> String {
        match self {
            Self::Required => "This is required.".to_owned(),
            Self::Repeated => "This may stand only once.".to_owned(),
            Self::Unknown(known) => {
                format!("No such parameter. What can be used: {}", list(known))
            }
            Self::Range(from, to) => format!("Expected a whole number from {from} to {to}."),
            Self::OneOf(words) => format!("Expected one of: {}", words.join(", ")),
            Self::AnyOf(words) => {
                format!(
                    "Expected some of these, separated by commas: {}",
                    words.join(", ")
                )
            }
            Self::Boolean => "Expected true or false.".to_owned(),
            Self::TooLong(limit) => format!("Expected at most {limit} characters."),
            Self::TooShort(limit) => format!("Expected at least {limit} characters."),
            Self::TooMany(limit) => format!("Expected at most {limit} entries."),
            Self::NothingToSearch => {
                "Nothing is left to search for. Expected a letter or a digit at least.".to_owned()
            }
            Self::ControlCharacter => "Control characters are not allowed.".to_owned(),
            Self::Id => "Expected at most 18 digits without a leading zero, for example 195500005."
                .to_owned(),
            Self::TwoIds => "Expected two ids of medicines, separated by a comma, for example \
                             195500005,200808876."
                .to_owned(),
            Self::TwoDifferentIds => "Expected two different ids.".to_owned(),
            Self::PercentEncoding => {
                "Malformed percent-encoding: % takes two hexadecimal digits.".to_owned()
            }
            Self::Utf8 => "Not valid UTF-8.".to_owned(),
            Self::UnknownPath => {
                "Nothing has this address. See /swagger-ui/ for those that exist.".to_owned()
            }
            Self::UnknownMedicine(id) => format!("No medicine has the id {id}."),
            Self::AllergensNeedSignIn => "Leaving out allergens needs a signed-in user.".to_owned(),
            Self::BodyLimit(bytes) => format!("Expected a body of at most {bytes} bytes."),
            Self::UriLimit(bytes) => format!("Expected an address of at most {bytes} bytes."),
            Self::JsonOnly => "Expected JSON in UTF-8, not compressed, with Content-Type: \
                               application/json."
                .to_owned(),
            Self::JsonPlace { line, column } => {
                format!("The body is not valid JSON: line {line}, byte {column}.")
            }
            Self::UnknownField => "No such field.".to_owned(),
            Self::Shape(shape) => shape.english().to_owned(),
            Self::Words(words) => format!("Expected one of: {}", words.join(", ")),
            Self::Day => {
                "Expected a day of the years 2000 to 2099, for example 2026-03-02.".to_owned()
            }
            Self::EndsBeforeStart => "Expected no earlier day than the first one.".to_owned(),
            Self::HttpsUrl(limit) => {
                format!(
                    "Expected an address of at most {limit} characters that begins with https://."
                )
            }
            Self::Cursor => {
                "Expected the nextCursor of the page before, in the same order.".to_owned()
            }
            Self::Notice => {
                "To publish, show the notice (GET /api/v1/reviews/notice) and send its \
                             version."
                    .to_owned()
            }
            Self::RunningSync(id) => format!("Synchronisation {id} is running."),
            Self::Image(refusal) => image_errors::text(*refusal, Language::English).to_owned(),
            Self::Account(text) => text.text(Language::English),
        }
    }
}

/// Names for a sentence; a dash where there is none.
fn list(names: &[&str]) -> String {
    if names.is_empty() {
        "-".to_owned()
    } else {
        names.join(", ")
    }
}
