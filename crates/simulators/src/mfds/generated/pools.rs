//! What generated products are put together from.

use std::collections::HashSet;

use super::super::wire;
use super::{
    random::Random,
    words::{
        ADVICE, CLASS_WORDS, ENDINGS, EVENTS, REAL_ADDITIVES, REAL_INGREDIENTS, SALTS, SUBJECTS,
        SYLLABLES,
    },
};

/// How many makers there are, about as many as in the real list.
const MAKERS: usize = 600;
/// How many active ingredients there are.
const INGREDIENTS: usize = 1_500;
/// How many additives there are.
const ADDITIVES: usize = 300;
/// How many classes (types) there are.
const CLASSES: u32 = 120;
/// How many sentences documents are made of.
const SENTENCES: usize = 600;

/// A maker.
#[derive(Debug)]
pub(crate) struct Maker {
    pub(crate) name: String,
    pub(crate) number: String,
    pub(crate) business: String,
}

/// A substance with its code.
#[derive(Debug)]
pub(crate) struct Substance {
    pub(crate) code: String,
    pub(crate) name: String,
}

/// Everything that products draw from.
#[derive(Debug)]
pub(crate) struct Pools {
    pub(crate) makers: Vec<Maker>,
    pub(crate) classes: Vec<(String, String)>,
    pub(crate) ingredients: Vec<Substance>,
    pub(crate) additives: Vec<Substance>,
    /// Escaped for JSON, ready to be copied.
    pub(crate) sentences: Vec<Vec<u8>>,
}

impl Pools {
    pub(crate) fn new(seed: u64) -> Self {
        // The streams of products start from zero, so the pools take theirs from the end.
        let mut random = Random::new(seed, u64::MAX);
        Self {
            makers: makers(&mut random),
            classes: (0..CLASSES).map(class).collect(),
            ingredients: substances(
                &mut random,
                INGREDIENTS,
                100_000,
                &REAL_INGREDIENTS,
                ingredient,
            ),
            additives: substances(&mut random, ADDITIVES, 40_000, &REAL_ADDITIVES, additive),
            sentences: (0..SENTENCES).map(|_| sentence(&mut random)).collect(),
        }
    }
}

/// Two to `most` syllables.
pub(crate) fn syllables(random: &mut Random, most: u32) -> String {
    let count = random.between(2, most);
    (0..count).map(|_| random.word(&SYLLABLES)).collect()
}

fn makers(random: &mut Random) -> Vec<Maker> {
    let mut seen = HashSet::new();
    let mut makers = Vec::with_capacity(MAKERS);
    while makers.len() < MAKERS {
        let base = syllables(random, 3);
        let kind = random.word(&["제약", "약품", "바이오", "파마", "헬스케어"]);
        let name = match random.below(4) {
            0 => format!("{base}{kind}(주)"),
            1 => format!("(유){base}{kind}"),
            _ => format!("(주){base}{kind}"),
        };
        if seen.insert(name.clone()) {
            let index = u32::try_from(makers.len()).unwrap_or(u32::MAX);
            let number = (19_500_001 + index * 1_013).to_string();
            let business = (1_000_000_000 + u64::from(index) * 7_654_321).to_string();
            makers.push(Maker {
                name,
                number,
                business,
            });
        }
    }
    makers
}

fn class(index: u32) -> (String, String) {
    let words = u32::try_from(CLASS_WORDS.len()).unwrap_or(1);
    let word = usize::try_from(index % words)
        .ok()
        .and_then(|word| CLASS_WORDS.get(word));
    let word = word.copied().unwrap_or_default();
    let name = match index / words {
        0 => format!("{word}제"),
        1 => format!("기타의 {word}제"),
        round => format!("기타의 {word}제({round}군)"),
    };
    (format!("{:05}", 1_100 + index * 60), name)
}

fn substances(
    random: &mut Random,
    count: usize,
    code: u32,
    real: &[&str],
    make: fn(&mut Random) -> String,
) -> Vec<Substance> {
    let mut names: Vec<String> = real.iter().map(|name| (*name).to_owned()).collect();
    let mut seen: HashSet<String> = names.iter().cloned().collect();
    while names.len() < count {
        let name = make(random);
        if seen.insert(name.clone()) {
            names.push(name);
        }
    }
    let coded = names.into_iter().zip(code..);
    coded
        .map(|(name, code)| Substance {
            code: format!("M{code:06}"),
            name,
        })
        .collect()
}

fn ingredient(random: &mut Random) -> String {
    format!(
        "{}{}{}",
        syllables(random, 3),
        random.word(&ENDINGS),
        random.word(&SALTS)
    )
}

fn additive(random: &mut Random) -> String {
    match random.below(3) {
        0 => format!(
            "{}향 {}",
            syllables(random, 2),
            random.between(1_000, 999_999)
        ),
        1 => format!("{}색소 {}호", syllables(random, 2), random.between(1, 99)),
        _ => format!(
            "{}셀룰로오스{}",
            syllables(random, 3),
            random.between(1, 400)
        ),
    }
}

/// A sentence of 40 to 200 characters.
fn sentence(random: &mut Random) -> Vec<u8> {
    let mut text = format!("{}에게 {}", random.word(&SUBJECTS), random.word(&EVENTS));
    for _ in 0..random.below(3) {
        text.push_str(", ");
        text.push_str(random.word(&EVENTS));
    }
    text.push_str(match random.below(4) {
        0 => " 등이 드물게(&lt;1/1,000) 나타날 수 있다. ",
        1 => "&nbsp;등이 나타날 수 있다. ",
        _ => " 등이 나타날 수 있다. ",
    });
    for _ in 0..random.between(1, 2) {
        text.push_str(random.word(&ADVICE));
        text.push_str(". ");
    }
    let mut escaped = Vec::new();
    wire::escape(text.trim_end().as_bytes(), &mut escaped);
    escaped
}
