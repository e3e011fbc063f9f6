DROP TABLE oversight_evidence;
