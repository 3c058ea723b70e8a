//! Zipf's law: the thing of rank n is asked for n times less often than the first.

/// Ranks from 0.
pub(super) struct Zipf {
    /// For each rank, how much all ranks up to it weigh.
    up_to: Vec<f64>,
}

impl Zipf {
    /// So many ranks.
    pub(super) fn new(ranks: usize) -> Self {
        let mut sum = 0.0;
        let weights = (1_u32..).take(ranks).map(|rank| {
            sum += f64::from(rank).recip();
            sum
        });
        Self {
            up_to: weights.collect(),
        }
    }

    /// The share that each rank has of all, in their order.
    pub(super) fn shares(&self) -> impl Iterator<Item = f64> + '_ {
        let all = self.up_to.last().copied().unwrap_or(1.0);
        let before = std::iter::once(0.0).chain(self.up_to.iter().copied());
        before
            .zip(&self.up_to)
            .map(move |(before, after)| (after - before) / all)
    }

    /// A rank by chance.
    pub(super) fn draw(&self, random: &mut fastrand::Rng) -> usize {
        let point = random.f64() * self.up_to.last().copied().unwrap_or_default();
        let rank = self.up_to.partition_point(|&sum| sum <= point);
        rank.min(self.up_to.len().saturating_sub(1))
    }

    /// Many ranks by chance.
    pub(super) fn draws(&self, count: usize, random: &mut fastrand::Rng) -> Vec<usize> {
        (0..count).map(|_| self.draw(random)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rank_is_drawn_twice_as_often_as_the_second() {
        let zipf = Zipf::new(2_000);
        let draws = zipf.draws(200_000, &mut fastrand::Rng::with_seed(1));
        let count = |rank| draws.iter().filter(|&&one| one == rank).count();
        let (first, second, tenth) = (count(0), count(1), count(9));
        // 1 / H(2000) = 12.2 % of all.
        assert!((23_500..25_500).contains(&first), "{first}");
        assert!((11_500..13_000).contains(&second), "{second}");
        assert!((2_200..2_700).contains(&tenth), "{tenth}");
        assert!(draws.iter().all(|&rank| rank < 2_000));
    }

    #[test]
    fn shares_fall_and_add_up_to_one() {
        let shares: Vec<f64> = Zipf::new(100).shares().collect();
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        assert!(shares.is_sorted_by(|a, b| a > b));
        assert_eq!(shares.len(), 100);
    }
}
