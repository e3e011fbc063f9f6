DROP TRIGGER work_event_time ON work_event;
DROP FUNCTION portal_work_time;
DROP TABLE work_clock;
