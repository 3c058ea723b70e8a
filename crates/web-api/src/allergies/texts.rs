//! The sentences of warnings, in Korean and English.

use domain::safety::{CrossReaction, Depth, Finding, Group, SharedChain};
use service_kit::problem::Language;

/// Why a product is marked: the allergen and what the product holds by their names.
pub(super) fn reason(
    finding: Finding,
    (allergen, held): (&str, &str),
    language: Language,
) -> String {
    let korean = language == Language::Korean;
    match (finding.depth, finding.cross) {
        (Depth::CrossReaction, Some(cross)) => crossing(cross, (allergen, held), korean),
        (Depth::SameIngredient | Depth::CrossReaction, _) if korean => {
            format!("알레르기로 등록한 성분이 들어 있습니다: {held}.")
        }
        (Depth::SameIngredient | Depth::CrossReaction, _) => {
            format!("It holds an ingredient that you listed as an allergen: {held}.")
        }
        (Depth::SameSubstance, _) if korean => format!(
            "알레르기로 등록한 성분({allergen})과 같은 물질이 다른 염·수화물·제제로 들어 있습니다: {held}."
        ),
        (Depth::SameSubstance, _) => format!(
            "It holds the same substance as your allergen ({allergen}), as another salt, hydrate or \
             preparation: {held}."
        ),
        (Depth::Additive, _) if korean => format!(
            "알레르기로 등록한 성분({allergen}) 또는 같은 물질이 첨가제로 들어 있습니다: {held}."
        ),
        (Depth::Additive, _) => {
            format!(
                "It holds your allergen ({allergen}), or the same substance, as an additive: {held}."
            )
        }
    }
}

fn crossing(cross: CrossReaction, (allergen, held): (&str, &str), korean: bool) -> String {
    let from = class(cross.allergen.group, korean);
    let to = class(cross.held.group, korean);
    let mut text = if korean {
        format!(
            "알레르기로 등록한 {allergen}({from})과 교차반응이 알려진 성분이 들어 있습니다: {held}({to})."
        )
    } else {
        format!(
            "It holds {held} ({to}), which is known to cross-react with your allergen {allergen} ({from})."
        )
    };
    let chains = match (cross.chain, korean) {
        (Some(SharedChain::Identical), true) => " 두 성분의 곁사슬(R1)이 같습니다.",
        (Some(SharedChain::Identical), false) => " Their side chains (R1) are identical.",
        (Some(SharedChain::Similar), true) => " 두 성분의 곁사슬(R1)이 비슷합니다.",
        (Some(SharedChain::Similar), false) => " Their side chains (R1) are similar.",
        (None, _) => "",
    };
    text.push_str(chains);
    text
}

const fn class(group: Group, korean: bool) -> &'static str {
    let (ko, en) = match group {
        Group::Penicillin => ("페니실린계", "a penicillin"),
        Group::Cephalosporin => ("세팔로스포린계", "a cephalosporin"),
        Group::Carbapenem => ("카바페넴계", "a carbapenem"),
        Group::Monobactam => ("모노박탐계", "a monobactam"),
        Group::Cox1Inhibitor => ("비스테로이드성 소염진통제", "a COX-1 inhibitor"),
        Group::PreferentialCox2Inhibitor => ("COX-2 우선 억제제", "a preferential COX-2 inhibitor"),
        Group::SelectiveCox2Inhibitor => ("선택적 COX-2 억제제", "a selective COX-2 inhibitor"),
        Group::Acetaminophen => ("아세트아미노펜", "acetaminophen"),
        Group::Salicylate => ("살리실산계", "a salicylate"),
        Group::Aminosalicylate => ("5-아미노살리실산계", "an aminosalicylate"),
        Group::AntibacterialSulfonamide => ("설폰아미드계 항균제", "an antibacterial sulfonamide"),
    };
    if korean { ko } else { en }
}
