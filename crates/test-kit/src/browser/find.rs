//! Finding things as people do who can't see them: by role and name, in the browser's own accessibility tree.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use fantoccini::Locator;
use fantoccini::elements::Element;
use serde_json::{Value, json};

use super::session::Browser;

/// Far longer than anything takes, also on a busy machine.
const DEADLINE: Duration = Duration::from_secs(60);
const INTERVAL: Duration = Duration::from_millis(25);

/// What the accessible name of something has to be.
#[derive(Debug, Clone, Copy)]
pub enum Name<'a> {
    /// Anything, or nothing.
    Any,
    /// This.
    Is(&'a str),
    /// With this in it.
    Has(&'a str),
}

impl<'a> From<&'a str> for Name<'a> {
    fn from(name: &'a str) -> Self {
        Self::Is(name)
    }
}

impl Name<'_> {
    fn fits(self, name: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Is(expected) => name == expected,
            Self::Has(part) => name.contains(part),
        }
    }
}

/// One thing of the accessibility tree.
struct Node {
    name: String,
    id: i64,
}

impl Browser {
    /// Asks until there is an answer. An error counts as none: a page may be exchanging itself.
    ///
    /// # Errors
    /// At the deadline, with `what` was waited for and the last error.
    pub async fn until<T>(
        &self,
        what: &str,
        mut look: impl AsyncFnMut() -> anyhow::Result<Option<T>>,
    ) -> anyhow::Result<T> {
        let end = Instant::now() + DEADLINE;
        loop {
            let found = look().await;
            if let Ok(Some(found)) = found {
                return Ok(found);
            }
            if Instant::now() >= end {
                return match found {
                    Err(error) => Err(error.context(format!("waited in vain for {what}"))),
                    Ok(_) => bail!("waited in vain for {what}"),
                };
            }
            tokio::time::sleep(INTERVAL).await;
        }
    }

    /// Waits until a JavaScript expression is truthy, and returns its value.
    ///
    /// # Errors
    /// At the deadline.
    pub async fn until_js(&self, expression: &str) -> anyhow::Result<Value> {
        let script = format!("return ({expression})");
        self.until(expression, async || {
            let value = self.run(&script, Vec::new()).await?;
            let falsy = matches!(&value, Value::Null | Value::Bool(false))
                || value.as_f64() == Some(0.0)
                || value.as_str() == Some("");
            Ok((!falsy).then_some(value))
        })
        .await
    }

    /// Waits for the one element that a CSS selector finds.
    ///
    /// # Errors
    /// At the deadline.
    pub async fn css(&self, selector: &str) -> anyhow::Result<Element> {
        self.until(selector, async || {
            let mut found = self.client().find_all(Locator::Css(selector)).await?;
            if found.len() > 1 {
                bail!("{selector} finds {} elements", found.len());
            }
            Ok(found.pop())
        })
        .await
    }

    /// Waits for the one thing of this role and name.
    ///
    /// # Errors
    /// At the deadline; tells the names of what has the role.
    pub async fn role(&self, role: &str, name: impl Into<Name<'_>>) -> anyhow::Result<Element> {
        self.one(None, role, name.into()).await
    }

    /// As [`role`](Self::role), within an element.
    ///
    /// # Errors
    /// As [`role`](Self::role).
    pub async fn role_in(
        &self,
        element: &Element,
        role: &str,
        name: impl Into<Name<'_>>,
    ) -> anyhow::Result<Element> {
        self.one(Some(element), role, name.into()).await
    }

    /// The names of all that has this role now, in the page or within an element.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn names(&self, role: &str, within: Option<&Element>) -> anyhow::Result<Vec<String>> {
        let nodes = self.nodes(within, role).await?;
        Ok(nodes.into_iter().map(|node| node.name).collect())
    }

    async fn one(
        &self,
        within: Option<&Element>,
        role: &str,
        name: Name<'_>,
    ) -> anyhow::Result<Element> {
        self.until(&format!("{role} {name:?}"), async || {
            let nodes = self.nodes(within, role).await?;
            let all: Vec<&str> = nodes.iter().map(|node| node.name.as_str()).collect();
            let mut fitting = nodes.iter().filter(|node| name.fits(&node.name));
            match (fitting.next(), fitting.next()) {
                (Some(node), None) => Ok(Some(self.element(node.id).await?)),
                (Some(_), Some(_)) => bail!("more than one; the page has {all:?}"),
                (None, _) => bail!("the page has {all:?}"),
            }
        })
        .await
    }

    /// What has this role, of what assistive technology is shown.
    async fn nodes(&self, within: Option<&Element>, role: &str) -> anyhow::Result<Vec<Node>> {
        let root = match within {
            None => self.object("document").await?,
            Some(element) => self.object_of(element).await?,
        };
        let query = json!({"objectId": root, "role": role});
        let answer = self.devtools("Accessibility.queryAXTree", &query).await?;
        let nodes = answer.get("nodes").and_then(Value::as_array);
        let shown = |node: &&Value| node.get("ignored") == Some(&Value::Bool(false));
        let read = |node: &Value| {
            let name = node.pointer("/name/value").and_then(Value::as_str);
            Some(Node {
                // Before its first layout the browser keeps the space that ends a label's text.
                name: name.unwrap_or_default().trim().to_owned(),
                id: node.get("backendDOMNodeId")?.as_i64()?,
            })
        };
        Ok(nodes
            .into_iter()
            .flatten()
            .filter(shown)
            .filter_map(read)
            .collect())
    }

    /// DevTools and WebDriver name elements differently: a mark, taken off again, leads from one to the other.
    async fn element(&self, id: i64) -> anyhow::Result<Element> {
        let mark = next_mark();
        let node = self
            .devtools("DOM.resolveNode", &json!({"backendNodeId": id}))
            .await?;
        let object = node.pointer("/object/objectId").context("no object")?;
        let call = json!({
            "objectId": object,
            "functionDeclaration": "function (mark) { this.setAttribute('data-test-mark', mark) }",
            "arguments": [{"value": mark}],
        });
        self.devtools("Runtime.callFunctionOn", &call).await?;
        let selector = format!("[data-test-mark='{mark}']");
        let element = self.client().find(Locator::Css(&selector)).await?;
        self.unmark(&element).await?;
        Ok(element)
    }

    async fn object_of(&self, element: &Element) -> anyhow::Result<Value> {
        let mark = next_mark();
        let script = "arguments[0].setAttribute('data-test-mark', arguments[1])";
        self.run(script, vec![serde_json::to_value(element)?, json!(mark)])
            .await?;
        let object = self
            .object(&format!(
                "document.querySelector(\"[data-test-mark='{mark}']\")"
            ))
            .await;
        self.unmark(element).await?;
        object
    }

    async fn object(&self, expression: &str) -> anyhow::Result<Value> {
        let evaluated = self
            .devtools("Runtime.evaluate", &json!({"expression": expression}))
            .await?;
        let object = evaluated.pointer("/result/objectId").cloned();
        object.with_context(|| format!("{expression} is no object"))
    }

    async fn unmark(&self, element: &Element) -> anyhow::Result<()> {
        let script = "arguments[0].removeAttribute('data-test-mark')";
        self.run(script, vec![serde_json::to_value(element)?])
            .await?;
        Ok(())
    }
}

fn next_mark() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed).to_string()
}
