use super::*;

fn histogram(values: &[u64]) -> Histogram<u64> {
    let mut histogram = Histogram::new(3).unwrap();
    for value in values {
        histogram.record(*value).unwrap();
    }
    histogram
}

fn outcome(what: &'static str, ratio: f64, goal: Option<f64>) -> Outcome {
    Outcome {
        what,
        goal,
        rates: (9_000.0, 10_000.0),
        ratio,
        latencies: (1_500, 4_000, 9_000),
        memory_p99: 3_000,
        cpu: (60.0, 50.0),
        generator: 0.31,
        bytes: 7_300.0,
    }
}

fn findings() -> Findings {
    Findings {
        outcomes: vec![
            outcome("search", 0.9, Some(0.4)),
            outcome("search, br", 0.2, None),
        ],
        fresh: Fresh {
            everyday: histogram(&[300, 400, 2_000]),
            pairs: histogram(&[1_000, 4_000]),
            slowest_pair: 3_500,
            count: 2,
            most_found: 20_000,
        },
        starts: vec![Duration::from_millis(900), Duration::from_millis(1_200)],
        memory: Memory {
            loaded: 90_000_000,
            after_mix: 140_000_000,
            peak: 149_000_000,
        },
        refresh: Figures {
            quiet: histogram(&[1_000]),
            synchronising: histogram(&[90_000]),
            loading: histogram(&[5_000]),
            sorting: histogram(&[5_000]),
            errors: 0,
            first_error: None,
            longest_load: Duration::from_millis(700),
            peak: 240_000_000,
        },
        sizes: Vec::new(),
        profiles: Vec::new(),
    }
}

/// Publishes, and tells whether all goals are met, and the page.
fn published(findings: &Findings) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let rows = goals(findings);
    let more = more(findings, "## Notes\n");
    let met = super::super::super::report::publish("catalogue", &[], &rows, &more, folder.path());
    let page = std::fs::read_to_string(folder.path().join("bench/catalogue.md")).unwrap();
    (met.unwrap(), page)
}

#[test]
fn a_run_that_meets_its_goals_says_so() {
    let (met, page) = published(&findings());
    assert!(met, "{page}");
    for part in [
        "| search: requests/s against memory | 0.90 | at least 0.4 | yes |",
        "| search: p99 at full load | 4.00 ms | at most 10 ms | yes |",
        "| query never asked before: median | 0.40 ms | at most 1 ms | yes |",
        "| most resident memory until then | 149 MB | at most 150 MB | yes |",
        "| start to ready, slowest of 2 | 1.20 s | at most 2 s | yes |",
        "\n## Requests a second\n\n",
        "| search, br | 9000/s | 10000/s | 0.20 |",
        "| 31 % of a CPU | 7.3 kB |",
        "\n\n## Notes\n",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    assert!(!page.contains("## Growth"));
}

#[test]
fn each_goal_can_be_missed() {
    let misses: [fn(&mut Findings); 10] = [
        |one| one.outcomes[0].ratio = 0.39,
        |one| one.outcomes[0].latencies.1 = 10_001,
        |one| one.fresh.everyday = histogram(&[1_100]),
        |one| one.fresh.pairs = histogram(&[5_100]),
        |one| one.fresh.count = 0,
        |one| one.memory.peak = 150_000_001,
        |one| one.starts.push(Duration::from_millis(2_001)),
        |one| one.refresh.loading = histogram(&[21_000]),
        |one| one.refresh.sorting = histogram(&[21_000]),
        |one| one.refresh.errors = 1,
    ];
    for (index, miss) in misses.iter().enumerate() {
        let mut findings = findings();
        miss(&mut findings);
        let (met, page) = published(&findings);
        assert!(
            !met && page.matches("**no**").count() == 1,
            "{index}: {page}"
        );
    }
}

#[test]
fn sizes_stand_in_a_table_of_their_own() {
    let mut findings = findings();
    findings.sizes.push(Size {
        items: 4_300,
        synchronised: Duration::from_secs(3),
        start: Duration::from_millis(120),
        memory: 40_000_000,
        rates: (9_000.0, 4_000.0),
        detail_rate: 5_000.0,
        everyday: (200, 500),
        pairs: (2_000, 300, 400),
    });
    let (_, page) = published(&findings);
    let line = "| 4300 | 3.0 s | 0.12 s | 40 MB | 9000/s | 4000/s | 5000/s | 0.20 ms, 0.50 ms | 2000, 0.30 ms, 0.40 ms |";
    assert!(
        page.contains("\n## Growth\n\n") && page.contains(line),
        "{page}"
    );
}
