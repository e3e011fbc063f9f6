// Package indo speaks Indonesian: dates, spans of time, numbers, money,
// telephone numbers, national identity numbers and people's names, the way the
// city's citizens write and read them. Everything in it is a pure function.
package indo
