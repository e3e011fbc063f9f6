DROP INDEX eoffice_event_desk_idx;
