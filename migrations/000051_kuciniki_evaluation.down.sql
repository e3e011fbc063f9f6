DROP TABLE kuciniki_unit_predicate, kuciniki_note, kuciniki_judgement, kuciniki_realisation, kuciniki_evaluation;
