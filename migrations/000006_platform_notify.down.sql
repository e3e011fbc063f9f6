DROP TABLE notify_inbox;
DROP TABLE notify_unsubscribe;
DROP TABLE notify_preference;
DROP TABLE notify_message;
