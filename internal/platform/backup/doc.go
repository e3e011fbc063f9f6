// Package backup takes the database and the files at one point, encrypted, and brings
// them back.
//
// A folder holds any number of backups:
//
//	20261126T191500.000Z/manifest.age   what it holds: schema, rows and hash of every table
//	20261126T191500.000Z/database.age   pg_dump's custom format
//	20261126T191500.000Z/files.age      one line of JSON for each file
//	files/3f/3fa1….age                  the files, shared by all backups: one is copied once
//
// Everything is an age file (age-encryption.org/v1) whose key is sealed with the portal's
// secret file: who has the folder alone has nothing, and who has both needs nothing else.
// Names of files in the folder tell neither keys nor people.
//
// The point is a snapshot of the database. Files are written before the row that names
// them is, and while a backup runs none is deleted (Hold), so every file that a row of the
// snapshot names is there.
package backup
