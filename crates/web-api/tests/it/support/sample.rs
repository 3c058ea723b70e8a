//! A small catalogue of real names, with one product of every state.

use domain::catalogue::{
    ActiveIngredient, Additive, Article, Basis, BasisUnit, Block, Cancellation, CancellationState,
    Cell, Composition, Dispensing, Document, DocumentKind, EasyGuide, Medicine, MedicineId,
    Quantity, Row, Section, TherapeuticClass, Unit, Variant,
};

use super::seed::{Seed, SeedMedicine};

pub(crate) const TYLENOL: i64 = 202_106_092;
pub(crate) const TYLENOL_ER: i64 = 199_603_002;
pub(crate) const CHILDREN: i64 = 202_106_093;
pub(crate) const GEBORIN: i64 = 197_900_277;
pub(crate) const BRUFEN: i64 = 198_701_294;
pub(crate) const LIPITOR: i64 = 199_904_022;
/// Withdrawn.
pub(crate) const OLD: i64 = 195_500_005;

/// The ingredient of three of them.
pub(crate) const ACETAMINOPHEN: i64 = 1;
/// Merged into it.
pub(crate) const PARACETAMOL: i64 = 9;
/// An additive of Tylenol.
pub(crate) const STARCH: i64 = 5;

const PAIN: (&str, &str, &[&str]) = ("01140", "해열.진통.소염제", &["해열", "진통", "소염"]);
const LIPIDS: (&str, &str, &[&str]) = ("02180", "동맥경화용제", &["동맥경화용제"]);

/// The catalogue.
pub(crate) fn catalogue() -> Seed {
    Seed {
        generation: 1,
        medicines: vec![
            tylenol(),
            of(medicine(
                TYLENOL_ER,
                "타이레놀8시간이알서방정650밀리그람",
                "한국존슨앤드존슨판매",
                Dispensing::Otc,
                PAIN,
                &[("아세트아미노펜", 650)],
            )),
            of(medicine(
                CHILDREN,
                "어린이타이레놀산160밀리그램",
                "한국존슨앤드존슨판매",
                Dispensing::Otc,
                PAIN,
                &[("아세트아미노펜", 160)],
            )),
            of(medicine(
                GEBORIN,
                "게보린정",
                "삼진제약(주)",
                Dispensing::Otc,
                PAIN,
                &[
                    ("아세트아미노펜", 300),
                    ("이소프로필안티피린", 150),
                    ("카페인무수물", 50),
                ],
            )),
            of(medicine(
                BRUFEN,
                "부루펜정400밀리그램(이부프로펜)",
                "삼일제약(주)",
                Dispensing::Otc,
                PAIN,
                &[("이부프로펜", 400)],
            )),
            of(medicine(
                LIPITOR,
                "리피토정10밀리그램(아토르바스타틴칼슘삼수화물)",
                "비아트리스코리아(주)",
                Dispensing::Prescription,
                LIPIDS,
                &[("아토르바스타틴칼슘삼수화물", 10)],
            )),
            withdrawn(),
        ],
        ingredients: [
            (ACETAMINOPHEN, "아세트아미노펜", None),
            (2, "이소프로필안티피린", None),
            (3, "카페인무수물", None),
            (4, "이부프로펜", None),
            (STARCH, "전분글리콜산나트륨", None),
            (6, "아토르바스타틴칼슘삼수화물", None),
            (PARACETAMOL, "파라세타몰", Some(ACETAMINOPHEN)),
        ]
        .map(|(id, name, merged)| (id, name.to_owned(), merged))
        .to_vec(),
    }
}

