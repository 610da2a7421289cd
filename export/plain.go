package export

import (
	"regexp"
	"strings"

	"winnow/internal/access"
)

// markup stands for what mails, chats and tickets read as markup, links or
// places to fill in. The signs that take its place look alike and do nothing.
var markup = strings.NewReplacer("<", "‹", ">", "›", "[", "(", "]", ")", "{", "(", "}", ")", "`", "'", "|", "¦", "://", ": //")

// mention is what chats take for the name of somebody to call.
var mention = regexp.MustCompile(`(^|[\s(])@`)

// Quoted sets a name in quotation marks, fit for any text that leaves: strangers
// write names, and what is a word to us is a command to the chat, the mail or
// the ticket that shows it.
func Quoted(name string) string {
	return access.QuoteName(mention.ReplaceAllString(markup.Replace(name), "$1(at)"), "“", "”")
}
