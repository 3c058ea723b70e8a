//! Decimal arithmetic that is exact or says so: `rust_decimal`'s own operators round silently where
//! a result doesn't fit its 28 digits, and a rounded dose is a wrong dose.

use std::cmp::Ordering;

use rust_decimal::Decimal;

/// `a × b`, or nothing where the product doesn't fit.
pub(crate) fn multiply(a: Decimal, b: Decimal) -> Option<Decimal> {
    let (a, b) = (a.normalize(), b.normalize());
    let mantissa = a.mantissa().checked_mul(b.mantissa())?;
    let scale = a.scale().checked_add(b.scale())?;
    Some(
        Decimal::try_from_i128_with_scale(mantissa, scale)
            .ok()?
            .normalize(),
    )
}

/// `a + b`, or nothing where the sum doesn't fit.
pub(crate) fn add(a: Decimal, b: Decimal) -> Option<Decimal> {
    let sum = a.checked_add(b)?;
    // Taking one part away gives the other back only if no digit was rounded off.
    (sum.checked_sub(a)? == b && sum.checked_sub(b)? == a).then(|| sum.normalize())
}

/// `value × 10^power`, or nothing where the product doesn't fit.
pub(crate) fn shift(value: Decimal, power: i8) -> Option<Decimal> {
    let digits = u32::from(power.unsigned_abs());
    let factor = if power < 0 {
        Decimal::try_from_i128_with_scale(1, digits).ok()?
    } else {
        Decimal::try_from_i128_with_scale(10_i128.checked_pow(digits)?, 0).ok()?
    };
    multiply(value, factor)
}

/// `a ÷ b` where it ends within 28 digits, else nothing.
pub(crate) fn divide(a: Decimal, b: Decimal) -> Option<Decimal> {
    let quotient = a.checked_div(b)?.normalize();
    (multiply(quotient, b)? == a).then_some(quotient)
}

/// Orders `a ÷ per_a` against `b ÷ per_b` without dividing; nothing unless both divisors are
/// positive and the products fit.
pub(crate) fn compare_ratios(
    (a, per_a): (Decimal, Decimal),
    (b, per_b): (Decimal, Decimal),
) -> Option<Ordering> {
    if per_a <= Decimal::ZERO || per_b <= Decimal::ZERO {
        return None;
    }
    Some(multiply(a, per_b)?.cmp(&multiply(b, per_a)?))
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use rust_decimal::Decimal;

    use super::{add, compare_ratios, divide, multiply, shift};

    #[test]
    fn never_rounds() {
        let tiny = Decimal::new(1, 28);
        assert_eq!(multiply(tiny, Decimal::new(1, 1)), None);
        assert_eq!(multiply(tiny, Decimal::TEN), Some(Decimal::new(1, 27)));
        assert_eq!(add(Decimal::MAX, tiny), None);
        assert_eq!(
            add(Decimal::new(15, 1), Decimal::new(5, 1)),
            Some(Decimal::TWO)
        );
        assert_eq!(divide(Decimal::ONE, Decimal::from(3)), None);
        assert_eq!(divide(Decimal::ONE, Decimal::ZERO), None);
        assert_eq!(
            divide(Decimal::from(9), Decimal::from(1000)),
            Some(Decimal::new(9, 3))
        );
        assert_eq!(shift(Decimal::new(12, 1), 3), Some(Decimal::from(1200)));
        assert_eq!(shift(Decimal::new(12, 1), -3), Some(Decimal::new(12, 4)));
    }

    #[test]
    fn ratios_need_no_division() {
        let ratio = |a: i64, b: i64| (Decimal::from(a), Decimal::from(b));
        assert_eq!(
            compare_ratios(ratio(1, 3), ratio(2, 6)),
            Some(Ordering::Equal)
        );
        assert_eq!(
            compare_ratios(ratio(1, 5), ratio(19, 100)),
            Some(Ordering::Greater)
        );
        assert_eq!(compare_ratios(ratio(1, 0), ratio(1, 1)), None);
    }
}