/// A medicine whose every amount is in milligrams a tablet.
pub(crate) fn medicine(
    id: i64,
    name: &str,
    maker: &str,
    dispensing: Dispensing,
    (code, class, parts): (&str, &str, &[&str]),
    actives: &[(&str, i64)],
) -> Medicine {
    Medicine {
        id: MedicineId::new(id).unwrap(),
        name: name.to_owned(),
        english_name: None,
        maker: maker.to_owned(),
        maker_english: None,
        dispensing,
        class: Some(TherapeuticClass {
            code: Some(code.to_owned()),
            name: class.to_owned(),
            parts: parts.iter().map(|&part| part.to_owned()).collect(),
        }),
        permitted_on: "1994-03-09".parse().ok(),
        changed_on: None,
        cancellation: Cancellation {
            state: CancellationState::Valid,
            date: None,
        },
        appearance: Some("흰색의 장방형 필름코팅정제".to_owned()),
        storage: Some("기밀용기, 실온(1-30℃)보관".to_owned()),
        valid_term: Some("제조일로부터 36 개월".to_owned()),
        pack_unit: None,
        atc_code: None,
        ingredients_english: None,
        image_url: None,
        pills: Vec::new(),
        composition: composition(actives),
    }
}

fn composition(actives: &[(&str, i64)]) -> Composition {
    let active = |&(name, milligrams): &(&str, i64)| ActiveIngredient {
        name: name.to_owned(),
        code: None,
        quantity: Some(Quantity::new(milligrams.into(), Unit::Milligram)),
        amount_text: format!("{milligrams}밀리그램"),
        standard: Some("KP".to_owned()),
        active_as: Vec::new(),
        info: None,
        remark: None,
    };
    Composition {
        variants: vec![Variant {
            label: None,
            basis: Basis {
                text: "1정 중".to_owned(),
                count: Some(1.into()),
                unit: BasisUnit::Tablet,
                measure: None,
                approximate: false,
            },
            actives: actives.iter().map(active).collect(),
        }],
        additives: vec![Additive {
            code: Some("M040624".to_owned()),
            name: "전분글리콜산나트륨".to_owned(),
        }],
        additives_listed: true,
        complete: true,
        unparsed: Vec::new(),
    }
}

fn of(medicine: Medicine) -> SeedMedicine {
    SeedMedicine {
        efficacy: Some(efficacy(&medicine.name)),
        medicine,
        easy_guide: None,
    }
}

fn tylenol() -> SeedMedicine {
    let mut medicine = medicine(
        TYLENOL,
        "타이레놀정500밀리그람(아세트아미노펜)",
        "한국존슨앤드존슨판매",
        Dispensing::OtcConvenience,
        PAIN,
        &[("아세트아미노펜", 500)],
    );
    medicine.english_name = Some("Tylenol Tab. 500mg".to_owned());
    medicine.ingredients_english = Some("Acetaminophen".to_owned());
    SeedMedicine {
        easy_guide: Some(EasyGuide {
            efficacy: Some("열을 내리고 통증을 줄입니다.".to_owned()),
            ..EasyGuide::default()
        }),
        ..of(medicine)
    }
}

fn withdrawn() -> SeedMedicine {
    let mut medicine = medicine(
        OLD,
        "타이레놀옛날정",
        "옛날제약",
        Dispensing::Otc,
        PAIN,
        &[("아세트아미노펜", 325)],
    );
    medicine.cancellation = Cancellation {
        state: CancellationState::Withdrawn,
        date: "2001-02-03".parse().ok(),
    };
    of(medicine)
}

/// A text with a paragraph and a table.
pub(crate) fn efficacy(about: &str) -> Document {
    let cell = |text: &str, header| Cell {
        text: text.to_owned(),
        header,
        column_span: 1,
        row_span: 1,
    };
    Document {
        kind: DocumentKind::Efficacy,
        title: Some("효능효과".to_owned()),
        sections: vec![Section {
            title: None,
            articles: vec![Article {
                title: Some("1. 주효능효과".to_owned()),
                blocks: vec![
                    Block::Paragraph {
                        text: about.to_owned(),
                        indent: 0,
                    },
                    Block::Table {
                        rows: vec![Row {
                            cells: vec![cell("연령", true), cell("12세 이상", false)],
                        }],
                    },
                ],
            }],
        }],
        complete: true,
    }
}
