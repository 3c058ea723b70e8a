//! Which substance a name means.
//!
//! [`crate::catalogue::Substance`] answers whether two products are the same, where an invented
//! relation does harm. Here a missed one does, so that more is taken away: esters that the body
//! splits, grades, particles, coatings. Still only whole words of nomenclature, from an end of the
//! name, and never down to a metal: 나트륨 is what a salt is made with, not what somebody reacts to.

use self::synonyms::{ISOMERS, SPELLINGS, SYNONYMS};
use self::words::{
    ALCOHOLS, ESTER_ACIDS, ESTER_TAILS, ESTERS, IONS, METALS, OLD_ACIDS, POLYMERS, PREPARATIONS,
    QUALITIES,
};
use crate::catalogue::{base_of, canonical_ingredient_name};

mod synonyms;
mod words;

/// Steps that a name is shortened by, at most: far more than any has parts.
const MAX_STEPS: usize = 12;
/// Letters of each part of a name that holds several substances.
const SHORTEST_PART: usize = 3;

/// The substances that a name means: one, and where it joins several (`아목시실린·클라불란산칼륨`)
/// each of those as well. Empty for a name without letters.
#[must_use]
pub fn substances_of(name: &str) -> Vec<String> {
    let name = spelt(&canonical_ingredient_name(name));
    if name.is_empty() {
        return Vec::new();
    }
    let mut found = vec![substance_of(&name)];
    let parts: Vec<&str> = parts_of(&name);
    if parts.len() > 1 {
        for part in parts.into_iter().map(substance_of) {
            if !found.contains(&part) {
                found.push(part);
            }
        }
    }
    found
}

/// As the lists spell it. Spaces tell nothing apart: `황색 4호`, `레보세티리진 염산염`.
fn spelt(name: &str) -> String {
    let name = name.replace(' ', "");
    SPELLINGS.iter().fold(name, |name, (other, ours)| {
        if name.contains(other) {
            name.replace(other, ours)
        } else {
            name
        }
    })
}

/// What a name joins. Full stops and hyphens join as well (`아목시실린수화물.클라불란산칼륨`), but not in
/// `디.씨.`, `2.5수화물` and `알파-…`: each part has to be long enough to be a name.
fn parts_of(name: &str) -> Vec<&str> {
    // Without how much there is of each: 아목시실린·클라불란산칼륨 4:1.
    let ratio = |c: char| c.is_ascii_digit() || " :".contains(c);
    let name = without_brackets(name).trim_end_matches(ratio);
    // A dot in the middle joins whatever stands beside it: 아이비엽건조엑스(5~7.5→1)·유당혼합물.
    let split = |joints: &str, shortest| {
        let parts = split_at(name, joints);
        let all = parts.iter().all(|part| is_part(part, shortest));
        all.then_some(parts)
    };
    split("·ㆍ・•‧․+.,:-", SHORTEST_PART)
        .or_else(|| split("·ㆍ・•‧․+", 2))
        .unwrap_or_default()
}

/// Neither `2.5수화물` nor `L-프롤린` is split: else what has nothing else in common would share it.
fn split_at<'n>(name: &'n str, joints: &str) -> Vec<&'n str> {
    let mut parts = Vec::new();
    let (mut start, mut before) = (0, ' ');
    let mut letters = name.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        let after = letters.peek().map(|(_, c)| *c);
        let one_word = match c {
            '.' => before.is_ascii_digit(),
            // Also S-아데노실-L-메티오닌.
            '-' => {
                before.is_ascii_alphabetic() || after.is_some_and(|one| one.is_ascii_alphabetic())
            }
            _ => false,
        };
        if joints.contains(c) && !one_word {
            parts.extend(name.get(start..at));
            start = at.saturating_add(c.len_utf8());
        }
        before = c;
    }
    parts.extend(name.get(start..));
    parts
}

fn is_part(text: &str, shortest: usize) -> bool {
    let hangul = text.chars().filter(|c| ('가'..='힣').contains(c)).count();
    hangul >= shortest
}

/// A listed name is one before anything is taken from it: 스테아린산마그네슘 is no salt of 스테아린산.
fn substance_of(name: &str) -> String {
    let mut rest = name;
    for _ in 0..MAX_STEPS {
        let shorter = shorten(rest);
        if is_listed(rest) || shorter == rest {
            break;
        }
        rest = shorter;
    }
    main_name(rest).to_owned()
}

fn is_listed(name: &str) -> bool {
    let isomer = || ISOMERS.iter().any(|(isomer, _)| *isomer == name);
    SYNONYMS.iter().any(|row| row.contains(&name)) || isomer()
}

