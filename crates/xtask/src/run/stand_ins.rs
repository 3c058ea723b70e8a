//! Sign-in by Naver, Google and Kakao, and messages, at their stand-ins, so that a developer can sign up and in by hand:
//! whatever the environment doesn't name an account for, with sample data as with the MFDS's.

use test_kit::server::Builder;

use crate::run::ports::Ports;

/// Another service, by the setting that names our account with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Service {
    Sms,
    Naver,
    Google,
    Kakao,
}

impl Service {
    const ALL: [Self; 4] = [Self::Sms, Self::Naver, Self::Google, Self::Kakao];

    const fn account(self) -> &'static str {
        match self {
            Self::Sms => "SENS_SERVICE_ID",
            Self::Naver => "NAVER_CLIENT_ID",
            Self::Google => "GOOGLE_CLIENT_ID",
            Self::Kakao => "KAKAO_CLIENT_ID",
        }
    }

    fn settings(self, base: &str) -> Vec<(&'static str, String)> {
        match self {
            Self::Sms => sms(base),
            Self::Naver => naver(base),
            Self::Google => google(base),
            Self::Kakao => kakao(base),
        }
    }
}

/// The services that stand-ins play.
#[derive(Debug)]
pub(super) struct StandIns {
    played: Vec<Service>,
    production: bool,
}

impl StandIns {
    /// By the environment: what has an account there is the real one, an empty setting is none. In production nobody
    /// signs in at a stand-in.
    pub(super) fn of_environment() -> Self {
        Self::of(|name| std::env::var(name).ok())
    }

    fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let production = variable("APP_ENV").is_some_and(|env| env.trim() == "production");
        let given = |name: &str| variable(name).is_some_and(|value| !value.trim().is_empty());
        let is_real = |name: &str| given(name) || given(&format!("{name}_FILE"));
        let mut played = Service::ALL.to_vec();
        played.retain(|service| !production && !is_real(service.account()));
        Self { played, production }
    }

    fn some_sign_in(&self) -> bool {
        self.played.iter().any(|service| *service != Service::Sms)
    }

    /// Points web-api at the stand-ins.
    pub(super) fn point(&self, server: Builder, ports: &Ports) -> Builder {
        let base = base(ports);
        let settings = self.played.iter().flat_map(|one| one.settings(&base));
        let mut all: Vec<_> = settings.collect();
        if self.some_sign_in() {
            let web = format!("http://127.0.0.1:{}", ports.web);
            let ours = [
                ("SOCIAL_PUBLIC_URL", web.clone()),
                ("SOCIAL_RETURN_URLS", format!("{web}/")),
            ];
            all.extend(ours.into_iter().filter(|(name, _)| {
                std::env::var(name).map_or(true, |value| value.trim().is_empty())
            }));
        }
        all.into_iter()
            .fold(server, |server, (name, value)| server.env(name, value))
    }

    /// What of it a person can open, and what isn't played.
    pub(super) fn lines(&self, ports: &Ports) -> String {
        let mut lines = Vec::new();
        for service in Service::ALL {
            let (name, path) = match service {
                Service::Sms => ("messages", "/sms"),
                Service::Naver => ("Naver", "/api/v1/auth/social/naver"),
                Service::Google => ("Google", "/api/v1/auth/social/google"),
                Service::Kakao => ("Kakao", "/api/v1/auth/social/kakao"),
            };
            let port = match service {
                Service::Sms => ports.simulator,
                Service::Naver | Service::Google | Service::Kakao => ports.web,
            };
            let account = service.account();
            let line = if self.played.contains(&service) {
                format!("http://127.0.0.1:{port}{path}  (a stand-in)")
            } else if self.production {
                format!("no stand-in with APP_ENV=production: only by {account}")
            } else {
                format!("the real one, by {account}")
            };
            lines.push(format!("  {name:<12} {line}\n"));
        }
        lines.concat()
    }
}

fn base(ports: &Ports) -> String {
    format!("http://127.0.0.1:{}", ports.simulator)
}

/// Where Kakao's stand-in tells that somebody unlinked.
pub(super) fn webhook(ports: &Ports) -> String {
    format!(
        "http://127.0.0.1:{}/api/v1/auth/social/kakao/unlink-notice",
        ports.web
    )
}

