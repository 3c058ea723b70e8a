//! What is told of the wait.

use domain::chat::wait::expected_wait;

#[test]
fn a_figure_is_honest_or_missing() {
    let lengths = [300, 100, 200];
    assert_eq!(expected_wait(3, &lengths, 1), Some(600), "median × place");
    assert_eq!(
        expected_wait(3, &lengths, 2),
        Some(300),
        "over those at work"
    );
    assert_eq!(
        expected_wait(1, &lengths, 100),
        Some(30),
        "never none at all"
    );
    assert_eq!(expected_wait(1, &lengths, 0), None, "nobody is there");
    assert_eq!(expected_wait(1, &[300, 300], 1), None, "too few to tell");
    assert_eq!(expected_wait(0, &lengths, 1), None);
    let absurd = [1, u32::MAX, u32::MAX];
    assert_eq!(expected_wait(1, &absurd, 1), Some(3_600), "a forgotten one");
    assert_eq!(expected_wait(u32::MAX, &absurd, 1), Some(7_200));
}
