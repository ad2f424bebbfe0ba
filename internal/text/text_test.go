package text_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/text"
)

func problem(err error) string {
	if err == nil {
		return ""
	}
	return fault.Of(err).Fields[0].Code
}

func TestLine(t *testing.T) {
	for _, c := range []struct{ why, in, want, problem string }{
		{"as it is", "水管漏水", "水管漏水", ""},
		{"outer spaces, full-width and narrow", " 　水管\u00a0漏水\t\n", "水管\u00a0漏水", ""},
		{"shortest", "水管", "水管", ""},
		{"too short", "水", "", "text.length"},
		{"too short without its spaces", "  水   ", "", "text.length"},
		{"longest", "一二三四五六", "一二三四五六", ""},
		{"too long", "一二三四五六七", "", "text.length"},
		{"longest in characters beyond the BMP", "𡐓𡐓𡐓𡐓𡐓𡐓", "𡐓𡐓𡐓𡐓𡐓𡐓", ""},
		{"too long in them", "𡐓𡐓𡐓𡐓𡐓𡐓𡐓", "", "text.length"},
		{"emoji", "漏水😀", "漏水😀", ""},
		{"marks that turn what follows", "\u202e沈\u2066某\u2069", "沈某", ""},
		{"nothing but such marks", "\u202e\u202e\u202c", "", "text.length"},
		{"nothing to be seen", "\ufeff\u200b\u200d", "", "text.length"},
		{"fillers that count as letters", "\u3164\u115f\u2800", "", "text.length"},
		{"letters from right to left", "مرحبا", "مرحبا", ""},
		{"private use", "\ue001\U000f0001", "\ue001\U000f0001", ""},
		{"composed", "Cafe\u0301", "Caf\u00e9", ""},
		{"longest once it is composed", strings.Repeat("e\u0301", 6), strings.Repeat("\u00e9", 6), ""},
		{"compatibility characters are kept", "①②", "①②", ""},
		{"line end", "水管\n漏水", "", "text.control"},
		{"tab", "水管\t漏", "", "text.control"},
		{"null", "水\x00管", "", "text.control"},
		{"escape", "\x1b[31m红", "", "text.control"},
		{"delete", "水\x7f管", "", "text.control"},
		{"control of the second block", "水\u0085管", "", "text.control"},
		{"line separator", "水\u2028管", "", "text.control"},
		{"paragraph separator", "水\u2029管", "", "text.control"},
		{"not UTF-8", "\xce\xef\xd2\xb5", "", "text.encoding"},
		{"half a character", "水\xf0\xa1", "", "text.encoding"},
		{"a surrogate", "\xed\xa0\x80水", "", "text.encoding"},
	} {
		got, err := text.Line("body.title", c.in, 2, 6)
		require.Equal(t, c.problem, problem(err), c.why)
		if err == nil {
			require.Equal(t, c.want, got, c.why)
			continue
		}
		require.ErrorIs(t, err, fault.Invalid)
		f := fault.Of(err).Fields[0]
		require.Equal(t, "body.title", f.Path)
		require.NotContains(t, fmt.Sprint(err, f.Params), c.in, "what was typed is not repeated")
	}
}

func TestParagraph(t *testing.T) {
	for _, c := range []struct{ why, in, want, problem string }{
		{"lines of every system", "一\r\n二\r三\n四", "一\n二\n三\n四", ""},
		{"tabs", "一\t二", "一\t二", ""},
		{"outer lines", "\r\n\r\n一\n\n二\n\n", "一\n\n二", ""},
		{"line ends count once", "一\r\n二\r\n三\r\n四\r\n五", "一\n二\n三\n四\n五", ""},
		{"too long", "一\n二\n三\n四\n五\n", "一\n二\n三\n四\n五", ""},
		{"one more", "一\n二\n三\n四\n五六", "", "text.length"},
		{"nothing", " \r\n ", "", ""},
		{"line separator", "一\u2028二", "一\u2028二", ""},
		{"bell", "一\a", "", "text.control"},
		{"vertical tab within", "一\v二", "", "text.control"},
		{"not UTF-8", "一\xff", "", "text.encoding"},
	} {
		got, err := text.Paragraph("body.text", c.in, 0, 9)
		require.Equal(t, c.problem, problem(err), c.why)
		if err == nil {
			require.Equal(t, c.want, got, c.why)
		}
	}
}

// What was cleaned is clean: it is within the bounds, in the one form, and cleaning it again changes nothing.
func FuzzClean(f *testing.F) {
	for _, s := range []string{"", " 水管 ", "e\u0301\r\n", "\u0344", "𡐓", "\xff", "\u2028x\u2029", "\r\r\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		for _, clean := range []func(string, string, int, int) (string, error){text.Line, text.Paragraph} {
			once, err := clean("p", in, 1, 20)
			if err != nil {
				require.ErrorIs(t, err, fault.Invalid)
				continue
			}
			require.True(t, norm.NFC.IsNormalString(once))
			n := utf8.RuneCountInString(once)
			require.True(t, n >= 1 && n <= 20)
			require.Equal(t, strings.TrimSpace(once), once)
			require.NotContains(t, once, "\r")
			again, err := clean("p", once, 1, 20)
			require.NoError(t, err)
			require.Equal(t, once, again)
		}
	})
}
