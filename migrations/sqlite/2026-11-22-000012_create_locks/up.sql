-- Leases by the clock of the database: a dead holder's lease ends by itself.
CREATE TABLE IF NOT EXISTS locks (
    name TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
