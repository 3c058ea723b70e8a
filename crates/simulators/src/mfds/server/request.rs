//! What a client asks for.

use super::super::operation::Operation;

/// Rows a page when the client doesn't say.
const DEFAULT_ROWS: u64 = 10;
/// The real service refuses more.
pub(crate) const MAX_ROWS: u64 = 100;

/// The query of a request, as the real service understands it.
#[derive(Debug, Default)]
pub(crate) struct Request {
    pub(crate) service_key: Option<String>,
    pub(crate) page: u64,
    pub(crate) rows: u64,
    pub(crate) json: bool,
    pub(crate) item_seq: Option<String>,
    pub(crate) item_name: Option<String>,
    pub(crate) entp_name: Option<String>,
}

impl Request {
    /// Reads a query string. Unknown parameters are ignored, as are numbers that are none.
    pub(crate) fn parse(operation: Operation, query: &str) -> Self {
        let names = operation.filters();
        let mut request = Self {
            page: 1,
            rows: DEFAULT_ROWS,
            ..Self::default()
        };
        for (name, value) in pairs(query) {
            match name.as_str() {
                // The portal hands out the key in an encoded and in a plain form.
                "serviceKey" | "ServiceKey" => request.service_key = Some(value),
                "pageNo" => request.page = positive(&value).unwrap_or(1),
                "numOfRows" => request.rows = positive(&value).unwrap_or(DEFAULT_ROWS),
                "type" => request.json = value.eq_ignore_ascii_case("json"),
                name if value.is_empty() => tracing::trace!(name, "an empty filter is no filter"),
                name if name == names.item_seq => request.item_seq = Some(value),
                name if name == names.item_name => request.item_name = Some(value),
                name if name == names.entp_name => request.entp_name = Some(value),
                name => tracing::trace!(name, "unknown parameter"),
            }
        }
        request
    }

    /// Whether the key is `known`, in its plain or in its encoded form.
    pub(crate) fn has_key(&self, known: Option<&str>) -> bool {
        let Some(key) = self.service_key.as_deref().filter(|key| !key.is_empty()) else {
            return false;
        };
        known.is_none_or(|known| key == known || decode(key) == known)
    }

    /// Whether any filter is set.
    pub(crate) const fn filters(&self) -> bool {
        self.item_seq.is_some() || self.item_name.is_some() || self.entp_name.is_some()
    }
}

fn positive(value: &str) -> Option<u64> {
    value.trim().parse().ok().filter(|number| *number > 0)
}

fn pairs(query: &str) -> impl Iterator<Item = (String, String)> + '_ {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (
                decode(&name.replace('+', " ")),
                decode(&value.replace('+', " ")),
            )
        })
}

/// Decodes `%XX`; what is no such sequence stays as it is.
fn decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let decoded = match (byte, tail) {
            (b'%', [high, low, after @ ..]) => hex(*high)
                .zip(hex(*low))
                .map(|(high, low)| (high << 4 | low, after)),
            _ => None,
        };
        let (byte, after) = decoded.unwrap_or((byte, tail));
        out.push(byte);
        rest = after;
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_as_the_operation_understands_it() {
        let query =
            "serviceKey=a%2Bb%3D%3D&pageNo=3&numOfRows=100&type=json&item_seq=1&itemSeq=2&x=y";
        let permit = Request::parse(Operation::PermitList, query);
        assert_eq!((permit.page, permit.rows, permit.json), (3, 100, true));
        assert_eq!(permit.item_seq.as_deref(), Some("1"));
        assert!(permit.has_key(Some("a+b==")));
        let easy = Request::parse(Operation::EasyDrug, query);
        assert_eq!(easy.item_seq.as_deref(), Some("2"));
    }

    #[test]
    fn the_key_is_taken_plain_and_encoded_and_nothing_else() {
        let has = |query: &str| Request::parse(Operation::Pill, query).has_key(Some("a+b/c=="));
        assert!(has("serviceKey=a%2Bb%2Fc%3D%3D"));
        assert!(has("serviceKey=a%252Bb%252Fc%253D%253D"));
        assert!(!has("serviceKey=a+b/c=="), "a bare plus sign is a space");
        assert!(
            !has("serviceKey=a%25252Bb%25252Fc%25253D%25253D"),
            "three times is too often"
        );
        assert!(!has("serviceKey="));
        assert!(!has("pageNo=1"));
    }

    #[test]
    fn odd_numbers_and_escapes_do_no_harm() {
        let request = Request::parse(
            Operation::Pill,
            "pageNo=0&numOfRows=-4&item_name=%zz%EC%95%BD%2&&=&a",
        );
        assert_eq!((request.page, request.rows), (1, DEFAULT_ROWS));
        assert_eq!(request.item_name.as_deref(), Some("%zz약%2"));
    }
}
