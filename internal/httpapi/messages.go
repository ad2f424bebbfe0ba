package httpapi

import (
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/redproperty/redproperty/internal/fault"
)

//go:embed messages/*.yaml
var messageFiles embed.FS

// lang is a language of messages.
type lang int

const (
	chinese lang = iota // the default: its users are residents and staff in China
	english
)

// message is the text of a code in each language; {name} stands for a parameter.
type message struct {
	English string `yaml:"en"`
	Chinese string `yaml:"zh"`
}

// catalogue is every text that a client may be shown, by code.
type catalogue map[string]message

func loadCatalogue() (catalogue, error) {
	files, err := fs.Glob(messageFiles, "messages/*.yaml")
	if err != nil {
		return nil, err
	}
	all := catalogue{}
	for _, name := range files {
		if err := all.add(name); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return all, nil
}

func (c catalogue) add(name string) error {
	body, err := messageFiles.ReadFile(name)
	if err != nil {
		return err
	}
	part := catalogue{}
	if err := yaml.UnmarshalWithOptions(body, &part, yaml.Strict()); err != nil {
		return err
	}
	for code, m := range part {
		if m.English == "" || m.Chinese == "" {
			return fmt.Errorf("%s lacks a language", code)
		}
		if _, twice := c[code]; twice {
			return fmt.Errorf("%s is defined twice", code)
		}
		c[code] = m
	}
	return nil
}

// text renders a code. A code without a text shows as itself; a test keeps that from happening.
func (c catalogue) text(l lang, code string, params fault.Params) string {
	m, ok := c[code]
	if !ok {
		return code
	}
	s := m.Chinese
	if l == english {
		s = m.English
	}
	for name, v := range params {
		if fen, ok := v.(int64); ok && (name == "fen" || strings.HasSuffix(name, "Fen")) {
			v = yuan(fen)
		}
		s = strings.ReplaceAll(s, "{"+name+"}", c.value(l, code, v))
	}
	return s
}

// yuan writes an amount as the pages do in both languages, to the fen: ¥60,000.01.
func yuan(fen int64) string {
	sign := ""
	if fen < 0 {
		sign, fen = "-", -fen
	}
	whole := strconv.FormatInt(fen/100, 10)
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return fmt.Sprintf("%s¥%s.%02d", sign, whole, fen%100)
}

// value renders a parameter of a code: lists are joined, codes that have a text of their own are named by it. What means different things of
// different objects, as a state, has its text below the code that it is a parameter of.
func (c catalogue) value(l lang, code string, v any) string {
	if list, ok := v.([]string); ok {
		parts := make([]string, len(list))
		for i, s := range list {
			parts[i] = c.value(l, code, s)
		}
		if l == english {
			return strings.Join(parts, ", ")
		}
		return strings.Join(parts, "、")
	}
	s := fmt.Sprint(v)
	m, ok := c["word."+code+"."+s]
	if !ok {
		m, ok = c["word."+s]
	}
	switch {
	case !ok:
		return s
	case l == english:
		return m.English
	}
	return m.Chinese
}

// language picks from Accept-Language: English only when it is named before Chinese.
func language(header string) lang {
	for part := range strings.SplitSeq(strings.ToLower(header), ",") {
		tag := strings.TrimSpace(part)
		switch {
		case strings.HasPrefix(tag, "en"):
			return english
		case strings.HasPrefix(tag, "zh"):
			return chinese
		}
	}
	return chinese
}
