package notify

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/goccy/go-yaml"
)

// Language is what a message is read in.
type Language int

// The languages.
const (
	Chinese Language = iota
	English
)

//go:embed texts.yaml
var textFile []byte

// words is one text in both languages; {name} stands for a code of the payload.
type words struct {
	English string `yaml:"en"`
	Chinese string `yaml:"zh"`
}

func (w words) in(l Language) string {
	if l == English {
		return w.English
	}
	return w.Chinese
}

// template is a message: a title of one line and a body of one sentence or two. SMS is the title's short
// form behind an order's number, in Chinese.
type template struct {
	Title words  `yaml:"title"`
	Body  words  `yaml:"body"`
	SMS   string `yaml:"sms"`
}

type textTable struct {
	Templates map[string]template `yaml:"templates"`
	Words     map[string]words    `yaml:"words"` // what codes are called
}

// texts reads the embedded table once; a test keeps it readable and complete.
var texts = sync.OnceValue(func() textTable {
	var t textTable
	if err := yaml.UnmarshalWithOptions(textFile, &t, yaml.Strict()); err != nil {
		panic(fmt.Sprintf("notify: texts.yaml: %v", err))
	}
	return t
})

var placeholder = regexp.MustCompile(`\{([a-zA-Z]+)\}`)

// names lists the codes that a template shows.
func (t template) names() []string {
	var out []string
	for _, s := range []string{t.Title.Chinese, t.Body.Chinese, t.Title.English, t.Body.English} {
		for _, m := range placeholder.FindAllStringSubmatch(s, -1) {
			out = append(out, m[1])
		}
	}
	return out
}

// render fills a text with the values of codes, each called by its name where it has one, and a day as it is
// written in the language. A value that is not there leaves a dash.
func render(s string, l Language, params map[string]string) string {
	return placeholder.ReplaceAllStringFunc(s, func(m string) string {
		v, ok := params[strings.Trim(m, "{}")]
		if !ok {
			return "—"
		}
		if w, ok := texts().Words[v]; ok {
			return w.in(l)
		}
		if day, err := time.Parse(time.DateOnly, v); err == nil {
			return day.Format(words{English: "2 January 2006", Chinese: "2006年1月2日"}.in(l))
		}
		return v
	})
}

// titleOf and bodyOf render a message.
func titleOf(template string, l Language, params map[string]string) string {
	return render(texts().Templates[template].Title.in(l), l, params)
}

func bodyOf(template string, l Language, params map[string]string) string {
	return render(texts().Templates[template].Body.in(l), l, params)
}
