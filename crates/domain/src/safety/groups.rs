//! Classes whose members cross-react, and how they do. The sources stand in `docs/safety.md`.

use serde::{Deserialize, Serialize};

use super::{Identity, Level};

/// A class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Group {
    /// 페니실린계.
    Penicillin,
    /// 세팔로스포린계.
    Cephalosporin,
    /// 카바페넴계 and penems.
    Carbapenem,
    /// 모노박탐계.
    Monobactam,
    /// Anti-inflammatories that inhibit COX-1 (비선택적 NSAID), pyrazolones among them.
    Cox1Inhibitor,
    /// Those that inhibit COX-2 first and COX-1 at higher doses.
    PreferentialCox2Inhibitor,
    /// Those that inhibit COX-2 only.
    SelectiveCox2Inhibitor,
    /// 아세트아미노펜, a weak inhibitor of COX-1.
    Acetaminophen,
    /// Salicylates without acetyl, weak inhibitors of COX-1; and 아스피린, 트리플루살 and 디플루니살, which are in the
    /// class of those that inhibit it, too.
    Salicylate,
    /// 5-아미노살리실산 and what releases it.
    Aminosalicylate,
    /// Sulfonamides against bacteria (with an arylamine). Others (diuretics, sulfonylureas, 세레콕시브)
    /// aren't among them and don't cross-react with them.
    AntibacterialSulfonamide,
}

/// The side chain R1 by which antibodies against a beta-lactam know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SideChain {
    /// 암피실린's: phenylglycine.
    Phenylglycyl,
    /// 아목시실린's: hydroxyphenylglycine.
    Hydroxyphenylglycyl,
    /// 세프라딘's: cyclohexadienylglycine.
    Cyclohexadienylglycyl,
    /// 세프트리악손's: aminothiazolyl with a methoxyimino group.
    Methoxyimino,
    /// 세푸록심's: furyl with a methoxyimino group.
    FurylMethoxyimino,
    /// 세프타지딤's and 아즈트레오남's.
    Carboxypropyloxyimino,
    /// 세픽심's.
    Carboxymethoxyimino,
    /// 세프디니르's.
    Hydroxyimino,
    /// 세폭시틴's and 세팔로틴's.
    Thienyl,
    /// 벤질페니실린's.
    Benzyl,
    /// 세파만돌's.
    Mandelyl,
}

/// How two side chains are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SharedChain {
    /// The very same.
    Identical,
    /// Of one shape.
    Similar,
}

/// To what an ingredient belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Membership {
    /// The class.
    pub group: Group,
    /// The side chain, of beta-lactams that have one of those above.
    pub chain: Option<SideChain>,
}

/// Which classes cross-react, and by what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CrossReaction {
    /// The allergen's.
    pub allergen: Membership,
    /// The ingredient's.
    pub held: Membership,
    /// How their side chains are alike; nothing where they aren't, or where it isn't told by them.
    pub chain: Option<SharedChain>,
}

/// The gravest cross-reaction of two ingredients; of equally grave ones that by the side chain.
pub(super) fn cross(allergen: &Identity, held: &Identity) -> Option<(Level, CrossReaction)> {
    let pairs = allergen
        .memberships()
        .flat_map(|one| held.memberships().map(move |other| (one, other)));
    let found = pairs.filter_map(|(allergen, held)| {
        let chain = shared(allergen.chain, held.chain);
        let level = level(allergen.group, held.group, chain)?;
        let cross = CrossReaction {
            allergen,
            held,
            chain,
        };
        Some((level, cross))
    });
    found.max_by_key(|(level, cross)| {
        let near = cross.chain.map(std::cmp::Reverse);
        (*level, near, std::cmp::Reverse(*cross))
    })
}

/// How grave the cross-reaction of two classes is, whichever of them is the allergen's.
fn level(one: Group, other: Group, chain: Option<SharedChain>) -> Option<Level> {
    use Group::{
        Acetaminophen, Aminosalicylate, AntibacterialSulfonamide, Carbapenem, Cephalosporin,
        Cox1Inhibitor, Monobactam, Penicillin, PreferentialCox2Inhibitor, Salicylate,
        SelectiveCox2Inhibitor,
    };
    let (first, second) = (one.min(other), one.max(other));
    match (first, second) {
        // One ring system; labels forbid all of them after a reaction to any.
        (Penicillin, Penicillin)
        | (Carbapenem, Carbapenem)
        | (Monobactam, Monobactam)
        // A reaction to COX-1's inhibition is one to all that inhibit it.
        | (Cox1Inhibitor, Cox1Inhibitor)
        | (AntibacterialSulfonamide, AntibacterialSulfonamide) => Some(Level::Danger),
        // Antibodies against a cephalosporin know its side chain.
        (Cephalosporin, Cephalosporin) if chain == Some(SharedChain::Identical) => {
            Some(Level::Danger)
        }
        (Cephalosporin, Monobactam) => {
            (chain == Some(SharedChain::Identical)).then_some(Level::Caution)
        }
        (Penicillin | Cephalosporin, Cephalosporin | Carbapenem)
        | (
            Cox1Inhibitor,
            PreferentialCox2Inhibitor | SelectiveCox2Inhibitor | Acetaminophen | Salicylate,
        )
        | (PreferentialCox2Inhibitor, PreferentialCox2Inhibitor)
        | (SelectiveCox2Inhibitor, SelectiveCox2Inhibitor)
        | (Salicylate, Salicylate | Aminosalicylate)
        | (Aminosalicylate, Aminosalicylate) => Some(Level::Caution),
        _ => None,
    }
}

/// How two side chains are alike.
fn shared(one: Option<SideChain>, other: Option<SideChain>) -> Option<SharedChain> {
    let (one, other) = (one?, other?);
    if one == other {
        return Some(SharedChain::Identical);
    }
    (family(one) == family(other)).then_some(SharedChain::Similar)
}

/// Side chains of one shape, named by one of them.
const fn family(chain: SideChain) -> SideChain {
    use SideChain::{
        Benzyl, Carboxymethoxyimino, Carboxypropyloxyimino, Cyclohexadienylglycyl,
        FurylMethoxyimino, Hydroxyimino, Hydroxyphenylglycyl, Mandelyl, Methoxyimino, Phenylglycyl,
        Thienyl,
    };
    match chain {
        Phenylglycyl | Hydroxyphenylglycyl | Cyclohexadienylglycyl => Phenylglycyl,
        Methoxyimino
        | FurylMethoxyimino
        | Carboxypropyloxyimino
        | Carboxymethoxyimino
        | Hydroxyimino => Methoxyimino,
        Thienyl | Benzyl => Thienyl,
        Mandelyl => Mandelyl,
    }
}
