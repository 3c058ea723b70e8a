//! What a search looks into.

use super::Record;
use crate::search::{FieldIndex, FieldIndexBuilder};

/// A field of the search (`by=`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    /// Name and English name.
    Name,
    /// Therapeutic type: its name, its parts, its code.
    Type,
    /// Active ingredients: Korean, English, and what they count as.
    Ingredient,
    /// Maker or importer.
    Maker,
}

/// An index a field, over products for sale.
#[derive(Debug)]
pub(crate) struct Fields {
    name: FieldIndex,
    r#type: FieldIndex,
    ingredient: FieldIndex,
    maker: FieldIndex,
}

impl Fields {
    #[expect(single_use_lifetimes, reason = "the short form of it is not stable")]
    pub(super) fn build<'r>(listed: impl Iterator<Item = (u32, &'r Record)>) -> Self {
        let mut names = FieldIndexBuilder::default();
        let mut types = FieldIndexBuilder::default();
        let mut ingredients = FieldIndexBuilder::default();
        let mut makers = FieldIndexBuilder::default();
        for (position, record) in listed {
            names.add(&record.name, position);
            if let Some(english) = &record.english_name {
                names.add(english, position);
            }
            makers.add(&record.maker, position);
            if let Some(class) = record.class.as_deref() {
                types.add(&class.name, position);
                // 해열진통소염제 is typed without the dots that the ministry writes.
                types.add(&class.name.replace(['.', '·', ',', '/'], ""), position);
                for text in class.parts.iter().chain(&class.code) {
                    types.add(text, position);
                }
            }
            add_ingredients(&mut ingredients, record, position);
        }
        Self {
            name: names.build(),
            r#type: types.build(),
            ingredient: ingredients.build(),
            maker: makers.build(),
        }
    }

    /// The index of one field.
    pub(crate) fn of(&self, field: Field) -> &FieldIndex {
        match field {
            Field::Name => &self.name,
            Field::Type => &self.r#type,
            Field::Ingredient => &self.ingredient,
            Field::Maker => &self.maker,
        }
    }
}

/// Additives are left out: half of all products hold lactose, and who looks for it as an allergen
/// asks for the ingredient's own list.
fn add_ingredients(index: &mut FieldIndexBuilder, record: &Record, position: u32) {
    let actives = record
        .composition
        .variants
        .iter()
        .flat_map(|one| &one.actives);
    for active in actives {
        index.add(&active.name, position);
        for part in &active.active_as {
            index.add(&part.name, position);
        }
    }
    let english = record.ingredients_english.as_deref().unwrap_or_default();
    for name in english.split(['/', ';', '|']) {
        index.add(name, position);
    }
}
