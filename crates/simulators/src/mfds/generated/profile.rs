//! One generated product: everything that its rows agree on.

use super::{
    pools::{Maker, Pools, Substance, syllables},
    random::Random,
};

/// A form of medicine: the end of the name, the unit that amounts refer to, the name in the feed.
struct Form {
    suffix: &'static str,
    total: &'static str,
    name: &'static str,
}

const SOLID: [Form; 5] = [
    Form {
        suffix: "정",
        total: "1정",
        name: "필름코팅정",
    },
    Form {
        suffix: "정",
        total: "1정",
        name: "나정",
    },
    Form {
        suffix: "서방정",
        total: "1정",
        name: "서방정",
    },
    Form {
        suffix: "캡슐",
        total: "1캡슐",
        name: "경질캡슐제, 산제",
    },
    Form {
        suffix: "연질캡슐",
        total: "1캡슐",
        name: "연질캡슐제, 액상",
    },
];
const OTHER: [Form; 6] = [
    Form {
        suffix: "주사액",
        total: "1밀리리터",
        name: "용액주사제",
    },
    Form {
        suffix: "시럽",
        total: "100밀리리터",
        name: "시럽제",
    },
    Form {
        suffix: "산",
        total: "1포(1그램)",
        name: "산제",
    },
    Form {
        suffix: "크림",
        total: "1그램 중",
        name: "크림제",
    },
    Form {
        suffix: "점안액",
        total: "1밀리리터 중",
        name: "점안제",
    },
    Form {
        suffix: "플라스타",
        total: "1매(70㎠) 중",
        name: "플라스타제",
    },
];
const STRENGTHS: [&str; 24] = [
    "0.1", "0.25", "0.5", "1", "2", "2.5", "4", "5", "7.5", "10", "12.5", "15", "20", "25", "30",
    "40", "50", "75", "80", "100", "150", "200", "300", "500",
];

/// An active ingredient with its amount.
#[derive(Debug)]
pub(crate) struct Active<'a> {
    pub(crate) substance: &'a Substance,
    pub(crate) amount: &'static str,
    pub(crate) unit: &'static str,
    /// The amount of the active part, in 성분정보.
    pub(crate) as_active: Option<&'static str>,
}

/// A generated product.
#[derive(Debug)]
pub(crate) struct Profile<'a> {
    pub(crate) item_seq: String,
    pub(crate) name: String,
    pub(crate) maker: &'a Maker,
    pub(crate) class: (&'a str, &'a str),
    pub(crate) over_the_counter: bool,
    pub(crate) permit_date: String,
    pub(crate) form: &'static str,
    pub(crate) total: &'static str,
    pub(crate) actives: Vec<Active<'a>>,
    pub(crate) additives: Vec<&'a Substance>,
    pub(crate) cancel: Option<&'static str>,
    pub(crate) image: String,
    /// For what one kind of row alone needs.
    pub(crate) random: Random,
}

/// The product's number: a year and a serial number that real ones don't reach.
pub(crate) fn item_seq(index: u32, items: u32) -> u32 {
    let (year, serial) = year_and_serial(index, items);
    year * 100_000 + 50_000 + serial
}

fn year_and_serial(index: u32, items: u32) -> (u32, u32) {
    let a_year = items.div_ceil(66).max(1);
    (1960 + index / a_year, index % a_year)
}

/// Whether the product has a row in the pill list, and whether it stands in e약은요.
pub(crate) fn listed(seed: u64, index: u32) -> (bool, bool) {
    let mut random = Random::new(seed, u64::from(index) * 2);
    let solid = random.percent(60);
    (solid, random.percent(11))
}

impl<'a> Profile<'a> {
    pub(crate) fn new(pools: &'a Pools, seed: u64, index: u32, items: u32) -> Option<Self> {
        let (solid, easy) = listed(seed, index);
        let mut random = Random::new(seed, u64::from(index) * 2 + 1);
        let maker = skewed(&mut random, &pools.makers)?;
        let class = skewed(&mut random, &pools.classes)?;
        let form = random.pick(if solid { &SOLID[..] } else { &OTHER[..] })?;
        let actives = actives(&mut random, pools)?;
        let additives = (0..random.between(3, 14))
            .map(|_| skewed(&mut random, &pools.additives))
            .collect::<Option<Vec<_>>>()?;
        let (year, _) = year_and_serial(index, items);
        let date = format!(
            "{year}{:02}{:02}",
            random.between(1, 12),
            random.between(1, 28)
        );
        let cancel = match random.below(100) {
            0..=7 => Some("취하"),
            8..=11 => Some("유효기간만료"),
            _ => None,
        };
        Some(Self {
            item_seq: item_seq(index, items).to_string(),
            name: name(&mut random, form, &actives),
            maker,
            class: (&class.0, &class.1),
            over_the_counter: easy || random.percent(20),
            permit_date: date,
            form: form.name,
            total: form.total,
            actives,
            additives,
            cancel,
            image: if solid {
                format!("https://nedrug.mfds.go.kr/pbp/cmn/itemImageDownload/9{index:017}")
            } else {
                String::new()
            },
            random,
        })
    }

    /// 일반의약품 or 전문의약품.
    pub(crate) const fn otc(&self) -> &'static str {
        if self.over_the_counter {
            "일반의약품"
        } else {
            "전문의약품"
        }
    }
}

fn skewed<'a, T>(random: &mut Random, items: &'a [T]) -> Option<&'a T> {
    let index = random.skewed(u32::try_from(items.len()).ok()?);
    items.get(usize::try_from(index).ok()?)
}

fn actives<'a>(random: &mut Random, pools: &'a Pools) -> Option<Vec<Active<'a>>> {
    let count = match random.below(100) {
        0..=69 => 1,
        70..=84 => 2,
        85..=94 => random.between(3, 5),
        _ => random.between(6, 20),
    };
    let mut actives = Vec::<Active<'a>>::new();
    for _ in 0..count {
        let substance = skewed(random, &pools.ingredients)?;
        let amount = random.word(&STRENGTHS);
        let unit = match random.below(20) {
            0 => "그램",
            1 => "마이크로그램",
            2 => "국제단위",
            3 => "밀리그람",
            _ => "밀리그램",
        };
        let as_active = random.percent(15).then(|| random.word(&STRENGTHS));
        // A product names each of its ingredients once.
        if !actives
            .iter()
            .any(|active| active.substance.name == substance.name)
        {
            actives.push(Active {
                substance,
                amount,
                unit,
                as_active,
            });
        }
    }
    Some(actives)
}

fn name(random: &mut Random, form: &Form, actives: &[Active<'_>]) -> String {
    let brand = syllables(random, 4);
    match actives {
        [only] => format!(
            "{brand}{}{}{}({})",
            form.suffix, only.amount, only.unit, only.substance.name
        ),
        _ => format!("{brand}{}", form.suffix),
    }
}
