//! The JSON of the feed, written straight into a byte buffer.
//!
//! A page of permit detail is about 2 MB: building a tree of values for it first would cost more
//! than everything else that the stand-in does.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// What a field becomes when a test or a fault changes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// This text.
    Text(String),
    /// JSON `null`.
    Null,
    /// The field is missing.
    Absent,
    /// These bytes between the quotation marks as they are: for text that isn't UTF-8.
    Bytes(Vec<u8>),
}

/// A row of one operation: field names in the order of the wire; `None` is `null`.
///
/// The real feed has nothing but strings and nulls in a row, numbers and dates included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    fields: Vec<(&'static str, Option<Cow<'static, str>>)>,
}

impl Row {
    /// A row without fields.
    #[must_use]
    pub const fn new() -> Self {
        Self { fields: Vec::new() }
    }

    /// Appends a field that holds text.
    #[must_use]
    pub fn text(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.fields.push((name, Some(value.into())));
        self
    }

    /// Appends a field that holds text or `null`.
    #[must_use]
    pub fn maybe(self, name: &'static str, value: Option<impl Into<Cow<'static, str>>>) -> Self {
        match value {
            Some(value) => self.text(name, value),
            None => self.null(name),
        }
    }

    /// Appends a field that is `null`.
    #[must_use]
    pub fn null(mut self, name: &'static str) -> Self {
        self.fields.push((name, None));
        self
    }

    /// The text of a field; `None` where the field is `null` or missing.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(field, _)| *field == name)
            .and_then(|(_, value)| value.as_deref())
    }

    pub(crate) fn write(&self, object: &mut ObjectWriter<'_>) {
        for (name, value) in &self.fields {
            match value {
                Some(value) => object.text(name, value),
                None => object.null(name),
            }
        }
    }
}

/// A change to one field of a row.
pub(crate) type Edit = (String, Change);

/// Writes one JSON object and applies changes on the way.
pub(crate) struct ObjectWriter<'a> {
    out: &'a mut Vec<u8>,
    edits: &'a [Edit],
    first: bool,
}

impl<'a> ObjectWriter<'a> {
    /// Opens the object.
    pub(crate) fn new(out: &'a mut Vec<u8>, edits: &'a [Edit]) -> Self {
        out.push(b'{');
        Self {
            out,
            edits,
            first: true,
        }
    }

    /// Closes the object.
    pub(crate) fn finish(self) {
        self.out.push(b'}');
    }

    pub(crate) fn text(&mut self, name: &str, value: &str) {
        if !self.edited(name) {
            self.name(name);
            self.out.push(b'"');
            escape(value.as_bytes(), self.out);
            self.out.push(b'"');
        }
    }

    pub(crate) fn null(&mut self, name: &str) {
        if !self.edited(name) {
            self.name(name);
            self.out.extend_from_slice(b"null");
        }
    }

    /// A string whose content `write` appends already escaped.
    pub(crate) fn escaped(&mut self, name: &str, write: impl FnOnce(&mut Vec<u8>)) {
        if !self.edited(name) {
            self.name(name);
            self.out.push(b'"');
            write(self.out);
            self.out.push(b'"');
        }
    }

    fn name(&mut self, name: &str) {
        if !self.first {
            self.out.push(b',');
        }
        self.first = false;
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
    }

    /// Writes the changed value where the field is to be changed; the last change wins.
    fn edited(&mut self, name: &str) -> bool {
        let Some((_, change)) = self.edits.iter().rev().find(|(field, _)| field == name) else {
            return false;
        };
        match change {
            Change::Absent => {}
            Change::Null => {
                self.name(name);
                self.out.extend_from_slice(b"null");
            }
            Change::Text(text) => {
                self.name(name);
                self.out.push(b'"');
                escape(text.as_bytes(), self.out);
                self.out.push(b'"');
            }
            Change::Bytes(bytes) => {
                self.name(name);
                self.out.push(b'"');
                self.out.extend_from_slice(bytes);
                self.out.push(b'"');
            }
        }
        true
    }
}

/// Appends `text` escaped as the real gateway escapes it: what JSON demands, and `</` as `<\/`.
pub(crate) fn escape(text: &[u8], out: &mut Vec<u8>) {
    let mut previous = 0;
    let mut plain_from = 0;
    for (index, &byte) in text.iter().enumerate() {
        let escaped: Option<&[u8]> = match byte {
            b'"' => Some(b"\\\""),
            b'\\' => Some(b"\\\\"),
            b'\n' => Some(b"\\n"),
            b'\r' => Some(b"\\r"),
            b'\t' => Some(b"\\t"),
            b'/' if previous == b'<' => Some(b"\\/"),
            0..=0x1f => Some(b""),
            _ => None,
        };
        previous = byte;
        let Some(escaped) = escaped else { continue };
        out.extend_from_slice(text.get(plain_from..index).unwrap_or_default());
        if escaped.is_empty() {
            out.extend_from_slice(format!("\\u{byte:04x}").as_bytes());
        } else {
            out.extend_from_slice(escaped);
        }
        plain_from = index + 1;
    }
    out.extend_from_slice(text.get(plain_from..).unwrap_or_default());
}

