//! What a search looks into.

use std::panic::resume_unwind;
use std::thread;

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
    /// Indexes what is for sale. The names are most of the work and have a thread of their own.
    pub(super) fn build<'r, L: Iterator<Item = (u32, &'r Record)>>(
        listed: &(impl Fn() -> L + Sync),
        withdrawn: impl Iterator<Item = &'r Record> + Send,
    ) -> Self {
        thread::scope(|scope| {
            let name = scope.spawn(|| names(listed(), withdrawn));
            let (r#type, ingredient, maker) = others(listed());
            Self {
                r#type,
                ingredient,
                maker,
                name: name.join().unwrap_or_else(|cause| resume_unwind(cause)),
            }
        })
    }

    /// Where a word of several may stand beside a field: who writes `한미 타미플루` or `타이레놀
    /// 아세트아미노펜` says maker or ingredient beside the name.
    pub(crate) fn beside(&self, field: Field) -> Vec<&FieldIndex> {
        match field {
            Field::Name => vec![&self.ingredient, &self.maker],
            Field::Type | Field::Ingredient | Field::Maker => Vec::new(),
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

fn names<'r>(
    listed: impl Iterator<Item = (u32, &'r Record)>,
    withdrawn: impl Iterator<Item = &'r Record>,
) -> FieldIndex {
    let mut names = FieldIndexBuilder::default();
    for (position, record) in listed {
        for name in names_of(record) {
            names.add(name, position);
        }
    }
    for record in withdrawn {
        names.add_known(&record.name);
    }
    names.build()
}

/// Types, ingredients, makers.
#[expect(single_use_lifetimes, reason = "the short form of it is not stable")]
fn others<'r>(
    listed: impl Iterator<Item = (u32, &'r Record)>,
) -> (FieldIndex, FieldIndex, FieldIndex) {
    let mut types = FieldIndexBuilder::default();
    let mut ingredients = FieldIndexBuilder::default();
    let mut makers = FieldIndexBuilder::default();
    for (position, record) in listed {
        makers.add(&record.maker, position);
        if let Some(class) = record.class.as_deref() {
            types.add(&class.name, position);
            for text in class.parts.iter().chain(&class.code) {
                types.add(text, position);
            }
        }
        for name in ingredients_of(record) {
            ingredients.add(name, position);
        }
    }
    (types.build(), ingredients.build(), makers.build())
}

impl Field {
    /// The texts in which a product is found, those that people see first.
    pub(crate) fn texts(self, record: &Record) -> Vec<&str> {
        match self {
            Self::Name => names_of(record).collect(),
            Self::Type => {
                let class = record.class.as_deref();
                let name = class.map(|class| class.name.as_str());
                let parts = class.into_iter().flat_map(|class| &class.parts);
                name.into_iter().chain(parts.map(String::as_str)).collect()
            }
            Self::Ingredient => ingredients_of(record).collect(),
            Self::Maker => vec![&record.maker],
        }
    }
}

fn names_of(record: &Record) -> impl Iterator<Item = &str> {
    std::iter::once(&*record.name).chain(record.english_name.as_deref())
}

/// Names of what acts. Additives are left out: half of all products hold lactose, and who looks for
/// it as an allergen asks for the ingredient's own list.
pub(super) fn ingredients_of(record: &Record) -> impl Iterator<Item = &str> {
    let variants = record.composition.variants.iter();
    let actives = variants.flat_map(|one| &one.actives).flat_map(|active| {
        let parts = active.active_as.iter().map(|part| part.name.as_str());
        std::iter::once(active.name.as_str()).chain(parts)
    });
    let english = record.ingredients_english.as_deref().unwrap_or_default();
    actives.chain(english.split(['/', ';', '|']))
}
