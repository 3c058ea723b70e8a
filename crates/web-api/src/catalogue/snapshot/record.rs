//! A product in a form that takes little memory.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::catalogue::{
    ActiveIngredient, Additive, Basis, Cancellation, Composition, CompositionRef, Dispensing,
    Medicine, MedicineId, Pill, Side, TherapeuticClass, VariantRef,
};
use domain::hangul::{normalise, typed};

use super::intern::{Interner, Text};

/// Everything that the snapshot holds of one product.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) id: MedicineId,
    pub(crate) name: Box<str>,
    pub(crate) english_name: Option<Box<str>>,
    pub(crate) maker: Arc<str>,
    pub(crate) dispensing: Dispensing,
    pub(crate) class: Option<Arc<TherapeuticClass>>,
    pub(crate) cancellation: Cancellation,
    pub(crate) image_url: Text,
    pub(crate) composition: CompactComposition,
    pub(crate) ingredients_english: Text,
    pub(crate) maker_english: Text,
    pub(crate) permitted_on: Option<NaiveDate>,
    pub(crate) changed_on: Option<NaiveDate>,
    pub(crate) appearance: Text,
    pub(crate) storage: Text,
    pub(crate) valid_term: Text,
    pub(crate) pack_unit: Text,
    pub(crate) atc_code: Text,
    pills: Box<[CompactPill]>,
}

/// A composition whose parts are shared between products.
#[derive(Debug)]
pub(crate) struct CompactComposition {
    pub(crate) variants: Box<[CompactVariant]>,
    pub(crate) additives: Box<[Arc<Additive>]>,
    additives_listed: bool,
    complete: bool,
    unparsed: Box<[Box<str>]>,
}

/// A variant likewise.
#[derive(Debug)]
pub(crate) struct CompactVariant {
    pub(crate) actives: Box<[Arc<ActiveIngredient>]>,
    label: Text,
    basis: Arc<Basis>,
}

impl Record {
    /// The compact form of `medicine`, whose therapeutic type is shared already.
    pub(super) fn pack(
        medicine: Medicine,
        class: Option<Arc<TherapeuticClass>>,
        interner: &mut Interner,
    ) -> Self {
        Self {
            id: medicine.id,
            // Copied, as the interner does.
            name: medicine.name.as_str().into(),
            english_name: medicine.english_name.as_deref().map(Into::into),
            maker: interner.text(&medicine.maker),
            maker_english: interner.optional(medicine.maker_english.as_deref()),
            dispensing: medicine.dispensing,
            class,
            permitted_on: medicine.permitted_on,
            changed_on: medicine.changed_on,
            cancellation: medicine.cancellation,
            appearance: interner.optional(medicine.appearance.as_deref()),
            storage: interner.optional(medicine.storage.as_deref()),
            valid_term: interner.optional(medicine.valid_term.as_deref()),
            pack_unit: interner.optional(medicine.pack_unit.as_deref()),
            atc_code: interner.optional(medicine.atc_code.as_deref()),
            ingredients_english: interner.optional(medicine.ingredients_english.as_deref()),
            image_url: interner.optional(medicine.image_url.as_deref()),
            pills: medicine
                .pills
                .iter()
                .map(|pill| CompactPill::pack(pill, interner))
                .collect(),
            composition: CompactComposition::pack(&medicine.composition, interner),
        }
    }

    /// What a comparison reads of it.
    pub(crate) fn side(&self) -> Side<'_> {
        Side {
            id: self.id,
            name: &self.name,
            maker: &self.maker,
            class: self.class.as_deref().map(|class| class.name.as_str()),
            dispensing: self.dispensing,
            state: &self.cancellation.state,
            appearance: self.appearance.as_deref(),
            storage: self.storage.as_deref(),
            valid_term: self.valid_term.as_deref(),
            pack_unit: self.pack_unit.as_deref(),
            atc_code: self.atc_code.as_deref(),
            forms: self.pills.iter().map(|pill| pill.look().form).collect(),
            composition: self.composition.parts(),
        }
    }

    /// Its pills with all that is known of them.
    pub(crate) fn pills(&self) -> impl Iterator<Item = PillTexts<'_>> {
        self.pills.iter().map(CompactPill::texts)
    }

    /// Whether something that acts in it is named so, as keys (see [`domain::hangul::keys`]): a
    /// beginning of the name, or of a word in it, is enough.
    pub(crate) fn holds(&self, ingredient: &[u8]) -> bool {
        super::fields::ingredients_of(self)
            .any(|name| typed::find(&normalise::name_keys(name), ingredient).is_some())
    }

    /// How its first pill looks; none where the pill identification doesn't hold it.
    pub(crate) fn pill(&self) -> Option<PillLook<'_>> {
        self.pills.first().map(CompactPill::look)
    }

    /// Names of what acts, each once, in the order of the feed: to tell products of one name apart.
    pub(crate) fn active_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        let actives = self
            .composition
            .variants
            .iter()
            .flat_map(|one| &one.actives);
        for active in actives {
            if !names.contains(&active.name.as_str()) {
                names.push(&active.name);
            }
        }
        names
    }
}

