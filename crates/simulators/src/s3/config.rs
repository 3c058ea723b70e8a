//! What doesn't change while the stand-in runs.

/// A bucket, who may use it and how much it holds.
#[derive(Debug, Clone)]
pub struct Config {
    /// Access key id.
    pub access_key: String,
    /// The key that signs.
    pub secret_key: String,
    /// The region that signatures must name.
    pub region: String,
    /// The one bucket.
    pub bucket: String,
    /// The largest object.
    pub max_object_bytes: usize,
    /// All objects together.
    pub capacity_bytes: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            access_key: "SAMPLEACCESSKEY".to_owned(),
            secret_key: "sample-secret-key".to_owned(),
            region: "ap-northeast-2".to_owned(),
            bucket: "pillnuts".to_owned(),
            max_object_bytes: 16 * 1024 * 1024,
            capacity_bytes: 256 * 1024 * 1024,
        }
    }
}
