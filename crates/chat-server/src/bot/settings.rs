//! What is set of the bot.

use domain::chat::text;
use service_kit::settings::{Reader, Shape};

/// What is set of the bot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BotSettings {
    /// Where the search page is, without a slash at the end; on the host of the chat's page if unset.
    pub web_url: Option<String>,
    /// What the built-in answers lead to.
    pub operator: Operator,
}

/// What an operator fills in for the first start; later admins edit the answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Operator {
    /// Address for questions.
    pub email: Option<String>,
    /// `https:` address of the survey.
    pub survey: Option<String>,
    /// `https:` address of the Instagram account.
    pub instagram: Option<String>,
}

impl BotSettings {
    pub(crate) fn read(reader: &mut Reader) -> Self {
        let web = reader.optional_url("CHAT_WEB_URL", "https://pillnuts.example");
        let email = Shape::new("an e-mail address", "help@pillnuts.example");
        let email: Option<Email> = reader.optional_parsed("CHAT_CONTACT_EMAIL", &email);
        let mut page = |name: &str, example: &str| {
            let shape = Shape::new("an https address", example);
            let page: Option<Page> = reader.optional_parsed(name, &shape);
            page.map(|page| page.0)
        };
        Self {
            web_url: web.map(|url| url.as_str().trim_end_matches('/').to_owned()),
            operator: Operator {
                survey: page("CHAT_SURVEY_URL", "https://forms.example/pillnuts"),
                instagram: page("CHAT_INSTAGRAM_URL", "https://www.instagram.com/pillnuts"),
                email: email.map(|email| email.0),
            },
        }
    }
}

struct Email(String);

impl std::str::FromStr for Email {
    type Err = text::TextError;

    fn from_str(address: &str) -> Result<Self, Self::Err> {
        text::link(&format!("mailto:{address}")).map(|_| Self(address.to_owned()))
    }
}

struct Page(String);

impl std::str::FromStr for Page {
    type Err = text::TextError;

    fn from_str(url: &str) -> Result<Self, Self::Err> {
        match text::link(url)? {
            url if url.starts_with("https://") => Ok(Self(url.to_owned())),
            _ => Err(text::TextError::Link),
        }
    }
}
