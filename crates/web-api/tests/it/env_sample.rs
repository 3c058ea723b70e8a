//! `.env.sample` is true: what it shows is taken, and read.

use service_kit::settings::Source;
use test_kit::env_sample;
use web_api::settings::Settings;

const SECTIONS: [&str; 2] = ["Both servers", "web-api"];

#[test]
fn the_sample_is_taken_as_it_stands_and_with_all_of_its_examples() {
    let sample = Settings::read(Source::from_env_file(&env_sample::path())).unwrap();
    assert_eq!(sample.warnings, Vec::<String>::new());

    let lines = env_sample::settings(&SECTIONS).unwrap();
    let lines: Vec<_> = lines.into_iter().map(|setting| setting.line).collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(".env");
    std::fs::write(&file, lines.join("\n")).unwrap();
    let all = Settings::read(Source::from_env_file(&file)).unwrap();
    assert_eq!(all.warnings, Vec::<String>::new());
}

#[test]
fn every_setting_of_the_sample_is_read() {
    let settings = env_sample::settings(&SECTIONS).unwrap();
    assert!(settings.len() >= 25, "{settings:?}");
    for setting in settings {
        // A file that isn't there is noticed only by who looks for the setting.
        let name = format!("{}_FILE", setting.name);
        let error =
            Settings::read(Source::from_pairs([(name.as_str(), "/none/such")])).unwrap_err();
        let names: Vec<_> = error.failures().iter().map(|one| &one.name).collect();
        assert_eq!(names, [&name]);
    }
}
