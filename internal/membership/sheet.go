package membership

import (
	"html/template"
	"io"
	"strings"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/qrcode"
)

// Link is what the slip's QR code holds: the address with the code behind a '#', which browsers keep to
// themselves, so that no server log on the way has it; or the code alone without an address.
func (s Sheet) Link(c Slip) string {
	if s.Address == "" {
		return SpellCode(c.Code)
	}
	return strings.TrimSuffix(s.Address, "/") + "/join#" + c.Code
}

// WriteHTML writes the sheet as one page without any outside part, ready to print on A4, cut and
// deliver: each slip stays whole at a page's end.
func (s Sheet) WriteHTML(w io.Writer) error {
	view := sheetView{Estate: s.Estate, Expires: clock.DateOf(s.Expires.Time()), Address: s.Address}
	for _, c := range s.Slips {
		square, err := qrcode.Draw(s.Link(c))
		if err != nil {
			return err
		}
		view.Slips = append(view.Slips, slipView{Block: c.Block, Number: c.Number, Code: SpellCode(c.Code), QR: square})
	}
	return sheetPage.Execute(w, view)
}

type sheetView struct {
	Estate  string
	Expires clock.Date
	Address string
	Slips   []slipView
}

type slipView struct {
	Block, Number, Code string
	QR                  qrcode.Square
}

var sheetPage = template.Must(template.New("sheet").Parse(`<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>{{.Estate}} 入户验证码</title>
<style>
@page { size: A4; margin: 12mm }
body { font: 11pt/1.5 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 0; color: #000 }
main { display: grid; grid-template-columns: 1fr 1fr; gap: 0 }
section { border: 1px dashed #777; padding: 5mm; display: flex; gap: 4mm; break-inside: avoid }
svg { width: 34mm; height: 34mm; flex: none }
h2 { font-size: 12pt; margin: 0 }
p { margin: 1mm 0; font-size: 9pt }
code { font: bold 12pt/1.6 "DejaVu Sans Mono", Consolas, monospace; white-space: nowrap }
</style>
</head>
<body>
<main>
{{range .Slips}}<section>
<svg viewBox="{{.QR.View}}" role="img" aria-label="QR"><path d="{{.QR.Path}}"/></svg>
<div>
<h2>{{$.Estate}} {{.Block}} {{.Number}}</h2>
<code>{{.Code}}</code>
<p>扫码或在平台输入以上入户验证码，即可加入本户。仅可使用一次，{{$.Expires}} 前有效。{{if $.Address}}<br>{{$.Address}}{{end}}</p>
<p>本码由社区发放。请勿转交他人；物业公司、业主委员会无权索要。</p>
<p lang="en">Scan or enter this code to join your household. It works once, until {{$.Expires}}. Issued by the community; nobody else may ask for it.</p>
</div>
</section>
{{end}}</main>
</body>
</html>
`))
