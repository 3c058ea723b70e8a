//! What stands in a message.

use super::{VerificationCode, VerificationPurpose};

/// The text that carries a code.
///
/// It fits an SMS of Korean carriers, 90 bytes of EUC-KR, together with the line `[Web발신]` (10 bytes)
/// that they put before messages from servers. It says what the code is for, so that somebody who is
/// talked out of one can notice. It says 휴대폰 번호 확인 and never 본인확인: that is what the law calls
/// the identification by an agency that is licensed for it (정보통신망법 제23조의3), which this isn't.
#[must_use]
pub fn verification_sms(purpose: VerificationPurpose, code: &VerificationCode) -> String {
    let what = match purpose {
        VerificationPurpose::SignUp => "회원가입",
        VerificationPurpose::FindLoginId => "아이디 찾기",
        VerificationPurpose::ResetPassword => "비밀번호 재설정",
        VerificationPurpose::ChangePhone => "번호 변경",
    };
    format!(
        "[필넛츠] {what} 휴대폰 번호 확인: {} (3분간 유효)\n알려주지 마세요",
        code.expose()
    )
}
