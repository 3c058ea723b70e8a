//! What a signed-in answer says of one medicine.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use domain::catalogue::IngredientId;
use domain::safety::{AllergyCheck, Depth, Group, Level, SharedChain, SideChain, Warning};
use domain::token::UserId;
use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use service_kit::problem::Language;
use utoipa::ToSchema;

use super::matches::{Matches, named};
use super::{AllergyError, service, texts};
use crate::accounts::{AccountError, Accounts};
use crate::catalogue::{Kind, Snapshot};
use crate::http::mirror::mirror;

/// How long an answer waits for a list: whoever reads about a medicine gets that at least.
const PATIENCE: Duration = Duration::from_secs(2);
/// What is worked out of a list takes about so much, in bytes.
const WORKED_OUT: usize = 32 * 1_024;

/// A member's allergens as they were read, with what they mean in the snapshot that was asked about
/// last.
#[derive(Debug, Default)]
pub(crate) struct Allergens {
    ids: Vec<IngredientId>,
    /// Of which snapshot: it may go meanwhile.
    last: Mutex<Option<(Weak<Snapshot>, Arc<Matches>)>>,
}

impl Allergens {
    /// Loads a member's list; nothing where that fails, which is logged.
    pub(crate) async fn load(accounts: Arc<Accounts>, id: UserId) -> Option<Self> {
        let loaded = tokio::time::timeout(PATIENCE, service::allergens(accounts, id));
        match loaded.await {
            Ok(Ok(list)) => Some(Self {
                ids: list.items().iter().map(|one| one.id).collect(),
                last: Mutex::default(),
            }),
            // A member who has just gone is no fault.
            Ok(Err(AllergyError::Account(AccountError::SessionOver))) => Some(Self::default()),
            Ok(Err(error)) => {
                tracing::warn!(cause = %error, "allergies can't be loaded: answers say so");
                None
            }
            Err(_) => {
                tracing::warn!("allergies weren't loaded in time: answers say so");
                None
            }
        }
    }

    /// What they mean in a snapshot.
    pub(crate) fn against(&self, snapshot: &Arc<Snapshot>) -> Arc<Matches> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, matches)) = &*last
            && std::ptr::eq(of.as_ptr(), Arc::as_ptr(snapshot))
        {
            return Arc::clone(matches);
        }
        let matches = Arc::new(Matches::new(snapshot, self.ids.iter().copied()));
        *last = Some((Arc::downgrade(snapshot), Arc::clone(&matches)));
        matches
    }

    /// What it takes in memory, in bytes.
    pub(crate) fn size(&self) -> usize {
        size_of_val(&*self.ids) + WORKED_OUT
    }
}

/// A caller's allergies, ready to be held against medicines.
#[derive(Debug)]
pub(crate) struct Checker {
    /// Nothing where they can't be loaded.
    matches: Option<Arc<Matches>>,
    language: Language,
}

impl Checker {
    /// One that tells in a language.
    pub(crate) fn new(matches: Option<Arc<Matches>>, language: Language) -> Self {
        Self { matches, language }
    }

    /// What the answer says of a product.
    pub(crate) fn marks(&self, snapshot: &Snapshot, position: u32) -> AllergyMarks {
        let Some(matches) = &self.matches else {
            return AllergyMarks::unavailable();
        };
        let checked = matches.check(snapshot, position);
        let warnings = checked.warnings.iter();
        let warnings = warnings.filter_map(|one| self.told(matches, one, snapshot));
        AllergyMarks {
            allergy_check: Some(checked.check.into()),
            allergy_warnings: Some(warnings.collect()),
            allergy_check_complete: Some(checked.complete),
        }
    }

    fn told(&self, matches: &Matches, warning: &Warning<u32>, snapshot: &Snapshot) -> Option<Told> {
        let text = matches.text(warning, self.language);
        if let Some(written) = text.and_then(|text| text.get()) {
            return Some(Told::Written(Arc::clone(written)));
        }
        let body = WarningBody::new(warning, snapshot, self.language)?;
        let written = text.zip(to_raw_value(&body).ok());
        Some(match written {
            Some((text, written)) => {
                Told::Written(Arc::clone(text.get_or_init(|| Arc::from(written))))
            }
            // It is told nevertheless, or what fails fails where that is noticed.
            None => Told::Body(Box::new(body)),
        })
    }
}

/// A warning on its way into an answer.
#[derive(Debug)]
enum Told {
    Written(Arc<RawValue>),
    Body(Box<WarningBody>),
}

impl Serialize for Told {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Written(text) => text.as_ref().serialize(serializer),
            Self::Body(body) => body.serialize(serializer),
        }
    }
}

/// What a medicine means for the caller's allergies. Absent from signed-out answers.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AllergyMarks {
    /// What was found. Nothing is ever called safe.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    allergy_check: Option<CheckBody>,
    /// Every reason, the gravest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<Vec<WarningBody>>)]
    allergy_warnings: Option<Vec<Told>>,
    /// Whether all that the product holds could be checked. Where not, there may be more than the
    /// warnings say.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    allergy_check_complete: Option<bool>,
}

impl AllergyMarks {
    /// That the allergies can't be had.
    pub(crate) fn unavailable() -> Self {
        Self {
            allergy_check: Some(AllergyCheck::Unavailable.into()),
            allergy_warnings: Some(Vec::new()),
            allergy_check_complete: Some(false),
        }
    }
}

