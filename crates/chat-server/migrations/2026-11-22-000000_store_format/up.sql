-- Which form of the data this file holds, so that an older program refuses a newer file.
CREATE TABLE store_format (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    version INTEGER NOT NULL
);
INSERT INTO store_format (id, version) VALUES (1, 1);
