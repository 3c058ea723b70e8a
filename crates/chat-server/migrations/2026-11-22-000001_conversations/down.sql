UPDATE store_format SET version = 1;
DROP TABLE records;
DROP TABLE messages;
DROP TABLE conversations;
