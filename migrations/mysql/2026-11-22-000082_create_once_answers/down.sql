DROP TABLE IF EXISTS once_answers;
