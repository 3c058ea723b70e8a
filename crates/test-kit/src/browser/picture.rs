//! Screenshots for people to look at: `target/screenshots/{name}-{view}[-dark].png`.

use std::path::PathBuf;

use anyhow::Context;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::driver;
use super::session::Browser;

/// Longest page that is shown whole, in CSS pixels.
const MAX_HEIGHT: f64 = 6_000.0;

impl Browser {
    /// Takes the whole page, also what is below the fold.
    ///
    /// # Errors
    /// When the browser refuses or the file can't be written.
    pub async fn screenshot(&self, name: &str) -> anyhow::Result<PathBuf> {
        let metrics = self.devtools("Page.getLayoutMetrics", &json!({})).await?;
        let height = metrics
            .pointer("/cssContentSize/height")
            .and_then(Value::as_f64)
            .context("the page has no height")?;
        let (view, dark) = {
            let state = self.state();
            (state.view, state.dark)
        };
        let height = height.max(f64::from(view.height)).min(MAX_HEIGHT);
        let clip = json!({"x": 0, "y": 0, "width": view.width, "height": height, "scale": 1});
        let wanted = json!({"format": "png", "captureBeyondViewport": true, "clip": clip});
        let picture = self.devtools("Page.captureScreenshot", &wanted).await?;
        let data = picture.get("data").and_then(Value::as_str);
        let bytes = BASE64_STANDARD.decode(data.context("no picture")?)?;
        let folder = driver::target_folder()?.join("screenshots");
        std::fs::create_dir_all(&folder)?;
        let dark = if dark { "-dark" } else { "" };
        let path = folder.join(format!("{name}-{}{dark}.png", view.name));
        std::fs::write(&path, bytes)?;
        Ok(path)
    }
}
