//! The answers of the first start.

use super::{KeywordAnswer, Link};

const PENDING: &str = "아직 준비 중이에요. 궁금한 점은 상담으로 물어봐 주세요.";

/// What an operator must fill in; without it the answer says that there is none yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Operator {
    /// Address for questions.
    pub email: Option<String>,
    /// `https:` address of the survey.
    pub survey: Option<String>,
    /// `https:` address of the Instagram account.
    pub instagram: Option<String>,
}

type Row = (
    &'static [&'static str],
    &'static str,
    &'static [&'static str],
);

/// Answers with a link that an operator gives.
const LINKED: [Row; 4] = [
    (
        &["이메일", "메일", "email"],
        "이메일로 문의하실 수 있어요.",
        &["상담"],
    ),
    (
        &["개발자", "개발팀"],
        "개발자에게는 이메일로 연락해 주세요.",
        &["상담"],
    ),
    (
        &["설문조사", "설문"],
        "설문조사에 참여해 주세요.",
        &["상담"],
    ),
    (
        &["인스타", "인스타그램", "instagram"],
        "인스타그램에서 소식을 볼 수 있어요.",
        &["상담"],
    ),
];

const PLAIN: [Row; 4] = [
    (
        &["이벤트"],
        "진행 중인 이벤트는 공지에서 알려 드려요.",
        &["상담"],
    ),
    (
        &["구글", "google"],
        "구글 계정으로 로그인할 수 있는지는 로그인 화면에서 볼 수 있어요.",
        &["상담"],
    ),
    (
        &["키워드", "도움말"],
        "이런 말을 알아들어요.",
        &[
            "이메일",
            "개발자",
            "설문조사",
            "인스타",
            "이벤트",
            "구글",
            "채팅",
            "상담",
        ],
    ),
    (
        &["채팅", "상담", "상담사", "상담원"],
        "상담사와 이야기하시겠어요?",
        &["상담 연결하기"],
    ),
];

/// The answers of the first start. [`KeywordAnswer::check`] them: an operator's address may be wrong.
#[must_use]
pub fn built_in(operator: &Operator) -> Vec<KeywordAnswer> {
    let mail = operator
        .email
        .as_ref()
        .map(|address| format!("mailto:{address}"));
    let urls = [
        mail.clone(),
        mail,
        operator.survey.clone(),
        operator.instagram.clone(),
    ];
    let linked = LINKED.iter().zip(urls).map(|(row, url)| match url {
        Some(url) => answer(row, row.1, Some(url)),
        None => answer(row, PENDING, None),
    });
    linked
        .chain(PLAIN.iter().map(|row| answer(row, row.1, None)))
        .collect()
}

fn answer(row: &Row, text: &str, url: Option<String>) -> KeywordAnswer {
    let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    KeywordAnswer {
        keywords: owned(row.0),
        text: text.to_owned(),
        links: url
            .into_iter()
            .map(|url| Link {
                label: "바로 가기".to_owned(),
                url,
            })
            .collect(),
        quick_replies: owned(row.2),
    }
}
