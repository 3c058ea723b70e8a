//! What each narrower kind says.

use service_kit::problem::LocalText;

use super::Narrow;

impl Narrow {
    /// Title and detail.
    #[expect(
        clippy::too_many_lines,
        reason = "one table of texts, nothing to split"
    )]
    pub(crate) const fn texts(self) -> (LocalText, LocalText) {
        let (ko, en, ko_detail, en_detail) = match self {
            Self::MedicineNotFound => (
                "의약품을 찾을 수 없음",
                "Medicine not found",
                "이 번호의 의약품이 없습니다.",
                "No medicine has this id.",
            ),
            Self::IngredientNotFound => (
                "성분을 찾을 수 없음",
                "Ingredient not found",
                "이 번호의 성분이 없습니다.",
                "No ingredient has this id.",
            ),
            Self::SameMedicine => (
                "같은 의약품",
                "The same medicine",
                "같은 의약품은 비교할 것이 없습니다. 서로 다른 두 의약품을 골라 주세요.",
                "There is nothing to compare in one medicine. Choose two different ones.",
            ),
            Self::CatalogueLoading => (
                "의약품 정보 준비 중",
                "The catalogue is being loaded",
                "의약품 정보를 아직 불러오지 못했습니다. 잠시 후 다시 시도해 주세요.",
                "The medicines have not been loaded yet. Please try again shortly.",
            ),
            Self::InvalidToken => (
                "로그인 만료",
                "Sign-in not valid",
                "로그인이 만료되었거나 올바르지 않습니다. 다시 로그인해 주세요.",
                "Your sign-in has expired or is not valid. Please sign in again.",
            ),
            Self::AccountSuspended => (
                "이용이 정지된 계정",
                "Account suspended",
                "이용이 정지된 계정으로는 할 수 없습니다. 내 정보 조회와 내려받기, 탈퇴, 로그아웃은 할 수 있습니다.",
                "A suspended account cannot do this. You can still read and export your data, withdraw, and sign out.",
            ),
            Self::SecondFactorRequired => (
                "2단계 인증 필요",
                "Second factor required",
                "2단계 인증을 한 뒤에 다시 시도해 주세요.",
                "Confirm with your second factor, then try again.",
            ),
            Self::CrossSiteRequest => (
                "허용되지 않은 출처",
                "Origin not allowed",
                "이 페이지에서는 할 수 없는 요청입니다.",
                "This request may not be made from that page.",
            ),
            Self::RateLimited => (
                "요청이 너무 많음",
                "Too many requests",
                "짧은 시간에 요청이 너무 많았습니다. 잠시 후 다시 시도해 주세요.",
                "There were too many requests in a short time. Please try again shortly.",
            ),
            Self::Taken => (
                "이미 사용 중",
                "Already taken",
                "다른 회원이 이미 쓰고 있습니다. errors를 확인해 주세요.",
                "Another member has this already. See errors.",
            ),
            Self::NoMoreMessages => (
                "문자를 보낼 수 없음",
                "No message sent",
                "지금은 문자를 더 보낼 수 없습니다. 잠시 후 다시 시도해 주세요.",
                "No more messages can be sent for now. Please try again later.",
            ),
            Self::VerificationNotFound => (
                "확인 요청을 찾을 수 없음",
                "Verification not found",
                "이 확인 요청이 없습니다. 번호를 다시 보내 주세요.",
                "There is no such verification. Please ask for another code.",
            ),
            Self::VerificationOver => (
                "확인 요청이 끝남",
                "Verification over",
                "시간이 지났거나 입력 횟수를 넘었습니다. 번호를 다시 보내 주세요.",
                "Its time or its tries are over. Please ask for another code.",
            ),
            Self::WrongCredentials => (
                "로그인할 수 없음",
                "Sign-in refused",
                "아이디(이메일) 또는 비밀번호가 맞지 않습니다.",
                "The login id (or e-mail) or the password is wrong.",
            ),
            Self::SignInSlowed => (
                "로그인 시도가 너무 많음",
                "Too many tries",
                "로그인 시도가 너무 많았습니다. 잠시 후 다시 시도해 주세요.",
                "There were too many tries to sign in. Please try again shortly.",
            ),
            Self::SessionNotFound => (
                "로그인 기기를 찾을 수 없음",
                "Session not found",
                "이 기기는 로그인되어 있지 않습니다.",
                "You are not signed in on this device.",
            ),
            Self::WrongSecondFactor => (
                "인증 코드 오류",
                "Wrong code",
                "인증 코드가 맞지 않거나 이미 쓴 코드입니다. 새 코드로 다시 시도해 주세요.",
                "The code is wrong or was used. Please try again with the next one.",
            ),
            Self::SecondFactorOver => (
                "로그인 시간이 지남",
                "Sign-in over",
                "2단계 인증을 기다리던 로그인이 끝났습니다. 처음부터 다시 로그인해 주세요.",
                "The sign-in that waited for your second factor is over. Please start again.",
            ),
            Self::SecondFactorNotFound => (
                "2단계 인증이 없음",
                "No second factor",
                "등록된 2단계 인증이 없거나 확인을 기다리는 등록이 없습니다.",
                "No second factor is set up, or none is waiting to be confirmed.",
            ),
            Self::SecondFactorExists => (
                "이미 등록된 2단계 인증",
                "Second factor exists",
                "2단계 인증이 이미 등록되어 있습니다. 바꾸려면 먼저 해제해 주세요.",
                "A second factor is set up already. Remove it first to set up another.",
            ),
            Self::UserNotFound => (
                "회원을 찾을 수 없음",
                "Member not found",
                "이 번호의 회원이 없습니다.",
                "No member has this id.",
            ),
            Self::LastAdmin => (
                "마지막 관리자",
                "The last admin",
                "관리자가 한 명도 남지 않게 되어 할 수 없습니다. 먼저 다른 관리자를 지정해 주세요.",
                "This would leave nobody to administer. Make somebody else an admin first.",
            ),
            Self::OwnAccount => (
                "자기 계정",
                "Your own account",
                "자기 계정에는 할 수 없습니다. 다른 관리자에게 맡겨 주세요.",
                "This cannot be done to your own account. Another admin has to.",
            ),
            Self::UploadNotFound => (
                "올린 사진을 찾을 수 없음",
                "Upload not found",
                "이 번호로 올린 사진이 없습니다. 사진을 다시 올려 주세요.",
                "You have no upload with this id. Please begin another one.",
            ),
            Self::UploadOver => (
                "사진 올리기가 끝남",
                "Upload over",
                "시간이 지났거나 이미 쓴 것입니다. 사진을 다시 올려 주세요.",
                "Its time is over, or it was used already. Please begin another upload.",
            ),
            Self::UploadMissing => (
                "사진이 아직 없음",
                "Nothing uploaded yet",
                "사진이 아직 올라오지 않았습니다. 받은 주소로 먼저 올려 주세요.",
                "The picture has not arrived yet. Send it to the address first.",
            ),
            Self::UploadInWork => (
                "사진 처리 중",
                "Upload in work",
                "이 사진은 이미 처리하고 있습니다. 잠시 후 다시 확인해 주세요.",
                "Another request is working on this upload. Please look again shortly.",
            ),
            Self::TooManyUploads => (
                "사진을 너무 많이 올림",
                "Too many uploads",
                "짧은 시간에 사진을 너무 많이 올렸습니다. 잠시 후 다시 시도해 주세요.",
                "There were too many uploads in a short time. Please try again later.",
            ),
            Self::UploadNotPermitted => (
                "올릴 수 없는 주소",
                "Upload not permitted",
                "이 주소로는 사진을 올릴 수 없습니다. 새 주소를 받아 주세요.",
                "Nothing may be uploaded to this address. Please ask for another one.",
            ),
            Self::ProviderNotOffered => (
                "쓸 수 없는 로그인 서비스",
                "Sign-in service not offered",
                "이 서비스로는 로그인할 수 없습니다.",
                "One cannot sign in by this service.",
            ),
            Self::IdentityTaken => (
                "다른 회원에게 연결됨",
                "Linked to another member",
                "이미 다른 회원에게 연결되어 있습니다.",
                "This is linked to another member already.",
            ),
            Self::OtherIdentityLinked => (
                "다른 계정이 연결됨",
                "Another account is linked",
                "이 서비스의 다른 계정이 연결되어 있습니다. 먼저 연결을 끊어 주세요.",
                "Another account of this service is linked. Please unlink it first.",
            ),
            Self::LastSignInMethod => (
                "하나뿐인 로그인 방법",
                "The only way to sign in",
                "하나뿐인 로그인 방법은 끊을 수 없습니다. 먼저 다른 방법을 연결해 주세요.",
                "The only way to sign in cannot be unlinked. Please link another one first.",
            ),
            Self::NoHealthQuotes => (
                "건강 명언 없음",
                "No health quotes",
                "등록된 건강 명언이 아직 없습니다.",
                "No health quotes are stored yet.",
            ),
            Self::HealthQuoteNotFound => (
                "건강 명언을 찾을 수 없음",
                "Health quote not found",
                "이 번호의 건강 명언이 없습니다.",
                "No health quote has this id.",
            ),
            Self::EventNotFound => (
                "이벤트를 찾을 수 없음",
                "Event not found",
                "이 번호의 이벤트가 없습니다.",
                "No event has this id.",
            ),
            Self::CatalogueSyncNotFound => (
                "동기화를 찾을 수 없음",
                "Synchronisation not found",
                "이 번호의 동기화가 없습니다.",
                "No synchronisation has this id.",
            ),
            Self::CatalogueSyncRunning => (
                "동기화 진행 중",
                "Synchronising already",
                "이미 동기화가 진행 중입니다.",
                "A synchronisation is running already.",
            ),
            Self::CatalogueSyncUnavailable => (
                "동기화할 수 없음",
                "Cannot synchronise",
                "이 서버는 지금 동기화를 시작할 수 없습니다. 식약처 서비스 키 설정을 확인해 주세요.",
                "This server cannot synchronise now. Please check the key of the ministry's service.",
            ),
            Self::WishesFull => (
                "찜이 가득 참",
                "Too many wishes",
                "찜은 1,000개까지 할 수 있습니다. 필요 없는 찜을 지우고 다시 해 주세요.",
                "You can wish 1,000 medicines at most. Remove some of them first.",
            ),
            Self::CompareBoxFull => (
                "비교함이 가득 참",
                "The compare box is full",
                "비교함에는 의약품을 10개까지 담을 수 있습니다. 하나를 빼고 다시 담아 주세요.",
                "The compare box takes 10 medicines at most. Take one out first.",
            ),
            Self::ConsentRequired => (
                "민감정보 동의 필요",
                "Consent required",
                "알레르기와 후기를 저장하려면 민감정보 수집·이용에 먼저 동의해 주세요.",
                "Allergies and reviews are stored only with your consent to sensitive data. Please agree first.",
            ),
            Self::AllergiesFull => (
                "알레르기 목록이 가득 참",
                "The list is full",
                "알레르기 성분은 200개까지 저장할 수 있습니다. 필요 없는 것을 지워 주세요.",
                "At most 200 allergens can be listed. Please remove one first.",
            ),
            Self::ReviewNotFound => (
                "후기를 찾을 수 없음",
                "Review not found",
                "이 후기가 없거나 볼 수 없습니다.",
                "There is no such review, or it cannot be seen.",
            ),
            Self::ReviewExists => (
                "이미 후기를 씀",
                "Reviewed already",
                "한 의약품에는 후기를 하나만 쓸 수 있습니다. 쓴 후기를 고쳐 주세요.",
                "One review a medicine. Please change the one that you wrote.",
            ),
            Self::ReviewsFull => (
                "후기가 가득 참",
                "No more reviews",
                "후기는 1,000개까지 쓸 수 있습니다. 필요 없는 것을 지워 주세요.",
                "At most 1,000 reviews. Please delete one first.",
            ),
            Self::OwnReview => (
                "내 후기",
                "Your own review",
                "내가 쓴 후기는 스스로 평가하거나 신고하거나 심사할 수 없습니다.",
                "You cannot rate, report or judge your own review.",
            ),
            Self::NotOwnReview => (
                "다른 사람의 후기",
                "Another's review",
                "내가 쓴 후기만 고치거나 지울 수 있습니다.",
                "You can change or delete only your own review.",
            ),
            Self::AllergiesUnavailable => (
                "알레르기 정보를 불러올 수 없음",
                "Allergies not available",
                "알레르기 정보를 지금 불러올 수 없어 빼고 검색할 수 없습니다. 잠시 후 다시 시도해 주세요.",
                "Your allergies cannot be loaded right now, so nothing can be left out. Please try again shortly.",
            ),
            Self::ReauthenticationRequired => (
                "다시 확인 필요",
                "Proof needed",
                "비밀번호나 연결된 서비스로 본인임을 다시 확인해 주세요.",
                "Please prove yourself again, by your password or by a linked service.",
            ),
        };
        (LocalText::new(ko, en), LocalText::new(ko_detail, en_detail))
    }
}
