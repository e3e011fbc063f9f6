DROP TABLE numbering_gap, numbering_counter, calendar_ramadan, calendar_holiday, calendar_unit, calendar_hours, calendar_schedule;
