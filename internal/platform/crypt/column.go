package crypt

import "strings"

// Column says where sealed values stand in the database, for those who seal them anew.
type Column struct {
	Table, Name string
	// Path leads to the value, in base64, in a column that is jsonb; "" for bytea.
	Path string
	// Context is what the value was sealed under, as an SQL expression over the row t.
	Context string
}

// In is columns of a table, given as pairs of name and context.
func In(table string, pairs ...string) []Column {
	out := make([]Column, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, Column{Table: table, Name: pairs[i], Context: Literal(pairs[i+1])})
	}
	return out
}

// Literal is a context that is the same for all rows, as SQL.
func Literal(context string) string { return "'" + strings.ReplaceAll(context, "'", "''") + "'" }