impl CompactComposition {
    fn pack(composition: &Composition, interner: &mut Interner) -> Self {
        Self {
            variants: composition
                .variants
                .iter()
                .map(|variant| CompactVariant {
                    label: interner.optional(variant.label.as_deref()),
                    basis: interner.basis(&variant.basis),
                    actives: variant
                        .actives
                        .iter()
                        .map(|active| interner.active(active))
                        .collect(),
                })
                .collect(),
            additives: composition
                .additives
                .iter()
                .map(|additive| interner.additive(additive))
                .collect(),
            additives_listed: composition.additives_listed,
            complete: composition.complete,
            unparsed: composition
                .unparsed
                .iter()
                .map(|one| one.as_str().into())
                .collect(),
        }
    }

    /// The composition as the domain reads it.
    pub(crate) fn parts(&self) -> CompositionRef<'_> {
        let variants = self.variants.iter();
        CompositionRef {
            variants: variants.map(CompactVariant::parts).collect(),
            additives: self.additives.iter().map(Arc::as_ref).collect(),
            additives_listed: self.additives_listed,
            complete: self.complete,
            unparsed: self.unparsed.iter().map(AsRef::as_ref).collect(),
        }
    }
}

impl CompactVariant {
    fn parts(&self) -> VariantRef<'_> {
        VariantRef {
            label: self.label.as_deref(),
            basis: &self.basis,
            actives: self.actives.iter().map(Arc::as_ref).collect(),
        }
    }
}

/// A pill's appearance; its words repeat among products.
#[derive(Debug)]
struct CompactPill([Text; 13]);

/// What it takes to draw a pill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PillLook<'r> {
    pub(crate) shape: Option<&'r str>,
    pub(crate) form: Option<&'r str>,
    pub(crate) color_front: Option<&'r str>,
    pub(crate) color_back: Option<&'r str>,
    pub(crate) imprint_front: Option<&'r str>,
    pub(crate) imprint_back: Option<&'r str>,
    pub(crate) line_front: Option<&'r str>,
    pub(crate) line_back: Option<&'r str>,
}

/// Everything that is known of a pill; see [`Pill`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct PillTexts<'r> {
    pub(crate) appearance: Option<&'r str>,
    pub(crate) image_url: Option<&'r str>,
    pub(crate) look: PillLook<'r>,
    pub(crate) length_long: Option<&'r str>,
    pub(crate) length_short: Option<&'r str>,
    pub(crate) thickness: Option<&'r str>,
}

impl CompactPill {
    fn pack(pill: &Pill, interner: &mut Interner) -> Self {
        let texts = [
            &pill.appearance,
            &pill.image_url,
            &pill.shape,
            &pill.form,
            &pill.color_front,
            &pill.color_back,
            &pill.imprint_front,
            &pill.imprint_back,
            &pill.line_front,
            &pill.line_back,
            &pill.length_long,
            &pill.length_short,
            &pill.thickness,
        ];
        Self(texts.map(|text| interner.optional(text.as_deref())))
    }

    fn look(&self) -> PillLook<'_> {
        let [
            _,
            _,
            shape,
            form,
            front,
            back,
            imprint,
            reverse,
            line,
            other_line,
            ..,
        ] = self.0.each_ref().map(Option::as_deref);
        PillLook {
            shape,
            form,
            color_front: front,
            color_back: back,
            imprint_front: imprint,
            imprint_back: reverse,
            line_front: line,
            line_back: other_line,
        }
    }

    fn texts(&self) -> PillTexts<'_> {
        let [
            appearance,
            image_url,
            ..,
            length_long,
            length_short,
            thickness,
        ] = self.0.each_ref().map(Option::as_deref);
        PillTexts {
            appearance,
            image_url,
            look: self.look(),
            length_long,
            length_short,
            thickness,
        }
    }
}
