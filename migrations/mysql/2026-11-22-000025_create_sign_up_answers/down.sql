DROP TABLE IF EXISTS sign_up_answers;
