//! Therapeutic types.
//!
//! The rule for the parts that people look for. A name is a list where it holds `.`, `·` or `,`
//! between words outside brackets (`해열.진통.소염제`, `하제, 완장제`). The members of such a list are
//! its parts; where only the last ends in 제, it closes the whole list (해열, 진통, 소염 are meant) and
//! is dropped; where every member ends in 제, each keeps it (하제, 완장제). A name in prose
//! (`기타의 …`, `주로 …`, `따로 …`) and every other name is one part as it stands (`진해거담제`).

use std::collections::HashSet;

use crate::catalogue::{TherapeuticClass, name::tidy};

/// Reads `[01140]해열.진통.소염제`, or the name alone with its code beside it. Nothing where neither
/// a name is left; a "name" of digits only (rows shifted by a stray tab hold such) is none.
#[must_use]
pub fn parse_class(code: Option<&str>, name: &str) -> Option<TherapeuticClass> {
    let name = tidy(name);
    let (bracketed, name) = split_code(&name);
    let name = name.trim();
    if name.is_empty() || name.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let code = bracketed
        .or(code.map(str::trim))
        .filter(|code| is_code(code));
    Some(TherapeuticClass {
        code: code.map(str::to_owned),
        parts: parts(name),
        name: name.to_owned(),
    })
}

fn split_code(name: &str) -> (Option<&str>, &str) {
    name.strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
        .filter(|(code, _)| is_code(code.trim()))
        .map_or((None, name), |(code, rest)| (Some(code.trim()), rest))
}

fn is_code(code: &str) -> bool {
    code.len() == 5 && code.bytes().all(|byte| byte.is_ascii_digit())
}

fn parts(name: &str) -> Vec<String> {
    const PROSE: [&str; 3] = ["기타의 ", "주로 ", "따로 "];
    let whole = || vec![name.to_owned()];
    if PROSE.iter().any(|start| name.starts_with(start)) {
        return whole();
    }
    let mut members = split_list(name);
    if members.len() < 2 || members.iter().any(String::is_empty) {
        return whole();
    }
    let Some((last, others)) = members.split_last_mut() else {
        return whole();
    };
    if !others.iter().any(|member| member.ends_with('제'))
        && let Some(stem) = last.strip_suffix('제').map(str::to_owned)
        && stem.chars().count() > 1
    {
        *last = stem;
    }
    let mut seen = HashSet::new();
    members.retain(|member| seen.insert(member.clone()));
    members
}

/// Splits at list marks outside brackets.
fn split_list(name: &str) -> Vec<String> {
    let mut members = vec![String::new()];
    let mut depth = 0_usize;
    for c in name.chars() {
        match c {
            '(' | '[' => depth = depth.saturating_add(1),
            ')' | ']' => depth = depth.saturating_sub(1),
            '.' | ',' | '·' | 'ㆍ' | '･' | '・' if depth == 0 => {
                members.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(member) = members.last_mut() {
            member.push(c);
        }
    }
    members
        .into_iter()
        .map(|member| member.trim().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::parse_class;

    const CASES: &[(&str, Option<&str>, &str, &[&str])] = &[
        (
            "[01140]해열.진통.소염제",
            Some("01140"),
            "해열.진통.소염제",
            &["해열", "진통", "소염"],
        ),
        ("하제, 완장제", None, "하제, 완장제", &["하제", "완장제"]),
        (
            "최토제, 진토제",
            None,
            "최토제, 진토제",
            &["최토제", "진토제"],
        ),
        (
            "각성제,흥분제",
            None,
            "각성제,흥분제",
            &["각성제", "흥분제"],
        ),
        ("혈압강하제", None, "혈압강하제", &["혈압강하제"]),
        ("진해거담제", None, "진해거담제", &["진해거담제"]),
        (
            "[02390]기타의 소화기관용약",
            Some("02390"),
            "기타의 소화기관용약",
            &["기타의 소화기관용약"],
        ),
        (
            "갑상선, 부갑상선호르몬제",
            None,
            "갑상선, 부갑상선호르몬제",
            &["갑상선", "부갑상선호르몬"],
        ),
        (
            "모발용제(발모, 탈모, 염모, 양모제)",
            None,
            "모발용제(발모, 탈모, 염모, 양모제)",
            &["모발용제(발모, 탈모, 염모, 양모제)"],
        ),
        (
            "주로 그람양성, 음성균에 작용하는 것",
            None,
            "주로 그람양성, 음성균에 작용하는 것",
            &["주로 그람양성, 음성균에 작용하는 것"],
        ),
        (
            "비타민 A 및 D제",
            None,
            "비타민 A 및 D제",
            &["비타민 A 및 D제"],
        ),
        ("[미정]소화제", None, "[미정]소화제", &["[미정]소화제"]),
    ];

    #[test]
    fn takes_lists_apart_and_nothing_else() {
        for &(text, code, name, parts) in CASES {
            let class = parse_class(None, text).unwrap();
            assert_eq!(class.code.as_deref(), code, "{text}");
            assert_eq!(class.name, name);
            assert_eq!(class.parts, parts);
        }
        for none in ["", "[01140]", "02140", " "] {
            assert_eq!(parse_class(Some("02140"), none), None, "{none}");
        }
        let beside = parse_class(Some("02140"), "혈압강하제").unwrap();
        assert_eq!(beside.code.as_deref(), Some("02140"));
    }
}
