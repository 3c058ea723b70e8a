//! Who may call an address.

use domain::account::Role;
use service_kit::problem::ProblemKind;

use super::caller::{Caller, Member};
use super::problem::Problem;
use super::problem_texts::Narrow;

/// Who may call an address. There is no default: each route says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    /// Who.
    pub level: Level,
    /// Whether a suspended member may, too: for what is his by law, such as leaving.
    pub suspended: bool,
    /// Whether only with a second factor given lately.
    pub second_factor: bool,
}

/// Who, before anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Everybody.
    Public,
    /// Who is signed in, in whichever role.
    Member,
    /// Counsellors. Not admins: who runs a service need not read what people tell in confidence.
    Counsellor,
    /// Admins.
    Admin,
    /// Another service, which proves itself to the handler by a signature over what it sends.
    Internal,
}

impl Access {
    /// Everybody, signed in or not.
    pub const PUBLIC: Self = Self::of(Level::Public);
    /// Members who aren't suspended.
    pub const MEMBER: Self = Self::of(Level::Member);
    /// Counsellors with a second factor.
    pub const COUNSELLOR: Self = Self::of(Level::Counsellor).with_second_factor();
    /// Admins with a second factor.
    pub const ADMIN: Self = Self::of(Level::Admin).with_second_factor();
    /// Another service; tokens of members mean nothing here.
    pub const INTERNAL: Self = Self::of(Level::Internal);

    const fn of(level: Level) -> Self {
        Self {
            level,
            suspended: false,
            second_factor: false,
        }
    }

    /// The same, for suspended members as well.
    #[must_use]
    pub const fn even_suspended(mut self) -> Self {
        self.suspended = true;
        self
    }

    /// The same, only with a second factor given lately.
    #[must_use]
    pub const fn with_second_factor(mut self) -> Self {
        self.second_factor = true;
        self
    }

    /// Lets the caller in.
    ///
    /// # Errors
    /// 401 where he has to sign in first, 403 where that wouldn't help.
    pub(crate) fn admit(self, caller: &Caller) -> Result<(), Problem> {
        let role = match self.level {
            Level::Public | Level::Internal => return Ok(()),
            Level::Member => None,
            Level::Counsellor => Some(Role::Counsellor),
            Level::Admin => Some(Role::Admin),
        };
        let Some(member) = caller.member() else {
            return Err(Problem::new(ProblemKind::Unauthorized));
        };
        self.admit_member(member, role)
    }

    fn admit_member(self, member: &Member, role: Option<Role>) -> Result<(), Problem> {
        let refuse = |narrow| Err(Problem::narrow(ProblemKind::Forbidden, narrow));
        if role.is_some_and(|role| role != member.role) {
            return Err(Problem::new(ProblemKind::Forbidden));
        }
        if member.suspended && !self.suspended {
            return refuse(Narrow::AccountSuspended);
        }
        if self.second_factor && !member.second_factor {
            return refuse(Narrow::SecondFactorRequired);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(role: Role, suspended: bool, second_factor: bool) -> Caller {
        Caller::Member(Member {
            id: "1".parse().expect("an id"),
            session: "2".parse().expect("an id"),
            role,
            suspended,
            second_factor,
        })
    }

    /// Every level with every kind of caller: 0 is "come in".
    #[test]
    fn every_level_lets_in_whom_it_names_and_nobody_else() {
        let callers = [
            Caller::Anonymous,
            member(Role::Member, false, true),
            member(Role::Member, true, true),
            member(Role::Counsellor, false, true),
            member(Role::Counsellor, false, false),
            member(Role::Admin, false, true),
            member(Role::Admin, false, false),
            member(Role::Admin, true, true),
        ];
        for (access, expected) in [
            (Access::PUBLIC, [0; 8]),
            (Access::INTERNAL, [0; 8]),
            (Access::MEMBER, [401, 0, 403, 0, 0, 0, 0, 403]),
            (Access::MEMBER.even_suspended(), [401, 0, 0, 0, 0, 0, 0, 0]),
            (
                Access::MEMBER.with_second_factor(),
                [401, 0, 403, 0, 403, 0, 403, 403],
            ),
            (Access::COUNSELLOR, [401, 403, 403, 0, 403, 403, 403, 403]),
            (Access::ADMIN, [401, 403, 403, 403, 403, 0, 403, 403]),
        ] {
            for (caller, status) in callers.iter().zip(expected) {
                let found = match access.admit(caller) {
                    Ok(()) => 0,
                    Err(problem) => actix_web::ResponseError::status_code(&problem).as_u16(),
                };
                assert_eq!(found, status, "{access:?} {caller:?}");
            }
        }
    }
}
