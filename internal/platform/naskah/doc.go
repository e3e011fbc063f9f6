// Package naskah sets official letters: a [Document] in, the bytes of a PDF out.
// It knows the form of an official letter (kop, title and number, text, people
// who sign, signature block, foot) and nothing of what a letter is about.
//
// # Promises
//
//   - The same Document gives the same bytes, on any machine, at any time.
//   - The text can be taken out of the PDF in reading order; its language is
//     Indonesian and its window shows its title. The QR code is drawn, not a picture.
//   - The block of the officials never stands on a page without the last two
//     lines of what they sign, or the last of those who sign before them. Paragraphs part no single line, tables repeat
//     their head, pages after the first say which page of how many they are.
//   - A letter that almost fits one page is set a little tighter until it does.
//   - What the typeface lacks is printed as □, so that the signer sees it;
//     [Unprintable] finds it beforehand.
//   - The file ends in a classic cross-reference table and has no form of its
//     own: a signature is appended to it, see package sign.
//
// The typeface is Liberation Serif, see fonts/LICENSE.
package naskah
