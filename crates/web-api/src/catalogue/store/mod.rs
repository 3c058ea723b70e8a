//! The catalogue as it is stored. Synchronous functions on [`Db`](crate::db::Db), called inside
//! [`Pool::run`](crate::db::Pool::run).

mod codec;
mod documents;
mod ingredients;
mod medicines;
mod pointer;

pub(crate) use codec::{Encoded, decode, encode, encode_document};
pub(crate) use documents::add_documents;
pub use documents::{MedicineDocuments, documents};
pub use ingredients::{IngredientRow, ingredients};
pub(crate) use ingredients::{NewIngredient, add_ingredients, describe};
pub use medicines::for_each_medicine;
pub(crate) use medicines::{ContentRow, add_medicines, count_medicines, insert_contents};
pub use pointer::{GenerationId, Pointer, pointer};
pub(crate) use pointer::{move_pointer, touch};
