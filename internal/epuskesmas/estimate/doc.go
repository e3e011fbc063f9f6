// Package estimate says when a patient's turn will come, with the range that it may
// fall in. It is pure: it knows events, not databases.
//
// # How
//
// A [Session] is the replay of what was clicked at one poli on one day: who has a
// number, who is here, which doctor is busy since when. A [Model] is what was learned
// about that poli on earlier days: how long each doctor takes, how late they begin,
// how often they pause, who comes and when, how often a call is not answered. An
// estimate plays the rest of the session a few hundred times by the real calling
// rules, with everything unknown drawn from the model, and reads the quantiles off.
//
// The rules: by number; somebody who comes after their turn goes behind the next
// three; priority patients first, but at most two in a row when others wait; an
// emergency next; an unanswered call puts the patient three places back.
//
// # Sources
//
// Service levels are a local-level model on log minutes, shrunk to the doctor's own
// history (Harrison & Stevens 1976); quantiles rather than means because unforeseen
// lengthening is the main fault of averages (Ang et al. 2016, doi
// 10.1287/msom.2015.0560; Pak et al. 2021, IJMI 145:104303); the range is kept honest
// by adaptive conformal inference (Gibbs & Candès 2021).
package estimate
