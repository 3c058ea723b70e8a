//! A product in a form that takes little memory.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::catalogue::{
    ActiveIngredient, Additive, Basis, Cancellation, Composition, Dispensing, Medicine, MedicineId,
    Pill, TherapeuticClass, Variant,
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
    maker_english: Text,
    permitted_on: Option<NaiveDate>,
    changed_on: Option<NaiveDate>,
    appearance: Text,
    storage: Text,
    valid_term: Text,
    pack_unit: Text,
    atc_code: Text,
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
            name: medicine.name.into(),
            english_name: medicine.english_name.map(Into::into),
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
            composition: CompactComposition::pack(medicine.composition, interner),
        }
    }

    /// The product as the domain knows it.
    pub(crate) fn unpack(&self) -> Medicine {
        Medicine {
            id: self.id,
            name: self.name.to_string(),
            english_name: self.english_name.as_deref().map(str::to_owned),
            maker: self.maker.to_string(),
            maker_english: owned(&self.maker_english),
            dispensing: self.dispensing,
            class: self.class.as_deref().cloned(),
            permitted_on: self.permitted_on,
            changed_on: self.changed_on,
            cancellation: self.cancellation.clone(),
            appearance: owned(&self.appearance),
            storage: owned(&self.storage),
            valid_term: owned(&self.valid_term),
            pack_unit: owned(&self.pack_unit),
            atc_code: owned(&self.atc_code),
            ingredients_english: owned(&self.ingredients_english),
            image_url: owned(&self.image_url),
            pills: self.pills.iter().map(CompactPill::unpack).collect(),
            composition: self.composition.unpack(),
        }
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
    fn pack(composition: Composition, interner: &mut Interner) -> Self {
        Self {
            variants: composition
                .variants
                .into_iter()
                .map(|variant| CompactVariant {
                    label: interner.optional(variant.label.as_deref()),
                    basis: interner.basis(variant.basis),
                    actives: variant
                        .actives
                        .into_iter()
                        .map(|active| interner.active(active))
                        .collect(),
                })
                .collect(),
            additives: composition
                .additives
                .into_iter()
                .map(|additive| interner.additive(additive))
                .collect(),
            additives_listed: composition.additives_listed,
            complete: composition.complete,
            unparsed: composition.unparsed.into_iter().map(Into::into).collect(),
        }
    }

    /// The composition as the domain knows it.
    pub(crate) fn unpack(&self) -> Composition {
        Composition {
            variants: self
                .variants
                .iter()
                .map(|variant| Variant {
                    label: owned(&variant.label),
                    basis: variant.basis.as_ref().clone(),
                    actives: cloned(&variant.actives),
                })
                .collect(),
            additives: cloned(&self.additives),
            additives_listed: self.additives_listed,
            complete: self.complete,
            unparsed: self.unparsed.iter().map(ToString::to_string).collect(),
        }
    }
}

fn owned(text: &Text) -> Option<String> {
    text.as_deref().map(str::to_owned)
}

fn cloned<T: Clone>(shared: &[Arc<T>]) -> Vec<T> {
    shared.iter().map(|one| one.as_ref().clone()).collect()
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

    fn unpack(&self) -> Pill {
        let [
            appearance,
            image_url,
            shape,
            form,
            color_front,
            color_back,
            imprint_front,
            imprint_back,
            line_front,
            line_back,
            length_long,
            length_short,
            thickness,
        ] = self.0.each_ref().map(owned);
        Pill {
            appearance,
            image_url,
            shape,
            form,
            color_front,
            color_back,
            imprint_front,
            imprint_back,
            line_front,
            line_back,
            length_long,
            length_short,
            thickness,
        }
    }
}
