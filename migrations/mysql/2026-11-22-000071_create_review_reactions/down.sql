DROP TABLE IF EXISTS review_reactions;