fn sms(base: &str) -> Vec<(&'static str, String)> {
    vec![
        ("SENS_BASE_URL", base.to_owned()),
        (
            "SENS_SERVICE_ID",
            "ncp:sms:kr:000000000000:pillnuts".to_owned(),
        ),
        ("SENS_ACCESS_KEY", "sample-access-key".to_owned()),
        ("SENS_SECRET_KEY", "sample-secret-key".to_owned()),
        ("SENS_SENDER", "0212345678".to_owned()),
    ]
}

fn naver(base: &str) -> Vec<(&'static str, String)> {
    vec![
        ("NAVER_CLIENT_ID", "sample-naver-id".to_owned()),
        ("NAVER_CLIENT_SECRET", "sample-naver-secret".to_owned()),
        (
            "NAVER_AUTHORIZE_URL",
            format!("{base}/naver/oauth2.0/authorize"),
        ),
        ("NAVER_TOKEN_URL", format!("{base}/naver/oauth2.0/token")),
        ("NAVER_PROFILE_URL", format!("{base}/naver/v1/nid/me")),
    ]
}

fn google(base: &str) -> Vec<(&'static str, String)> {
    vec![
        ("GOOGLE_CLIENT_ID", "sample-google-id".to_owned()),
        ("GOOGLE_CLIENT_SECRET", "sample-google-secret".to_owned()),
        (
            "GOOGLE_AUTHORIZE_URL",
            format!("{base}/google/o/oauth2/v2/auth"),
        ),
        ("GOOGLE_TOKEN_URL", format!("{base}/google/token")),
        ("GOOGLE_KEYS_URL", format!("{base}/google/oauth2/v3/certs")),
        ("GOOGLE_REVOKE_URL", format!("{base}/google/revoke")),
        ("GOOGLE_ISSUER", format!("{base}/google")),
    ]
}

fn kakao(base: &str) -> Vec<(&'static str, String)> {
    vec![
        ("KAKAO_CLIENT_ID", "sample-kakao-id".to_owned()),
        ("KAKAO_CLIENT_SECRET", "sample-kakao-secret".to_owned()),
        ("KAKAO_ADMIN_KEY", "sample-kakao-admin-key".to_owned()),
        (
            "KAKAO_AUTHORIZE_URL",
            format!("{base}/kakao/oauth/authorize"),
        ),
        ("KAKAO_TOKEN_URL", format!("{base}/kakao/oauth/token")),
        (
            "KAKAO_KEYS_URL",
            format!("{base}/kakao/.well-known/jwks.json"),
        ),
        ("KAKAO_UNLINK_URL", format!("{base}/kakao/v1/user/unlink")),
        ("KAKAO_ISSUER", format!("{base}/kakao")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    const PORTS: Ports = Ports {
        web: 1,
        web_ops: 2,
        chat: 3,
        chat_ops: 4,
        simulator: 5,
    };

    fn with(set: &[(&str, &str)]) -> StandIns {
        StandIns::of(|name| {
            let mut set = set.iter();
            let found = set.find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn what_has_an_account_is_the_real_one_and_the_rest_is_played() {
        let all = with(&[("NAVER_CLIENT_ID", ""), ("MFDS_SERVICE_KEY", "key")]);
        assert_eq!(all.played, Service::ALL);
        let lines = all.lines(&PORTS);
        assert!(
            lines.contains("http://127.0.0.1:5/sms  (a stand-in)"),
            "{lines}"
        );
        let some = with(&[("NAVER_CLIENT_ID", "id"), ("SENS_SERVICE_ID_FILE", "/file")]);
        assert_eq!(some.played, [Service::Google, Service::Kakao]);
        let lines = some.lines(&PORTS);
        assert!(
            lines.contains("the real one, by SENS_SERVICE_ID"),
            "{lines}"
        );
        assert!(
            !with(&[
                ("NAVER_CLIENT_ID", "a"),
                ("GOOGLE_CLIENT_ID", "b"),
                ("KAKAO_CLIENT_ID", "c")
            ])
            .some_sign_in()
        );
    }

    #[test]
    fn nobody_signs_in_at_a_stand_in_in_production() {
        let none = with(&[("APP_ENV", "production")]);
        assert_eq!(none.played, []);
        assert!(!none.some_sign_in());
        let lines = none.lines(&PORTS);
        assert_eq!(lines.matches("no stand-in").count(), 4, "{lines}");
    }
}
