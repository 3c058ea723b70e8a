//! `MATERIAL_NAME` taken apart into rows of text, whichever of its three forms it has.

use crate::catalogue::name::tidy;

/// One ingredient's fields as they stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RawRow {
    pub(super) basis: String,
    pub(super) name: String,
    pub(super) amount: String,
    pub(super) unit: String,
    pub(super) standard: String,
    pub(super) info: String,
    pub(super) remark: String,
}

/// The rows and what is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Split {
    pub(super) rows: Vec<RawRow>,
    pub(super) unparsed: Vec<String>,
    /// The rows are of DUR's form, which has no basis; in the others a basis that isn't there is missing.
    pub(super) baseless: bool,
}

impl Split {
    fn reject(&mut self, piece: &str) {
        let piece = tidy(piece);
        if piece.chars().any(|c| !matches!(c, ';' | '|' | ' ' | ',')) {
            self.unparsed.push(piece.into_owned());
        }
    }

    fn take(&mut self, piece: &str, row: Option<RawRow>) {
        match row {
            Some(row) => self.rows.push(row),
            None => self.reject(piece),
        }
    }
}

const LABELS: [&str; 7] = ["총량", "성분명", "분량", "단위", "규격", "성분정보", "비고"];

/// Takes a text apart. The labelled form is cut before each `총량 :` (성분정보 may hold a `;`), the
/// older pipe form and DUR's comma form at each `;`.
pub(super) fn split(text: &str) -> Split {
    let mut split = Split::default();
    let starts = group_starts(text, "총량");
    let starts = if starts.is_empty() {
        group_starts(text, "성분명")
    } else {
        starts
    };
    if let Some(first) = starts.first() {
        split.reject(text.get(..*first).unwrap_or_default());
        let ends = starts.iter().skip(1).copied().chain([text.len()]);
        for (start, end) in starts.iter().zip(ends) {
            let group = text.get(*start..end).unwrap_or_default();
            labelled(group, &mut split);
        }
        return split;
    }
    split.baseless = !text.contains('|');
    for piece in text.split(';') {
        let row = if split.baseless {
            comma_separated(piece)
        } else {
            piped(piece)
        };
        split.take(piece, row);
    }
    split
}

/// Where groups begin: at this label with its colon, at the start of the text or after a separator.
fn group_starts(text: &str, label: &str) -> Vec<usize> {
    text.match_indices(label)
        .filter(|(at, _)| {
            let before = text.get(..*at).unwrap_or_default();
            let after = text
                .get(at.saturating_add(label.len())..)
                .unwrap_or_default();
            // Look past blanks, but never far: this keeps the whole scan linear.
            let previous = before.chars().rev().take(16).find(|c| !c.is_whitespace());
            let next = after.chars().take(16).find(|c| !c.is_whitespace());
            matches!(previous, None | Some(';' | '|')) && matches!(next, Some(':' | '：'))
        })
        .map(|(at, _)| at)
        .collect()
}

fn labelled(group: &str, split: &mut Split) {
    let group = group.trim_end_matches(|c: char| c == ';' || c.is_whitespace());
    let mut fields: [Option<String>; 7] = Default::default();
    let mut last: Option<usize> = None;
    let mut leftover: Vec<&str> = Vec::new();
    for field in group.split('|') {
        match label_of(field) {
            Some((place, value)) => {
                let Some(slot) = fields.get_mut(place).filter(|slot| slot.is_none()) else {
                    // The same label twice: two rows ran together, and which is whose is anyone's guess.
                    split.reject(group);
                    return;
                };
                *slot = Some(value.to_owned());
                last = Some(place);
            }
            // A bar inside the free texts belongs to them.
            None if matches!(last, Some(5 | 6)) && field.trim() != "..." && field.trim() != "…" => {
                if let Some(Some(text)) = last.and_then(|last| fields.get_mut(last)) {
                    text.push('|');
                    text.push_str(field);
                }
            }
            None => leftover.push(field),
        }
    }
    let [basis, name, amount, unit, standard, info, remark] =
        fields.map(|field| tidied(&field.unwrap_or_default()));
    if name.is_empty() || super::parts::is_cut(&name) {
        split.reject(group);
        return;
    }
    for piece in leftover {
        split.reject(piece);
    }
    split.rows.push(RawRow {
        basis,
        name,
        amount,
        unit,
        standard,
        info,
        remark,
    });
}

fn tidied(field: &str) -> String {
    tidy(field).into_owned()
}

fn label_of(field: &str) -> Option<(usize, &str)> {
    let (label, value) = field.split_once([':', '：'])?;
    let place = LABELS.iter().position(|known| label.trim() == *known)?;
    Some((place, value))
}

/// `1000밀리리터|포도당|USP|50|그램|`
fn piped(piece: &str) -> Option<RawRow> {
    let fields: Vec<_> = piece.split('|').map(tidied).collect();
    let (known, rest) = fields.split_at_checked(5)?;
    let [basis, name, standard, amount, unit] = known else {
        return None;
    };
    if name.is_empty() || fields.iter().any(|field| super::parts::is_cut(field)) {
        return None;
    }
    // What follows the unit has no name in this form; more than one such text is not known.
    let mut rest = rest.iter().filter(|field| !field.is_empty());
    let info = rest.next().cloned().unwrap_or_default();
    rest.next().is_none().then(|| RawRow {
        basis: basis.clone(),
        name: name.clone(),
        amount: amount.clone(),
        unit: unit.clone(),
        standard: standard.clone(),
        info,
        remark: String::new(),
    })
}

/// `에페드린염산염,,40,밀리그램,KP,`; a comma inside a field makes the count wrong or puts a word
/// where the number belongs, and the piece is not understood.
fn comma_separated(piece: &str) -> Option<RawRow> {
    let fields: Vec<_> = piece.split(',').map(tidied).collect();
    let [name, info, amount, unit, standard, remark] = fields.as_slice() else {
        return None;
    };
    let sound = !name.is_empty()
        && super::parse_decimal(amount).is_some()
        && super::parts::parse_unit(unit).is_some()
        && !fields.iter().any(|field| super::parts::is_cut(field));
    sound.then(|| RawRow {
        basis: String::new(),
        name: name.clone(),
        amount: amount.clone(),
        unit: unit.clone(),
        standard: standard.clone(),
        info: info.clone(),
        remark: remark.clone(),
    })
}
