DROP TABLE epemerintahan_letter_hold;
