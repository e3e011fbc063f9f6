// Package bpjs is BPJS Antrean FKTP: the service that Mobile JKN asks (in_*.go), and what
// a puskesmas is known by to BPJS and to SATUSEHAT ([Account]). docs/bpjs.md tells what
// is sent and answered.
package bpjs
