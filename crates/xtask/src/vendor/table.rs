//! Which libraries, which versions, which files.
//!
//! A new version: change `version` and `integrity` (`npm view NAME dist.integrity`), run `cargo xtask vendor NAME`,
//! and take over the hashes that it prints.

/// A library of others that this repository holds.
pub(super) struct Library {
    /// Its name at npm.
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    /// SPDX expression.
    pub(super) license: &'static str,
    /// npm's own checksum of the package.
    pub(super) integrity: &'static str,
    /// Where its files are, from the workspace's folder. Without their folders: the names must differ.
    pub(super) folder: &'static str,
    /// Paths within the package, the licence among them, each with its SHA-256.
    pub(super) files: &'static [(&'static str, &'static str)],
}

pub(super) const LIBRARIES: [Library; 2] = [
    // One file that runs as a module, too: no build step, nothing else to fetch.
    Library {
        name: "chart.js",
        version: "4.6.1",
        license: "MIT",
        integrity: "sha512-hJyniucsFmq//EvXYvJ6c6mahPoI3kaxdjVH8awTaJ/fDNWeSqqqArixMJWkWNN6fcYvPU3HneSANFNYtRi61g==",
        folder: "crates/web-api/src/pages/web/vendor/chart.js",
        files: &[
            (
                "dist/chart.umd.min.js",
                "87364cc2b2a76a6684929e7d6b80b18a897794db38400caff1fcf1791c6925d2",
            ),
            (
                "LICENSE.md",
                "41a84aa2caba645f966a18d9c2056b73e6d3a81d80bc0046bc0011a2634d4cce",
            ),
        ],
    },
    // For tests only: nothing of it is in a shipped binary.
    Library {
        name: "axe-core",
        version: "4.14.1",
        license: "MPL-2.0",
        integrity: "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
        folder: "crates/web-api/tests/vendor/axe-core",
        files: &[
            (
                "axe.min.js",
                "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c",
            ),
            (
                "LICENSE",
                "af175b9d96ee93c21a036152e1b905b0b95304d4ae8c2c921c7609100ba8df7e",
            ),
            (
                "LICENSE-3RD-PARTY.txt",
                "4f8563870d0fca38bbc3e00b6f670cb7fa9f380ba9f26a7f7d1184a6b18b1653",
            ),
        ],
    },
];
