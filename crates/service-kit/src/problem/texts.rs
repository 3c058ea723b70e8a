//! The words of every kind of problem.

use super::{LocalText, ProblemKind};

impl ProblemKind {
    /// Title and usual explanation.
    pub(super) const fn texts(self) -> (LocalText, LocalText) {
        match self {
            Self::Internal | Self::Unavailable | Self::Timeout => self.server_texts(),
            _ => self.client_texts(),
        }
    }

    const fn server_texts(self) -> (LocalText, LocalText) {
        match self {
            Self::Unavailable => (
                LocalText::new("일시적으로 이용할 수 없음", "Temporarily unavailable"),
                LocalText::new(
                    "지금은 처리할 수 없습니다. 잠시 후 다시 시도해 주세요.",
                    "This cannot be done right now. Please try again shortly.",
                ),
            ),
            Self::Timeout => (
                LocalText::new("응답 시간 초과", "Timed out"),
                LocalText::new(
                    "처리가 제시간에 끝나지 않았습니다. 잠시 후 다시 시도해 주세요.",
                    "The answer could not be made in time. Please try again shortly.",
                ),
            ),
            _ => (
                LocalText::new("서버 오류", "Internal error"),
                LocalText::new(
                    "예상하지 못한 오류가 발생했습니다. 계속되면 요청 번호를 알려 주세요.",
                    "Something unexpected happened. If it goes on, tell us the request id.",
                ),
            ),
        }
    }

    #[expect(
        clippy::too_many_lines,
        reason = "one table of texts, nothing to split"
    )]
    const fn client_texts(self) -> (LocalText, LocalText) {
        let (ko, en, ko_detail, en_detail) = match self {
            Self::InvalidJson => (
                "잘못된 JSON",
                "Invalid JSON",
                "요청 본문이 올바른 JSON이 아니거나 형식이 다릅니다.",
                "The body is not valid JSON of the expected shape.",
            ),
            Self::Unauthorized => (
                "로그인 필요",
                "Not signed in",
                "로그인이 필요하거나 로그인이 만료되었습니다.",
                "Please sign in; you are not signed in or your sign-in has expired.",
            ),
            Self::Forbidden => (
                "권한 없음",
                "Not allowed",
                "이 작업을 할 권한이 없습니다.",
                "You are not allowed to do this.",
            ),
            Self::NotFound => (
                "찾을 수 없음",
                "Not found",
                "요청하신 것을 찾을 수 없습니다.",
                "What you asked for was not found.",
            ),
            Self::MethodNotAllowed => (
                "허용되지 않는 메서드",
                "Method not allowed",
                "이 주소는 요청하신 메서드를 지원하지 않습니다.",
                "This address does not support the method you used.",
            ),
            Self::NotAcceptable => (
                "제공할 수 없는 형식",
                "Not acceptable",
                "요청하신 형식으로는 응답할 수 없습니다.",
                "The answer does not exist in a form that you accept.",
            ),
            Self::RequestTimeout => (
                "요청 시간 초과",
                "Request timed out",
                "요청이 제시간에 도착하지 않았습니다.",
                "The request did not arrive in time.",
            ),
            Self::Conflict => (
                "충돌",
                "Conflict",
                "현재 상태와 맞지 않는 요청입니다.",
                "The request contradicts the present state.",
            ),
            Self::Gone => (
                "더 이상 없음",
                "Gone",
                "더 이상 제공되지 않습니다.",
                "This is no longer available.",
            ),
            Self::PayloadTooLarge => (
                "본문이 너무 큼",
                "Payload too large",
                "요청 본문이 허용된 크기를 넘었습니다.",
                "The body is larger than allowed.",
            ),
            Self::UriTooLong => (
                "주소가 너무 김",
                "Address too long",
                "요청 주소가 허용된 길이를 넘었습니다.",
                "The address is longer than allowed.",
            ),
            Self::UnsupportedMediaType => (
                "지원하지 않는 본문 형식",
                "Unsupported media type",
                "요청 본문의 Content-Type을 지원하지 않습니다.",
                "The Content-Type of the body is not supported.",
            ),
            Self::ValidationFailed => (
                "입력값 오류",
                "Validation failed",
                "입력값이 올바르지 않습니다. errors를 확인해 주세요.",
                "Some of the values you sent are not allowed. See errors.",
            ),
            Self::TooManyRequests => (
                "요청이 너무 많음",
                "Too many requests",
                "요청이 너무 많습니다. 잠시 후 다시 시도해 주세요.",
                "Too many requests. Please try again later.",
            ),
            Self::HeadersTooLarge => (
                "헤더가 너무 큼",
                "Headers too large",
                "요청 헤더가 허용된 크기를 넘었습니다.",
                "The headers are larger than allowed.",
            ),
            _ => (
                "잘못된 요청",
                "Malformed request",
                "요청을 이해할 수 없습니다.",
                "The request could not be understood.",
            ),
        };
        (LocalText::new(ko, en), LocalText::new(ko_detail, en_detail))
    }
}
