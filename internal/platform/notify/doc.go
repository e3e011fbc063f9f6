// Package notify tells people things: by e-mail, through a WhatsApp or SMS gateway,
// by web push, and in the inbox inside the portal.
//
// A use case calls Queue in its own transaction: the message exists if and only if
// the transaction commits. A worker sends it afterwards. What is refused for good
// fails at once; what is refused for now is tried again for about a day.
//
// Exactly-once is not to be had across an SMTP conversation. A message is marked as
// being sent before the conversation and as sent after it; when a process dies in
// between, it is sent once more, under the same Message-ID, and after a second such
// death never again ("unknown"). So a crash may send a message twice, not three times.
//
// States of a message: queued → sending → sent, with queued again after a temporary
// refusal; failed, suppressed (the recipient does not want it), off (the channel is
// not configured), expired (too late to be of use) and unknown end it.
package notify
