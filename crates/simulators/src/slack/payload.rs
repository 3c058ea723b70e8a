//! What a webhook takes: `text`, or blocks of the few kinds that make sense without an app behind them.

use serde_json::{Map, Value};

/// Longest text; the real one cuts beyond, which no test would notice.
const TEXT: usize = 40_000;
/// Longest text of a section.
const SECTION: usize = 3_000;
/// Longest text of a header.
const HEADER: usize = 150;
/// Blocks a message.
const BLOCKS: usize = 50;
/// Elements of a context.
const ELEMENTS: usize = 10;
/// Fields of a section.
const FIELDS: usize = 10;
/// Longest field.
const FIELD: usize = 2_000;

/// Slack's word for what is wrong.
pub(super) type Word = &'static str;

/// Checked parts of a message.
#[derive(Debug)]
pub(super) struct Payload {
    pub(super) text: String,
    pub(super) blocks: Value,
}

/// Reads and checks what came.
pub(super) fn read(body: &[u8]) -> Result<Payload, Word> {
    let value: Value = serde_json::from_slice(body).map_err(|_| "invalid_payload")?;
    let Value::Object(mut fields) = value else {
        return Err("invalid_payload");
    };
    let text = match fields.remove("text") {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text,
        Some(_) => return Err("invalid_payload"),
    };
    let blocks = fields.remove("blocks").unwrap_or(Value::Null);
    match &blocks {
        Value::Null => {}
        Value::Array(list) if list.len() <= BLOCKS && list.iter().all(is_block) => {}
        _ => return Err("invalid_blocks"),
    }
    let empty = blocks.as_array().is_none_or(Vec::is_empty);
    if text.trim().is_empty() && empty {
        return Err("no_text");
    }
    if text.chars().count() > TEXT {
        return Err("msg_too_long");
    }
    Ok(Payload { text, blocks })
}

fn is_block(block: &Value) -> bool {
    let Some(block) = block.as_object() else {
        return false;
    };
    let elements = |most: usize| {
        let list = block.get("elements").and_then(Value::as_array);
        list.filter(|list| (1..=most).contains(&list.len()))
    };
    match block.get("type").and_then(Value::as_str) {
        Some("divider") => true,
        Some("header") => block
            .get("text")
            .is_some_and(|text| is_text(text, HEADER) && text["type"] == "plain_text"),
        Some("section") => is_section(block),
        Some("context") => {
            elements(ELEMENTS).is_some_and(|list| list.iter().all(|one| is_text(one, SECTION)))
        }
        _ => false,
    }
}

fn is_section(block: &Map<String, Value>) -> bool {
    let text = block.get("text").map(|text| is_text(text, SECTION));
    let fields = block.get("fields").map(|fields| {
        let list = fields.as_array().map(Vec::as_slice).unwrap_or_default();
        (1..=FIELDS).contains(&list.len()) && list.iter().all(|field| is_text(field, FIELD))
    });
    match (text, fields) {
        (None, None) => false,
        (text, fields) => text.unwrap_or(true) && fields.unwrap_or(true),
    }
}

fn is_text(value: &Value, longest: usize) -> bool {
    let kind = value.get("type").and_then(Value::as_str);
    let text = value.get("text").and_then(Value::as_str);
    matches!(kind, Some("mrkdwn" | "plain_text"))
        && text.is_some_and(|text| (1..=longest).contains(&text.chars().count()))
}

/// All that people would read of blocks, line by line.
pub(super) fn words(blocks: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect(blocks, &mut found);
    found
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(list) => list.iter().for_each(|one| collect(one, found)),
        Value::Object(fields) => {
            if let Some(Value::String(text)) = fields.get("text") {
                found.push(text.clone());
            }
            fields.values().for_each(|one| collect(one, found));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn words_are_those_of_slack() {
        let cases = [
            (json!({"text": "안녕"}), Ok(())),
            (
                json!({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "a"}}]}),
                Ok(()),
            ),
            (
                json!({"text": "a", "blocks": [{"type": "context", "elements": [{"type": "mrkdwn", "text": "b"}]}]}),
                Ok(()),
            ),
            (json!({}), Err("no_text")),
            (json!({"text": "  ", "blocks": []}), Err("no_text")),
            (json!([]), Err("invalid_payload")),
            (json!({"text": 1}), Err("invalid_payload")),
            (
                json!({"text": "a", "blocks": [{"type": "section"}]}),
                Err("invalid_blocks"),
            ),
            (
                json!({"text": "a", "blocks": [{"type": "context", "elements": []}]}),
                Err("invalid_blocks"),
            ),
            (
                json!({"text": "a", "blocks": [{"type": "nothing"}]}),
                Err("invalid_blocks"),
            ),
            (json!({"text": "a".repeat(40_001)}), Err("msg_too_long")),
        ];
        for (value, expected) in cases {
            let found = read(value.to_string().as_bytes()).map(|_| ());
            assert_eq!(found, expected, "{value}");
        }
        assert_eq!(read(b"text").map(|_| ()), Err("invalid_payload"));
    }
}
