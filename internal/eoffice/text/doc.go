// Package text keeps what a letter says: a small subset of HTML that an editor writes and
// the paper can show.
//
// The subset: p, h2, h3, strong, em, u, br, ul, ol and li (lists in lists once), and table
// with tr, th and td. No attributes at all. Text stands in a block: nothing but blocks at
// the top, nothing but text and its marks in a paragraph, heading, item or cell.
package text
