//! Faults on the command line: `kind[,name=value…]`.

use std::str::FromStr;

use serde_json::{Map, Value};

use super::Fault;

/// The text is no fault.
#[derive(Debug, thiserror::Error)]
#[error(
    "{text:?} is no fault, for example `quota,after=100` or `delay,millis=500,operation=permit-detail,pages=3-5,times=2`"
)]
pub struct FaultSyntaxError {
    text: String,
    #[source]
    source: Option<serde_json::Error>,
}

impl FromStr for Fault {
    type Err = FaultSyntaxError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = |source| FaultSyntaxError {
            text: text.to_owned(),
            source,
        };
        let mut parts = text.split(',').map(str::trim);
        let kind = parts.next().unwrap_or_default();
        let mut effect = Map::from_iter([("kind".to_owned(), Value::from(kind))]);
        let mut scope = Map::new();
        for part in parts {
            let (name, value) = part.split_once('=').ok_or_else(|| refuse(None))?;
            match name {
                "pages" => {
                    let (first, last) = value.split_once('-').unwrap_or((value, value));
                    scope.insert("first_page".to_owned(), number_or_text(first));
                    if !last.is_empty() {
                        scope.insert("last_page".to_owned(), number_or_text(last));
                    }
                }
                "operation" | "skip" | "times" => {
                    scope.insert(name.to_owned(), number_or_text(value));
                }
                _ => {
                    effect.insert(name.to_owned(), number_or_text(value));
                }
            }
        }
        let names: Vec<String> = effect.keys().cloned().collect();
        let fault = Map::from_iter([
            ("effect".to_owned(), Value::Object(effect)),
            ("scope".to_owned(), Value::Object(scope)),
        ]);
        let parsed: Self =
            serde_json::from_value(Value::Object(fault)).map_err(|source| refuse(Some(source)))?;
        if knows(&parsed, &names) {
            Ok(parsed)
        } else {
            Err(refuse(None))
        }
    }
}

/// Serde lets unknown names pass where an effect takes no values at all.
fn knows(fault: &Fault, names: &[String]) -> bool {
    let written = serde_json::to_value(&fault.effect).unwrap_or_default();
    names.iter().all(|name| written.get(name).is_some())
}

fn number_or_text(text: &str) -> Value {
    text.parse::<u64>()
        .map_or_else(|_| Value::from(text), Value::from)
}

#[cfg(test)]
mod tests {
    use super::super::{Effect, TruncatedLength};
    use super::*;
    use crate::mfds::Operation;

    #[test]
    fn the_command_line_form_is_read() {
        let fault: Fault = "delay,millis=500,operation=permit-detail,pages=3-5,times=2,skip=1"
            .parse()
            .unwrap();
        let expected = Fault::new(Effect::Delay { millis: 500 });
        let expected = expected
            .on(Operation::PermitDetail)
            .pages(3..=5)
            .times(2)
            .skip(1);
        assert_eq!(fault, expected);
        let fault: Fault = "truncate,length=whole,pages=7".parse().unwrap();
        let expected = Fault::new(Effect::Truncate {
            length: TruncatedLength::Whole,
        });
        assert_eq!(fault, expected.pages(7..=7));
        assert_eq!(
            "stall,pages=2-".parse::<Fault>().unwrap(),
            Fault::new(Effect::Stall).from_page(2)
        );
        assert_eq!("html".parse::<Fault>().unwrap(), Fault::new(Effect::Html));
        let fault: Fault = "missing-field,field=ITEM_NAME,every=3".parse().unwrap();
        let expected = Effect::MissingField {
            field: "ITEM_NAME".to_owned(),
            every: 3,
        };
        assert_eq!(fault, Fault::new(expected));
    }

    /// The README lists the same.
    #[test]
    fn every_kind_can_be_named() {
        for text in [
            "quota,after=3",
            "xml-error,code=30",
            "json-error,code=4",
            "result-error,code=11",
            "http-status,status=503",
            "html",
            "reset",
            "delay,millis=1",
            "stall",
            "stall-halfway",
            "truncate,length=half",
            "shrink-total,by=1",
            "grow-total,by=1",
            "empty-page",
            "duplicate-rows,rows=1",
            "ignore-filters",
            "wrong-item-seq,every=1",
            "missing-field,field=ITEM_NAME,every=1",
            "drop-rows,percent=6",
            "invalid-utf8",
            "huge-record,bytes=1",
        ] {
            let everywhere = text.parse::<Fault>();
            assert!(everywhere.is_ok(), "{text}");
            let somewhere = format!("{text},operation=easy-drug,pages=2,skip=1,times=1");
            assert!(somewhere.parse::<Fault>().is_ok(), "{somewhere}");
        }
    }

    #[test]
    fn what_is_no_fault_is_refused() {
        for text in [
            "",
            "bogus",
            "delay",
            "delay,millis",
            "delay,millis=x",
            "html,color=red",
            "reset,pages=a",
        ] {
            assert!(text.parse::<Fault>().is_err(), "{text}");
        }
    }
}
