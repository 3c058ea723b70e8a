//! Fingers: on the keyboard, on the glass, and through an input method.

use std::time::Duration;

use fantoccini::actions::{InputSource, KeyAction, KeyActions, PointerAction, TouchActions};
use fantoccini::elements::Element;
use fantoccini::key::Key;
use serde_json::{Value, json};

use super::session::Browser;

impl Browser {
    /// Types into what has the focus.
    ///
    /// # Errors
    /// When nothing that has the focus takes text.
    pub async fn type_text(&self, text: &str) -> anyhow::Result<()> {
        Ok(self
            .client()
            .active_element()
            .await?
            .send_keys(text)
            .await?)
    }

    /// Presses a key and lets it go, whatever has the focus.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn press(&self, key: Key) -> anyhow::Result<()> {
        self.press_with(&[], key).await
    }

    /// Presses a key while others are held.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn press_with(&self, held: &[Key], key: Key) -> anyhow::Result<()> {
        let held = || held.iter().map(|key| char::from(*key));
        let key = char::from(key);
        let mut actions = KeyActions::new("keyboard".to_owned());
        for value in held().chain([key]) {
            actions = actions.then(KeyAction::Down { value });
        }
        for value in [key].into_iter().chain(held()) {
            actions = actions.then(KeyAction::Up { value });
        }
        Ok(self.client().perform_actions(actions).await?)
    }

    /// Touches the middle of an element with a finger.
    ///
    /// # Errors
    /// When it isn't there any more, or can't be scrolled into view.
    pub async fn tap(&self, element: &Element) -> anyhow::Result<()> {
        let script = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})";
        self.run(script, vec![serde_json::to_value(element)?])
            .await?;
        let finger = TouchActions::new("finger".to_owned())
            .then(PointerAction::MoveToElement {
                element: element.clone(),
                duration: Some(Duration::ZERO),
                x: 0.0,
                y: 0.0,
            })
            .then(PointerAction::Down { button: 0 })
            .then(PointerAction::Up { button: 0 });
        Ok(self.client().perform_actions(finger).await?)
    }

    /// Shows text under composition in what has the focus, as an input method does before the person is done.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn compose(&self, text: &str) -> anyhow::Result<()> {
        let end = text.encode_utf16().count();
        let composition = json!({"text": text, "selectionStart": end, "selectionEnd": end});
        self.devtools("Input.imeSetComposition", &composition)
            .await?;
        Ok(())
    }

    /// Ends the composition with this text.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn commit(&self, text: &str) -> anyhow::Result<()> {
        self.devtools("Input.insertText", &json!({"text": text}))
            .await?;
        Ok(())
    }

    /// A key as an input method passes it to the page while it composes: code 229, and no text of its own.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn press_in_composition(&self, key: &str) -> anyhow::Result<Value> {
        let down = json!({"type": "rawKeyDown", "key": key, "windowsVirtualKeyCode": 229});
        self.devtools("Input.dispatchKeyEvent", &down).await
    }
}
