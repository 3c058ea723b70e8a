//! The screen, the person's preferences and the network that a page believes in.

use anyhow::Context;
use serde_json::json;

use super::session::Browser;

/// A screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// Stands in the names of screenshots.
    pub name: &'static str,
    /// Width in CSS pixels.
    pub width: u32,
    /// Height in CSS pixels.
    pub height: u32,
    /// Device pixels of one CSS pixel.
    pub scale: u32,
    /// A finger instead of a mouse.
    pub touch: bool,
}

impl View {
    /// A telephone of today.
    pub const PHONE: Self = Self {
        name: "phone",
        width: 390,
        height: 844,
        scale: 2,
        touch: true,
    };
    /// The narrowest that WCAG 1.4.10 asks for: a small telephone, or 1280 pixels at 400 %.
    pub const NARROW: Self = Self {
        name: "narrow",
        width: 320,
        height: 640,
        scale: 2,
        touch: true,
    };
    /// A laptop.
    pub const DESKTOP: Self = Self {
        name: "desktop",
        width: 1280,
        height: 900,
        scale: 1,
        touch: false,
    };
    /// The laptop's window at a zoom of 200 %.
    pub const DESKTOP_ZOOMED: Self = Self {
        name: "desktop-zoomed",
        width: 640,
        height: 450,
        scale: 2,
        touch: false,
    };
}

impl Browser {
    /// Exchanges the screen.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn view(&self, view: View) -> anyhow::Result<()> {
        let metrics = json!({
            "width": view.width,
            "height": view.height,
            "deviceScaleFactor": view.scale,
            "mobile": view.touch,
        });
        self.devtools("Emulation.setDeviceMetricsOverride", &metrics)
            .await?;
        let touch = json!({"enabled": view.touch, "maxTouchPoints": 5});
        self.devtools("Emulation.setTouchEmulationEnabled", &touch)
            .await?;
        self.state().view = view;
        Ok(())
    }

    /// What `prefers-color-scheme` says.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn dark(&self, dark: bool) -> anyhow::Result<()> {
        self.state().dark = dark;
        self.media(&[("prefers-color-scheme", if dark { "dark" } else { "light" })])
            .await
    }

    /// Media features and what they say; others go back to their defaults.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn media(&self, features: &[(&str, &str)]) -> anyhow::Result<()> {
        let features: Vec<_> = features
            .iter()
            .map(|(name, value)| json!({"name": name, "value": value}))
            .collect();
        self.devtools("Emulation.setEmulatedMedia", &json!({"features": features}))
            .await?;
        Ok(())
    }

    /// Takes the network away, and gives it back.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn offline(&self, offline: bool) -> anyhow::Result<()> {
        let conditions = json!({
            "offline": offline,
            "latency": 0,
            "downloadThroughput": -1,
            "uploadThroughput": -1,
        });
        self.devtools("Network.emulateNetworkConditions", &conditions)
            .await
            .context("can't change the network")?;
        Ok(())
    }

    /// The person's own size of ordinary text, in pixels. Without a setting it is 16.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn text_size(&self, pixels: u32) -> anyhow::Result<()> {
        let sizes = json!({"fontSizes": {"standard": pixels, "fixed": pixels}});
        self.devtools("Page.setFontSizes", &sizes).await?;
        Ok(())
    }
}