mirror! {
    /// What was found of the caller's allergies.
    #[schema(as = AllergyCheck)]
    CheckBody from AllergyCheck {
        /// It holds an allergen, or what is known to cause the same reaction.
        Danger,
        /// It holds what may cross-react.
        Caution,
        /// All that it holds is known, and nothing of it is known to bear on the allergens.
        NoKnownMatch,
        /// What it holds isn't wholly known, and nothing was found in the rest.
        Unknown,
        /// The allergies can't be loaded right now: ask again soon.
        Unavailable,
    }
}

mirror! {
    /// How grave a warning is.
    #[schema(as = AllergyLevel)]
    LevelBody from Level {
        /// Ask a doctor or a pharmacist.
        Caution,
        /// Keep away from it.
        Danger,
    }
}

mirror! {
    /// How near what was found is to the allergen.
    #[schema(as = AllergyDepth)]
    DepthBody from Depth {
        /// The very ingredient acts in it.
        SameIngredient,
        /// The same substance does, as another salt, hydrate, ester or preparation.
        SameSubstance,
        /// The ingredient, or the same substance, is an additive.
        Additive,
        /// A class with known cross-reactions.
        CrossReaction,
    }
}

mirror! {
    /// A class whose members cross-react.
    #[schema(as = AllergyClass)]
    ClassBody from Group {
        /// 페니실린계
        Penicillin,
        /// 세팔로스포린계
        Cephalosporin,
        /// 카바페넴계
        Carbapenem,
        /// 모노박탐계
        Monobactam,
        /// 비선택적 비스테로이드성 소염진통제
        Cox1Inhibitor,
        /// COX-2를 먼저 억제하는 소염진통제
        PreferentialCox2Inhibitor,
        /// 선택적 COX-2 억제제
        SelectiveCox2Inhibitor,
        /// 아세트아미노펜
        Acetaminophen,
        /// 살리실산계
        Salicylate,
        /// 5-아미노살리실산계
        Aminosalicylate,
        /// 설폰아미드계 항균제
        AntibacterialSulfonamide,
    }
}

mirror! {
    /// The side chain (R1) of a beta-lactam.
    #[schema(as = SideChain)]
    ChainBody from SideChain {
        /// 암피실린's.
        Phenylglycyl,
        /// 아목시실린's.
        Hydroxyphenylglycyl,
        /// 세프라딘's.
        Cyclohexadienylglycyl,
        /// 세프트리악손's.
        Methoxyimino,
        /// 세푸록심's.
        FurylMethoxyimino,
        /// 세프타지딤's.
        Carboxypropyloxyimino,
        /// 세픽심's.
        Carboxymethoxyimino,
        /// 세프디니르's.
        Hydroxyimino,
        /// 세폭시틴's.
        Thienyl,
        /// 벤질페니실린's.
        Benzyl,
        /// 세파만돌's.
        Mandelyl,
    }
}

mirror! {
    /// How two side chains are alike.
    #[schema(as = SideChains)]
    SharedBody from SharedChain {
        /// The very same.
        Identical,
        /// Of one shape.
        Similar,
    }
}

/// An ingredient that a warning is about.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WarnedIngredient)]
struct IngredientBody {
    /// Null where it stands in no list of ingredients.
    #[schema(required = true)]
    id: Option<String>,
    name: String,
}

impl IngredientBody {
    fn new(kind: &Kind) -> Self {
        Self {
            id: kind.id.map(|id| id.to_string()),
            name: kind.name.to_string(),
        }
    }
}

/// Which classes cross-react, and by what.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CrossReaction)]
struct CrossBody {
    allergen_class: ClassBody,
    ingredient_class: ClassBody,
    #[schema(required = true)]
    allergen_side_chain: Option<ChainBody>,
    #[schema(required = true)]
    ingredient_side_chain: Option<ChainBody>,
    /// How they are alike; null where they aren't, or where it isn't told by them.
    #[schema(required = true)]
    side_chains: Option<SharedBody>,
}

/// One reason.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AllergyWarning)]
struct WarningBody {
    level: LevelBody,
    depth: DepthBody,
    /// What the caller listed.
    allergen: IngredientBody,
    /// What the product holds.
    ingredient: IngredientBody,
    /// Of `crossReaction` only, else null.
    #[schema(required = true)]
    cross_reaction: Option<CrossBody>,
    /// In a sentence, in the caller's language.
    reason: String,
}

impl WarningBody {
    fn new(warning: &Warning<u32>, snapshot: &Snapshot, language: Language) -> Option<Self> {
        let allergen = named(snapshot, warning.allergen)?;
        let held = named(snapshot, warning.held)?;
        let finding = &warning.finding;
        Some(Self {
            level: finding.level.into(),
            depth: finding.depth.into(),
            allergen: IngredientBody::new(allergen),
            ingredient: IngredientBody::new(held),
            cross_reaction: finding.cross.map(|cross| CrossBody {
                allergen_class: cross.allergen.group.into(),
                ingredient_class: cross.held.group.into(),
                allergen_side_chain: cross.allergen.chain.map(Into::into),
                ingredient_side_chain: cross.held.chain.map(Into::into),
                side_chains: cross.chain.map(Into::into),
            }),
            reason: texts::reason(*finding, (&allergen.name, &held.name), language),
        })
    }
}
