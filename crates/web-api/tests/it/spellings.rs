//! Searching what a server keeps for texts, in every spelling.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use base64ct::{Base64, Base64Url, Encoding as _};

use crate::db_support::TestDb;

/// A text of bytes, one character a byte, so that any bytes can be searched.
pub(crate) fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Every spelling in which a text might lie about.
pub(crate) fn spellings(text: &str) -> BTreeSet<String> {
    let bytes = text.as_bytes();
    let percent: String = bytes
        .iter()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) {
                char::from(*byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    let units: Vec<u16> = text.encode_utf16().collect();
    let escaped: String = units
        .iter()
        .map(|unit| match u8::try_from(*unit) {
            Ok(byte) => char::from(byte).to_string(),
            Err(_) => format!("\\u{unit:04x}"),
        })
        .collect();
    let utf16: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let mut all = BTreeSet::from([
        latin(bytes),
        latin(text.to_lowercase().as_bytes()),
        hex(bytes),
        hex(bytes).to_uppercase(),
        percent.to_lowercase(),
        percent,
        escaped,
        latin(&utf16),
    ]);
    // Wherever it begins in what was encoded; without the characters that its neighbours share.
    for before in 0..3_usize {
        let padded: Vec<u8> = std::iter::repeat_n(b' ', before)
            .chain(bytes.iter().copied())
            .collect();
        let whole = padded.len() / 3 * 4;
        let from = (before * 8).div_ceil(6);
        for encoded in [
            Base64::encode_string(&padded),
            Base64Url::encode_string(&padded),
        ] {
            all.insert(encoded.get(from..whole).unwrap().to_owned());
        }
    }
    all
}

pub(crate) fn search(
    place: &str,
    content: &str,
    canaries: &[(String, BTreeSet<String>)],
) -> Vec<String> {
    let mut found = Vec::new();
    for (text, spellings) in canaries {
        for spelling in spellings {
            if let Some(at) = content.find(spelling.as_str()) {
                let from = content.floor_char_boundary(at.saturating_sub(120));
                let to = content.ceil_char_boundary(at + 40);
                found.push(format!(
                    "{place}: {text} in …{}…",
                    content.get(from..to).unwrap()
                ));
            }
        }
    }
    found
}

pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push(path);
        }
    }
    all
}

/// Every cell of every table, as bytes in hexadecimal and as text.
pub(crate) fn tables(db: &TestDb) -> Vec<(String, String)> {
    let mysql = db.mysql.is_some();
    let columns = db.console(if mysql {
        "SELECT CONCAT(table_name, '.', column_name) AS cell FROM information_schema.columns \
         WHERE table_schema = DATABASE()"
    } else {
        "SELECT m.name || '.' || c.name AS cell FROM sqlite_master m, pragma_table_info(m.name) c \
         WHERE m.type = 'table'"
    });
    let mut all = Vec::new();
    for column in columns
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let (table, name) = column.split_once('.').unwrap();
        let cells = db.console(&if mysql {
            format!("SELECT HEX(CAST(`{name}` AS BINARY)) AS cell FROM `{table}` WHERE `{name}` IS NOT NULL")
        } else {
            format!("SELECT HEX(CAST(\"{name}\" AS BLOB)) AS cell FROM \"{table}\" WHERE \"{name}\" IS NOT NULL")
        });
        for cell in cells.lines() {
            let bytes: Vec<u8> = (0..cell.len() / 2)
                .map(|at| u8::from_str_radix(cell.get(2 * at..2 * at + 2).unwrap(), 16).unwrap())
                .collect();
            all.push((column.to_owned(), format!("{cell}\n{}", latin(&bytes))));
        }
    }
    all
}
