DROP TABLE survey_sum, survey_answer;
