//! Names fall into the parts that people see in them.

use domain::hangul::name::{Name, Part};
use domain::hangul::normalise::Stage;
use domain::hangul::protected::Kind;

fn parts(text: &str) -> Vec<(Part, String)> {
    let name = Name::parse(text, Stage::Complete);
    let text = name.normalised().as_str();
    name.tokens()
        .iter()
        .map(|token| (token.part, text[token.range.clone()].to_owned()))
        .collect()
}

type Row = (&'static str, &'static [(Part, &'static str)]);

const FORM: Part = Part::Word(Kind::Form);
const RELEASE: Part = Part::Word(Kind::Release);
const LINE: Part = Part::Word(Kind::Line);
const AUDIENCE: Part = Part::Word(Kind::Audience);

use Part::{Aside, Core, Latin, Number, Strength};

const ROWS: &[Row] = &[
    (
        "타이레놀정500밀리그람(아세트아미노펜)",
        &[
            (Core, "타이레놀"),
            (FORM, "정"),
            (Strength, "500mg"),
            (Aside, "아세트아미노펜"),
        ],
    ),
    (
        "타이레놀8시간이알서방정",
        &[
            (Core, "타이레놀"),
            (Number, "8"),
            (RELEASE, "시간"),
            (RELEASE, "이알"),
            (RELEASE, "서방"),
            (FORM, "정"),
        ],
    ),
    (
        "이지콜드플러스연질캡슐",
        &[
            (Core, "이지"),
            (LINE, "콜드"),
            (LINE, "플러스"),
            (FORM, "연질"),
            (FORM, "캡슐"),
        ],
    ),
    (
        "아세클로CR정",
        &[(Core, "아세클로"), (RELEASE, "cr"), (FORM, "정")],
    ),
    (
        "소아용라페론정",
        &[(AUDIENCE, "소아용"), (Core, "라페론"), (FORM, "정")],
    ),
    ("록소아펜정", &[(Core, "록소아펜"), (FORM, "정")]),
    ("우정", &[(Core, "우정")]),
    ("정", &[(Core, "정")]),
    ("플러스정", &[(Core, "플러스"), (FORM, "정")]),
    (
        "삐콤씨100%",
        &[(Core, "삐콤"), (LINE, "씨"), (Strength, "100%")],
    ),
    (
        "아모잘탄정5/20mgTab",
        &[
            (Core, "아모잘탄"),
            (FORM, "정"),
            (Strength, "5/20mg"),
            (FORM, "tab"),
        ],
    ),
    ("Tylenol ER", &[(Latin, "tylenoler")]),
];

#[test]
fn names_fall_into_parts() {
    for (name, expected) in ROWS {
        let expected: Vec<_> = expected
            .iter()
            .map(|(part, text)| (*part, (*text).to_owned()))
            .collect();
        assert_eq!(parts(name), expected, "{name}");
    }
}

#[test]
fn words_of_the_ends_count_at_the_end_only() {
    assert_eq!(parts("실산정").first(), Some(&(Core, "실산".to_owned())));
    assert_eq!(
        parts("어린이타이레놀산").last(),
        Some(&(FORM, "산".to_owned()))
    );
}