/// The name without one thing that is not the substance; the same where there is none.
fn shorten(name: &str) -> &str {
    let steps = [
        without_brackets,
        without_grade,
        without_beginning,
        without_ending,
        base_of,
        without_ester,
    ];
    steps
        .iter()
        .map(|step| step(name).trim())
        .find(|shorter| shorter.len() < name.len())
        .unwrap_or(name)
}

/// Without what stands in brackets at the end: `아세트아미노펜(미분화)`, `클라불란산칼륨[7:1]`.
fn without_brackets(name: &str) -> &str {
    let open = match name.chars().last() {
        Some(')') => '(',
        Some(']') => '[',
        _ => return name,
    };
    match name.rsplit_once(open) {
        Some((rest, _)) if is_name(rest) => rest.trim(),
        _ => name,
    }
}

/// Polymers are named with how long their chains are: 마크로골4000, 포비돈K-30.
fn without_grade(name: &str) -> &str {
    let found = POLYMERS.iter().find_map(|polymer| {
        let grade = name.strip_prefix(polymer)?;
        let is_grade = grade
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || " -.,/%케이".contains(c));
        is_grade.then_some(*polymer)
    });
    found.unwrap_or(name)
}

fn without_beginning(name: &str) -> &str {
    let quality = QUALITIES.iter().find_map(|word| {
        let rest = name.strip_prefix(word)?.trim_start();
        (letters(rest) > if word.ends_with('-') { 1 } else { 2 }).then_some(rest)
    });
    let acid = || {
        OLD_ACIDS.iter().find_map(|acid| {
            let rest = name.strip_prefix(acid)?;
            // 수산화… is no oxalate.
            let fits = letters(rest) > 2 && !rest.starts_with('화') && !is_metal(rest);
            fits.then_some(rest)
        })
    };
    // 염화데쿠알리늄 and 데쿠알리늄염화물 are one, 염화알루미늄 is a mineral.
    let ion = || {
        ["브롬화", "염화", "요오드화"].iter().find_map(|halide| {
            let rest = name.strip_prefix(halide)?;
            let fits = IONS.iter().any(|ion| rest.ends_with(ion)) && !is_metal(rest);
            (fits && letters(rest) > 3).then_some(rest)
        })
    };
    quality.or_else(acid).or_else(ion).unwrap_or(name)
}

fn without_ending(name: &str) -> &str {
    let found = PREPARATIONS.iter().find_map(|ending| {
        let rest = name.strip_suffix(ending)?.trim_end();
        (letters(rest) > 1 && !METALS.contains(&rest)).then_some(rest)
    });
    // 락툴로오즈액; a short name may end so by itself.
    let liquid = || {
        name.strip_suffix('액')
            .filter(|rest| letters(rest) > 2 && !is_metal(rest))
    };
    // 아세트아미노펜90%과립, 애엽95%에탄올연조엑스.
    let strength = || {
        let rest = name.strip_suffix('%')?;
        let rest = rest.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        (letters(rest) > 1).then_some(rest)
    };
    found.or_else(liquid).or_else(strength).unwrap_or(name)
}

fn without_ester(name: &str) -> &str {
    let fits = |rest: &str| letters(rest) > 2 && !is_metal(rest);
    let plain = ESTERS
        .iter()
        .find_map(|ester| name.strip_suffix(ester).filter(|rest| fits(rest)));
    let alcohol = |rest: &str| fits(rest) && ALCOHOLS.iter().any(|end| rest.ends_with(end));
    let of_acid = || {
        ESTER_TAILS.iter().find_map(|tail| {
            let stem = name.strip_suffix(tail)?;
            ESTER_ACIDS
                .iter()
                .find_map(|acid| stem.strip_suffix(acid).filter(|rest| alcohol(rest)))
        })
    };
    let before = || {
        ESTER_ACIDS
            .iter()
            .find_map(|acid| name.strip_prefix(acid).filter(|rest| alcohol(rest)))
    };
    plain.or_else(of_acid).or_else(before).unwrap_or(name)
}

/// The name among several of one substance that stands for all.
fn main_name(name: &str) -> &str {
    let isomer = ISOMERS.iter().find(|(isomer, _)| *isomer == name);
    let name = isomer.map_or(name, |(_, mixture)| mixture);
    let row = SYNONYMS.iter().find(|row| row.contains(&name));
    row.and_then(|row| row.first()).copied().unwrap_or(name)
}

fn is_metal(name: &str) -> bool {
    METALS.iter().any(|metal| name.ends_with(metal))
}

fn is_name(name: &str) -> bool {
    letters(name) > 1
}

fn letters(name: &str) -> usize {
    name.chars().filter(|c| c.is_alphabetic()).count()
}

#[cfg(test)]
mod tests;
