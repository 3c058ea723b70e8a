//! Who belongs to which class, by the name of the substance as [`substances_of`](super::substances_of)
//! gives it. Spellings that the ministry has used stand beside each other.

use super::groups::{Group, Membership, SideChain};

/// A class, the side chain, and who has them.
type Members = (Group, Option<SideChain>, &'static [&'static str]);

/// The classes of a substance.
pub(super) fn memberships(substance: &str) -> impl Iterator<Item = Membership> {
    let found = TABLE
        .iter()
        .filter(move |(.., names)| names.contains(&substance));
    found.map(|&(group, chain, _)| Membership { group, chain })
}

const TABLE: &[Members] = &[
    (
        Group::Penicillin,
        Some(SideChain::Hydroxyphenylglycyl),
        &["아목시실린"],
    ),
    (
        Group::Penicillin,
        Some(SideChain::Phenylglycyl),
        &[
            "암피실린",
            "설타미실린",
            "바캄피실린",
            "피밤피실린",
            "탈람피실린",
            "헤타실린",
            "메탐피실린",
            // Acylated on phenylglycine's nitrogen.
            "피페라실린",
            "아팔실린",
            "아스폭시실린",
        ],
    ),
    (
        Group::Penicillin,
        Some(SideChain::Benzyl),
        &["벤질페니실린", "페녹시메틸페니실린", "페네티실린"],
    ),
    (
        Group::Penicillin,
        Some(SideChain::Thienyl),
        &["티카르실린", "테모실린"],
    ),
    (
        Group::Penicillin,
        None,
        &[
            "시클라실린",
            "카르베니실린",
            "카린다실린",
            "아즐로실린",
            "메즐로실린",
            "나프실린",
            "옥사실린",
            "클록사실린",
            "디클록사실린",
            "플루클록사실린",
            "메티실린",
            "프로피실린",
            "메실리남",
            "피브메실리남",
        ],
    ),
    (
        Group::Cephalosporin,
        Some(SideChain::Hydroxyphenylglycyl),
        &["세파드록실", "세프프로질", "세파트리진", "세포페라존"],
    ),
    (
        Group::Cephalosporin,
        Some(SideChain::Phenylglycyl),
        &[
            "세파클러",
            "세팔렉신",
            "메틸올세팔렉신",
            "세팔로글리신",
            "로라카베프",
        ],
    ),
    (
        Group::Cephalosporin,
        Some(SideChain::Cyclohexadienylglycyl),
        &["세프라딘", "세프록사딘"],
    ),
    (
        Group::Cephalosporin,
        Some(SideChain::Methoxyimino),
        &[
            "세프트리악손",
            "세포탁심",
            "세페핌",
            "세프피롬",
            "세프포독심",
            "세프디토렌",
            "세프테람",
            "세페타메트",
            "세프티족심",
            "세프메녹심",
            "세포디짐",
            "세포세리스",
            "세포조프란",
        ],
    ),
    (
        Group::Cephalosporin,
        Some(SideChain::FurylMethoxyimino),
        &["세푸록심"],
    ),
    (
        Group::Cephalosporin,
        Some(SideChain::Carboxypropyloxyimino),
        &["세프타지딤", "세피데로콜", "세프톨로잔"],
    ),
    (
        Group::Cephalosporin,
        Some(SideChain::Carboxymethoxyimino),
        &["세픽심"],
    ),
    (
        Group::Cephalosporin,
        Some(SideChain::Hydroxyimino),
        &["세프디니르"],
    ),
    (
        Group::Cephalosporin,
        Some(SideChain::Thienyl),
        &["세폭시틴", "세팔로틴", "세팔로리딘"],
    ),
    (
        Group::Cephalosporin,
        Some(SideChain::Mandelyl),
        &["세파만돌", "세포니시드"],
    ),
    (
        Group::Cephalosporin,
        None,
        &[
            "세파졸린",
            "세파제돈",
            "세프테졸",
            "세파피린",
            "세파세트릴",
            "세프메타졸",
            "세포테탄",
            "세프미녹스",
            "세포티암",
            "세포라니드",
            "세프부페라존",
            "세프티부텐",
            "세프카펜",
            "세프토비프롤",
            "세프타롤린",
            "세프피라미드",
            "세프피미졸",
            "세프술로딘",
            "라타목세프",
            "플로목세프",
        ],
    ),
    (
        Group::Carbapenem,
        None,
        &[
            "이미페넴",
            "메로페넴",
            "에르타페넴",
            "도리페넴",
            "파니페넴",
            "비아페넴",
            "테비페넴",
            "파로페넴",
        ],
    ),
    (
        Group::Monobactam,
        Some(SideChain::Carboxypropyloxyimino),
        &["아즈트레오남"],
    ),
    (
        Group::Cox1Inhibitor,
        None,
        &[
            "아스피린",
            "이부프로펜",
            "나프록센",
            "케토프로펜",
            "플루르비프로펜",
            "페노프로펜",
            "록소프로펜",
            "잘토프로펜",
            "펠루비프로펜",
            "프라노프로펜",
            "옥사프로진",
            "티아프로펜산",
            "알미노프로펜",
            "디클로페낙",
            "아세클로페낙",
            "암페낙",
            "네파페낙",
            "브롬페낙",
            "인도메타신",
            "아세메타신",
            "프로글루메타신",
            "설린닥",
            "톨메틴",
            "에토돌락",
            "케토롤락",
            "나부메톤",
            "펜부펜",
            "피록시캄",
            "테녹시캄",
            "로르녹시캄",
            "메페남산",
            "톨페남산",
            "플루페남산",
            "메클로페남산",
            "니플룸산",
            "탈니플루메이트",
            "모르니플루메이트",
            "클로닉신",
            "이소프로필안티피린",
            "안티피린",
            "메타미졸",
            "페닐부타존",
            "피라지노부타존",
            "에텐자미드",
            "펠비낙",
            "에토페나메이트",
            "피케토프로펜",
            "이부프록삼",
            "부펙사막",
            "암톨메틴구아실",
            "신녹시캄",
            "아미노피린",
            "인도부펜",
            // Salicylates that inhibit COX-1 as others of this class do: the first has an acetyl as 아스피린 has.
            "트리플루살",
            "디플루니살",
        ],
    ),
    (
        Group::PreferentialCox2Inhibitor,
        None,
        &["멜록시캄", "니메술리드"],
    ),
    (
        Group::SelectiveCox2Inhibitor,
        None,
        &[
            "세레콕시브",
            "에토리콕시브",
            "폴마콕시브",
            "파레콕시브",
            "로페콕시브",
        ],
    ),
    (Group::Acetaminophen, None, &["아세트아미노펜"]),
    (
        Group::Salicylate,
        None,
        &[
            "아스피린",
            "살리실산",
            "살리실산메틸",
            "살리실산글리콜",
            "살리실산나트륨",
            "살리실산콜린",
            "살리실산페닐",
            "살리실산트롤아민",
            "차살리실산비스무트",
            "콜린마그네슘트리살리실레이트",
            "살리실아미드",
            "살살레이트",
            "디플루니살",
            "트리플루살",
            // Sold as its salicylate only.
            "이미다졸",
        ],
    ),
    (
        Group::Aminosalicylate,
        None,
        &["메살라진", "설파살라진", "발살라지드", "올살라진"],
    ),
    (
        Group::AntibacterialSulfonamide,
        None,
        &[
            "설파메톡사졸",
            "설파디아진",
            "설파디아진은",
            "설파살라진",
            "설파피리딘",
            "설파디메톡신",
            "설파모노메톡신",
            "설파메티졸",
            "설파티아졸",
            "설파메라진",
            "설파메타진",
            "설파독신",
            "설피속사졸",
            "설파이속사졸",
            "설파세타미드",
            "설파구아니딘",
            "설파닐아미드",
            "설파메톡시피리다진",
            "설팔렌",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::TABLE;
    use crate::safety::substances_of;

    /// A name that the rules would change could never be found.
    #[test]
    fn every_name_is_what_the_rules_leave() {
        for name in TABLE.iter().flat_map(|(.., names)| *names) {
            assert_eq!(substances_of(name), [*name]);
        }
    }
}