/// The first half of a normal answer: everything up to the rows.
pub(crate) fn open_page(page: u64, total: u64, rows: u64, with_items: bool, out: &mut Vec<u8>) {
    let items = if with_items { ",\"items\":[" } else { "" };
    let head = format!(
        "{{\"header\":{{\"resultCode\":\"00\",\"resultMsg\":\"NORMAL SERVICE.\"}},\
         \"body\":{{\"pageNo\":{page},\"totalCount\":{total},\"numOfRows\":{rows}{items}"
    );
    out.extend_from_slice(head.as_bytes());
}

/// The second half of a normal answer.
pub(crate) fn close_page(with_items: bool, out: &mut Vec<u8>) {
    out.extend_from_slice(if with_items { b"]}}" } else { b"}}" });
}

/// The body that the service answers when more than 100 rows are asked for.
pub(crate) const PAGE_SIZE_OVER_CAP: &str = "{\n  \"header\": {\n    \"resultCode\": \"11\",\n    \
     \"resultMsg\": \"NO MANDATORY REQUEST PARAMETERS ERROR! \\n numOfRows maximum is =[100]\"\n  \
     },\n  \"body\": {}\n}\n";

/// The XML that the gateway answers with HTTP 200, also when JSON was asked for.
pub(crate) fn gateway_error(code: u16) -> String {
    let message = gateway_message(code);
    format!(
        "<OpenAPI_ServiceResponse>\n\t<cmmMsgHeader>\n\t\t<errMsg>SERVICE ERROR</errMsg>\n\t\t\
         <returnAuthMsg>{message}</returnAuthMsg>\n\t\t\
         <returnReasonCode>{code:02}</returnReasonCode>\n\t</cmmMsgHeader>\n\
         </OpenAPI_ServiceResponse>"
    )
}

/// The gateway's published names of its codes.
pub(crate) const fn gateway_message(code: u16) -> &'static str {
    match code {
        1 => "APPLICATION_ERROR",
        2 => "DB_ERROR",
        3 => "NODATA_ERROR",
        4 => "HTTP_ERROR",
        5 => "SERVICETIMEOUT_ERROR",
        10 => "INVALID_REQUEST_PARAMETER_ERROR",
        11 => "NO_MANDATORY_REQUEST_PARAMETERS_ERROR",
        12 => "NO_OPENAPI_SERVICE_ERROR",
        20 => "SERVICE_ACCESS_DENIED_ERROR",
        21 => "TEMPORARILY_DISABLE_THE_SERVICEKEY_ERROR",
        22 => "LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR",
        30 => "SERVICE_KEY_IS_NOT_REGISTERED_ERROR",
        31 => "DEADLINE_HAS_EXPIRED_ERROR",
        32 => "UNREGISTERED_IP_ERROR",
        33 => "UNSIGNED_CALL_ERROR",
        _ => "UNKNOWN_ERROR",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaping_round_trips_and_keeps_the_gateways_slash() {
        let text = "<DOC a=\"b\">\r\n\t\\ \u{1} 한글 1/2</DOC>";
        let mut out = vec![b'"'];
        escape(text.as_bytes(), &mut out);
        out.push(b'"');
        let written = String::from_utf8(out).unwrap();
        assert!(written.contains("<\\/DOC>"), "{written}");
        assert!(written.contains("1/2"), "{written}");
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }

    #[test]
    fn the_last_edit_of_a_field_wins() {
        let row = Row::new().text("A", "1").null("B").text("C", "3");
        let edits = [
            ("A".to_owned(), Change::Null),
            ("A".to_owned(), Change::Text("x".to_owned())),
            ("C".to_owned(), Change::Absent),
        ];
        let mut out = Vec::new();
        let mut object = ObjectWriter::new(&mut out, &edits);
        row.write(&mut object);
        object.finish();
        assert_eq!(String::from_utf8(out).unwrap(), r#"{"A":"x","B":null}"#);
    }

    #[test]
    fn the_page_size_body_is_json() {
        let value: serde_json::Value = serde_json::from_str(PAGE_SIZE_OVER_CAP).unwrap();
        assert_eq!(value["header"]["resultCode"], "11");
    }
}
