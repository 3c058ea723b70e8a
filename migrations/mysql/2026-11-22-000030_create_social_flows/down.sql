DROP TABLE IF EXISTS social_flows;
